"""The rules of the house that no type checker knows: who may import whom, and what each module says of itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builds import JSNA, forbidding, jsna

PROJECT = Path(__file__).parents[1]
PACKAGES = ("jsna_pipeline", "assets", "report_templates", "seeds")
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}


def modules(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((PROJECT / package).rglob("*.py"))]


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def imports(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Each module that `tree` imports, and whether only when a function runs."""
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node in inside


def imported_packages(path: Path, *, when_loaded: bool = False) -> set[str]:
    found = imports(ast.parse(path.read_text("utf-8")))
    return {name.split(".")[0] for name, lazily in found if not (when_loaded and lazily)}


@pytest.mark.parametrize("path", modules("jsna_pipeline", "seeds", "report_templates"), ids=named)
def test_the_library_never_imports_dagster_and_only_the_command_line_imports_assets(path: Path) -> None:
    packages = imported_packages(path)
    assert not {name for name in packages if name.startswith("dagster")}
    if named(path) == "jsna_pipeline/cli.py":
        assert "assets" not in imported_packages(path, when_loaded=True)
    else:
        assert "assets" not in packages
    assert "tests" not in packages


def test_imports_from_outside_are_of_declared_dependencies() -> None:
    """A module that works only because another package pulls in its dependency breaks with that package."""
    import tomllib

    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    distributions = {text.split(">")[0].split("<")[0].split("=")[0].strip().lower() for text in declared}
    modules_of = {"pyyaml": "yaml", "pydantic-settings": "pydantic_settings", "python-calamine": "python_calamine"}
    # Dagster's own storage speaks UPath (universal-pathlib), so it is there wherever Dagster is.
    allowed = {modules_of.get(name, name.replace("-", "_")) for name in distributions} | {"upath", *PACKAGES}
    import sys

    for path in modules("jsna_pipeline", "assets"):
        outside = imported_packages(path) - set(sys.stdlib_module_names) - allowed
        assert not outside, f"{named(path)} imports {outside}"


@pytest.mark.parametrize("path", modules("assets"), ids=named)
def test_dagster_can_resolve_the_annotations_of_assets(path: Path) -> None:
    """Postponed annotations make Dagster fail on contexts, Config and resources."""
    assert "__future__" not in imported_packages(path)


@pytest.mark.parametrize("path", modules(*PACKAGES, "tests"), ids=named)
def test_every_module_says_what_it_is_for_and_is_named_after_it(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring and docstring[0].isupper() and len(docstring) > 20
    assert not VAGUE & {part.casefold() for part in path.relative_to(PROJECT).with_suffix("").parts}


@pytest.mark.parametrize(
    "path", [path for path in modules("jsna_pipeline", "assets") if path.name != "__init__.py"], ids=named
)
def test_every_module_of_the_code_says_what_does_not_belong_in_it(path: Path) -> None:
    assert "Not here:" in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=named)
def test_no_notes_to_self_and_no_paths_of_one_machine(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not [word for word in ("TODO", "FIXME", "XXX", "/work/", "/home/") if word in text]


def test_listing_areas_waits_for_neither_dagster_nor_weasyprint(tmp_path: Path) -> None:
    guard = forbidding(tmp_path / "guard", "dagster", "assets", "weasyprint", "pandera")
    run = jsna(tmp_path, "areas", "wigan", **guard)
    assert run.returncode == 0, run.stderr
    assert "E08000010" in run.stdout


def test_the_guard_does_stop_a_forbidden_import(tmp_path: Path) -> None:
    """Otherwise the test above would pass for the wrong reason."""
    assert JSNA.exists()
    run = jsna(tmp_path, "home", **forbidding(tmp_path / "guard", "dagster"))
    assert run.returncode != 0 and "dagster must not be imported" in run.stderr
