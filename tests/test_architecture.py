"""The rules of the house that no type checker knows: who may import whom, and what each module says of itself."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.builds import forbidding, jsna

PROJECT = Path(__file__).parents[1]
PACKAGES = ("jsna_pipeline", "assets", "report_templates", "seeds")
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}
# Modules whose distribution is not called like them, or is a hard dependency of a declared one:
# Dagster's own storage speaks UPath, and Jinja's autoescape is MarkupSafe.
MODULES = {"pyyaml": "yaml", "markdown-it-py": "markdown_it"}
CARRIED = {"upath", "markupsafe", "pydantic_core"}


def modules(*packages: str) -> dict[str, ast.Module]:
    """Each module of `packages`, parsed, by its path in the project."""
    paths = [path for package in packages for path in sorted((PROJECT / package).rglob("*.py"))]
    return {path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Each package that `tree` imports, and whether only when a function runs."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lazy = {node for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node in lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which package a module belongs to"
            yield str(node.module).split(".")[0], node in lazy


def test_imports_go_one_way() -> None:
    """Only `assets` knows Dagster; only the command line knows `assets`, and only while a command runs."""
    for path, tree in modules("jsna_pipeline", "seeds", "report_templates").items():
        for package, lazily in imports(tree):
            assert not package.startswith("dagster"), path
            assert package != "tests", path
            assert package != "assets" or (path == "jsna_pipeline/cli.py" and lazily), path


def test_what_is_imported_is_declared() -> None:
    """A module that leans on another package's dependency breaks when that package drops it."""
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {text.split(">")[0].strip() for text in declared}
    known = {MODULES.get(name, name.replace("-", "_")) for name in names} | CARRIED | sys.stdlib_module_names
    for path, tree in modules("jsna_pipeline", "assets", "seeds").items():
        assert {package for package, _ in imports(tree)} <= known | set(PACKAGES), path


def test_dagster_can_resolve_the_annotations_of_assets() -> None:
    """Postponed annotations make Dagster fail on contexts, Config and resources."""
    assert not [path for path, tree in modules("assets").items() if ("__future__", False) in imports(tree)]


def test_every_module_says_what_belongs_in_it_and_what_does_not() -> None:
    for path, tree in modules(*PACKAGES, "tests").items():
        docstring = " ".join((ast.get_docstring(tree) or "").split())
        assert len(docstring) > 20, path
        assert not VAGUE & set(Path(path).with_suffix("").parts), path
        if path.startswith(("jsna_pipeline", "assets")) and not path.endswith("__init__.py"):
            assert "Not here" in docstring or "Does not belong here" in docstring, path


def test_no_note_to_self_and_no_path_of_one_machine() -> None:
    words = ("TODO", "FIXME", "XXX", "/work/", "/home/")
    for path in modules(*PACKAGES):
        text = (PROJECT / path).read_text("utf-8")
        assert not [word for word in words if word in text], path


def test_listing_areas_waits_for_neither_dagster_nor_pandas_checks(tmp_path: Path) -> None:
    guard = forbidding(tmp_path / "guard", "dagster", "assets", "weasyprint", "pandera", "pandas")
    run = jsna(tmp_path, "areas", "wigan", **guard)
    assert run.returncode == 0, run.stderr
    assert "E08000010" in run.stdout
    refused = jsna(tmp_path, "home", **guard)
    assert refused.returncode != 0 and "must not be imported here" in refused.stderr, "the guard guards nothing"
