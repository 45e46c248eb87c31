"""Local tables of the embedded returns, two editions, against an attacker who has what is printed and nothing else.

Here: the whole way from returns to printable tables, and its attack from the public frames. Not here: the parts
(`returns/`, `local/`, `disclosure/`), invented tables, or the graph (`assets/test_local.py`).
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse import csgraph

from jsna_pipeline import geography, local_area
from jsna_pipeline.catalogue.datasets import datasets
from jsna_pipeline.catalogue.disclosure import disclosure_rules
from jsna_pipeline.catalogue.indicators import indicators
from jsna_pipeline.catalogue.local_tables import local_tables
from jsna_pipeline.core_tables import core_table
from jsna_pipeline.disclosure.log import REASONS
from jsna_pipeline.disclosure.protect import Protected, protect
from jsna_pipeline.errors import BuildError
from jsna_pipeline.indicator_engine import observations
from jsna_pipeline.returns.store import RecordStore
from jsna_pipeline.safe_tables import parquet_bytes
from jsna_pipeline.sources.folder import LandingFolder
from jsna_pipeline.vocabulary import TOTAL
from tests.builds import environment

WIGAN = geography.local_authority("Wigan")
SEEDS = Path(str(files("seeds")))
Cell = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Edition:
    """What is printed of an edition, what is kept of it in the store, and what was given to disclosure control."""

    printed: dict[str, pd.DataFrame]
    exact: pd.DataFrame
    log: pd.DataFrame
    given: tuple[Any, ...]
    refused: dict[str, int]  # rows of each record table that broke a rule

    @property
    def counts(self) -> pd.DataFrame:
        return self.printed["local_counts"]


def published_figures() -> pd.DataFrame:
    """Wigan's published figures of the indicators that local tables are held against."""
    asked = {same.indicator for table in local_tables().values() for same in table.published_as}
    records = {name: indicators()[name] for name in asked}
    sides = [side for record in records.values() for side in (record.numerator, record.denominator) if side]
    landing = LandingFolder(SEEDS, "2025")
    core = {name: core_table(datasets()[name], landing).table for name in {side.table for side in sides}}
    observed = observations(records, core, "2025")
    return observed.loc[observed["area_code"] == WIGAN.code].reset_index(drop=True)


def both_editions(root: Path) -> dict[str, Edition]:
    """2024, and 2025 with what 2024 printed as known."""
    store, published = RecordStore(root), published_figures()
    made: dict[str, Edition] = {}
    for edition in ("2024", "2025"):
        _, taken = local_area.take_in(SEEDS / "returns", edition, WIGAN, store, date(2026, 1, 1))
        tabulated = _tabulated(store, edition, published, made["2024"].counts if made else None)
        refused = {
            f"{name}_{table}": rows for name, each in taken.intakes.items() for table, rows in each.rows_refused.items()
        }
        made[edition] = replace(tabulated, refused=refused)
    return made


def _tabulated(store: RecordStore, edition: str, published: pd.DataFrame, earlier: pd.DataFrame | None) -> Edition:
    given: list[tuple[Any, ...]] = []

    def noted(*arguments: Any) -> Protected:
        given.append(arguments)
        return protect(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_area, "protect", noted)
        made = local_area.tabulate(store, edition, WIGAN, date(int(edition), 12, 31), published, earlier)
    exact, log = (
        store.scan(edition, WIGAN.slug, name).collect().to_pandas()
        for name in (local_area.EXACT_COUNTS, local_area.SUPPRESSION_LOG)
    )
    return Edition(dict(made.tables), exact, log, given[0], {})


@pytest.fixture(scope="module")
def second_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """The same in a process of its own beside this one: other pseudonyms, another order of every Python set."""
    folder = tmp_path_factory.mktemp("second-run")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.test_local_area", folder],
        cwd=Path(__file__).parents[1],
        env=environment(PYTHONHASHSEED="20251116"),
    )
    yield process, folder
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def editions(
    second_run: tuple[subprocess.Popen[bytes], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Edition]:
    return both_editions(tmp_path_factory.mktemp("records"))


# --- an attack of its own -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sums:
    """What a reader knows to add up: per sum its total (1), its parts (-1) and what is over, where that is constant.

    `parts`: number, cell, coefficient; `over`: by number, a number where it is known and NaN where it is not.
    """

    parts: pd.DataFrame
    over: pd.Series


def cells_of(counts: pd.DataFrame) -> list[Cell]:
    """Population, period and group of each row, whichever table prints it and in whichever order."""
    pairs = [counts[[f"dimension_{slot}", f"category_{slot}"]].itertuples(index=False, name=None) for slot in (1, 2, 3)]
    groups = [frozenset(pair for pair in row if pair[0] != TOTAL) for row in zip(*pairs, strict=True)]
    return list(zip(counts["population"], counts["period"], groups, strict=True))


def sums_of(exact: pd.DataFrame, nests: pd.DataFrame, relations: pd.DataFrame) -> Sums:
    """Categories under their total and narrow ones under wide ones, table by table; and groups that are the same.

    Whether categories make up their total is told to the attacker, which errs on its side.
    """
    cells = cells_of(exact)
    count = dict(zip(cells, exact["count"], strict=True))
    wider = {tuple(row[:2]): tuple(row[2:]) for row in nests.itertuples(index=False, name=None)}
    parts: dict[tuple[str, str, Cell], set[Cell]] = {}
    for table, cell in zip(exact["table_id"], cells, strict=True):
        population, period, group = cell
        for part in group:
            rest = group - {part}
            parts.setdefault((table, part[0], (population, period, rest)), set()).add(cell)
            if part in wider:
                above = (population, period, rest | {wider[part]})
                parts.setdefault((table, f"{part[0]} in {wider[part][0]}", above), set()).add(cell)
    rows, over = [], {}
    for number, ((_, _, total), inside) in enumerate(parts.items()):
        if total in count and (left := count[total] - sum(count[cell] for cell in inside)) >= 0:
            rows += [(number, total, 1.0), *((number, cell, -1.0) for cell in inside)]
            over[number] = 0.0 if left == 0 else np.nan
    same = [
        (relation, cell, coefficient)
        for relation, cell, coefficient in zip(
            relations["relation"], cells_of(relations), relations["coefficient"].astype(float), strict=True
        )
    ]
    rows += same
    for relation, cell, coefficient in same:
        over[relation] = over.get(relation, 0.0) + coefficient * count[cell]
    return Sums(pd.DataFrame(rows, columns=["number", "cell", "coefficient"]), pd.Series(over, dtype=float))


def told(*printed: pd.DataFrame) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """The least and most that each printed count, rounded or not, can stand for; of several editions together."""
    rules = disclosure_rules()
    least: dict[Cell, float] = {}
    most: dict[Cell, float] = {}
    shown = pd.concat(printed, ignore_index=True).query("status == 'ok'")
    for cell, count, rule in zip(cells_of(shown), shown["count"].astype(int), shown["rule"], strict=True):
        spread = rules[rule].round_to // 2 if count else 0
        low = max(count - spread, rules[rule].suppress_to + 1) if spread else count
        least[cell], most[cell] = max(low, least.get(cell, 0)), min(count + spread, most.get(cell, np.inf))
    return least, most


def narrowed(
    small: pd.DataFrame, sums: Sums, least: dict[Cell, float], most: dict[Cell, float]
) -> list[tuple[Cell, str]]:
    """Cell and end of the small counts that no table of numbers under the print lets be as low, or as high, as due.

    A table that shows one end of one cell often shows ends of others, which are then not asked.
    """
    known = list(dict.fromkeys([*sums.parts["cell"], *small["cell"]]))
    place = {cell: number for number, cell in enumerate(known)}
    sum_of = {number: row for row, number in enumerate(sums.over.index)}
    open_sums = np.flatnonzero(sums.over.isna())
    size = len(known) + len(open_sums)  # a further unknown for what is over and not known
    rows = np.append(sums.parts["number"].map(sum_of), open_sums)
    columns = np.append(sums.parts["cell"].map(place), len(known) + np.arange(len(open_sums)))
    values = np.append(sums.parts["coefficient"], -np.ones(len(open_sums)))
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(sums.over), size))
    lower = np.array([*(least.get(cell, 0) for cell in known), *np.zeros(len(open_sums))], dtype=float)
    upper = np.array([*(most.get(cell, np.inf) for cell in known), *np.full(len(open_sums), np.inf)], dtype=float)
    free = np.flatnonzero(upper > lower)
    right = sums.over.fillna(0).to_numpy() - matrix @ np.where(upper > lower, 0, lower)
    unknown = matrix[:, free].tocsc()
    part = csgraph.connected_components(unknown.T @ unknown, directed=False)[1]
    number = small["cell"].map(place).to_numpy(dtype=int)
    at = pd.Index(free).get_indexer(pd.Index(number))
    found = []
    for end, side in (("low", 1), ("high", -1)):
        wanted = small[end].to_numpy(dtype=float)
        shown = (at < 0) & (side * (lower[number] - wanted) <= 0)
        for asked in range(len(small)):
            if shown[asked]:
                continue
            table = np.full(len(free), np.nan)
            if at[asked] >= 0:
                inside = np.flatnonzero(part == part[at[asked]])
                own = unknown[:, inside].tocsr()
                used = np.flatnonzero(np.diff(own.indptr))
                limits = np.column_stack([lower[free][inside], upper[free][inside]])
                mine = inside == at[asked]
                limits[mine, 1 if side == -1 else 0] = wanted[asked] if side == -1 else limits[mine, 0]
                answer = linprog(side * mine, A_eq=own[used], b_eq=right[used], bounds=limits)
                table[inside] = answer.x if answer.status == 0 else np.nan
            shown |= (at >= 0) & (side * (table[at] - wanted) <= 1e-6)
            if not shown[asked]:
                found.append((small["cell"].iloc[asked], end))
    return found


def small_counts(edition: Edition) -> pd.DataFrame:
    """The small cells of an edition, with the values (low, high) that their rule wants to remain possible."""
    limits = {name: (rule.suppress_from, rule.suppress_to) for name, rule in disclosure_rules().items()}
    exact = edition.exact.assign(
        cell=cells_of(edition.exact),
        low=edition.exact["rule"].map({name: low for name, (low, _) in limits.items()}),
        high=edition.exact["rule"].map({name: high for name, (_, high) in limits.items()}),
        hidden=edition.counts["status"].eq("suppressed").to_numpy(),
    )
    small = exact.loc[exact["count"].between(exact["low"], exact["high"]) & exact["hidden"]]
    return small.drop_duplicates("cell").reset_index(drop=True)


def attacked(edition: Edition, *printed: pd.DataFrame) -> list[tuple[Cell, str]]:
    """What an attacker with `printed` finds of the small counts of `edition`, beyond what is published anyhow."""
    _, _, _, nests, _, published, _, relations = edition.given
    # Published crosses that no local table holds are cells to reason with as well.
    small, sums = small_counts(edition), sums_of(pd.concat([edition.exact, published]), nests, relations)
    known = published.assign(status="ok")
    before = set(narrowed(small, sums, *told(known)))
    return [found for found in narrowed(small, sums, *told(known, *printed)) if found not in before]


# --- the facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["2024", "2025"])
def test_from_what_is_printed_no_small_count_is_narrowed_beyond_its_rule(
    editions: dict[str, Edition], edition: str
) -> None:
    """Every small count can still be 1 and still be the largest that its rule hides, by sums set up anew here."""
    made = editions[edition]
    assert len(small_counts(made)) > 200, "too few small counts to prove anything"
    assert attacked(made, made.counts) == []


def test_what_2024_printed_makes_no_hidden_count_of_2025_narrower(editions: dict[str, Edition]) -> None:
    both = [made.counts for made in editions.values()]
    assert attacked(editions["2025"], *both) == []


def test_the_attack_sees_a_cell_that_is_printed_beside_its_total(editions: dict[str, Edition]) -> None:
    """The search is not blind: print the partners of small counts again, and it finds them."""
    made = editions["2025"]
    limits = {name: rule.suppress_to for name, rule in disclosure_rules().items()}
    small = (made.exact["count"] > 0) & (made.exact["count"] <= made.exact["rule"].map(limits))
    alone = made.counts.assign(count=made.exact["count"].mask(small), status=np.where(small, "suppressed", "ok"))
    assert len(attacked(made, alone)) > 20


def test_without_partners_the_build_stops_and_says_where_without_a_number(editions: dict[str, Edition]) -> None:
    counts, statistics, rules, nests, sensitive, known, _, _ = editions["2025"].given
    few = counts.loc[counts["table_id"] == "plans_by_age"]
    with pytest.raises(BuildError, match="plans_by_age") as caught:
        protect(few, statistics.iloc[:0], rules, nests, sensitive, known, with_secondary=False)
    words = str(caught.value).split("Disclosure control does not withstand: ")[1].split("(")
    hidden = set(few["count"].astype(str))
    assert "Nothing was published" in words[-1]
    named = words[1].replace("2024/25", "")
    assert not {word.strip(";,).:") for word in named.split()} & hidden, "a count stands in the message"


@pytest.mark.parametrize("edition", ["2024", "2025"])
def test_every_hidden_figure_stands_in_the_log_once_with_its_reason(editions: dict[str, Edition], edition: str) -> None:
    made = editions[edition]
    statistics = made.printed["local_statistics"].assign(figure=lambda frame: frame["statistic"])
    printed = pd.concat([made.counts.assign(figure="count"), statistics]).rename(columns={"table_id": "table"})
    cell = ["table", "population", "period", "figure", "rule"]
    hidden = printed.loc[printed["status"] == "suppressed"].groupby(cell).size()
    pd.testing.assert_series_equal(hidden, made.log.groupby(cell).size(), check_dtype=False)
    assert set(made.log["reason"]) <= set(REASONS) and {"primary", "secondary"} <= set(made.log["reason"])
    summary = made.printed["local_suppression"].set_index("table_id")["suppressed"]
    assert summary.sum() == len(made.log) and not made.log.columns.intersection(["count", "value"]).size


@pytest.mark.parametrize("edition", ["2024", "2025"])
def test_no_small_count_is_printed_and_the_others_are_rounded_as_their_rule_says(
    editions: dict[str, Edition], edition: str
) -> None:
    made = editions[edition]
    limit = made.exact["rule"].map({name: rule.suppress_to for name, rule in disclosure_rules().items()})
    step = made.exact["rule"].map({name: rule.round_to for name, rule in disclosure_rules().items()})
    known = made.given[5]
    published = set(zip(cells_of(known), known["count"], strict=True))
    for cell, count, exact, most, rounded in zip(
        cells_of(made.counts), made.counts["count"], made.exact["count"], limit, step, strict=True
    ):
        if pd.isna(count) or (cell, exact) in published:
            continue  # what is published is printed as published
        assert exact == 0 or exact > most, "a small count is printed"
        assert count % rounded == 0 and abs(count - exact) <= rounded // 2


def test_a_second_run_gives_identical_tables(
    editions: dict[str, Edition], second_run: tuple[subprocess.Popen[bytes], Path]
) -> None:
    process, folder = second_run
    assert process.wait() == 0
    for edition, made in editions.items():
        for name, table in {**made.printed, "log": made.log}.items():
            assert parquet_bytes(table) == (folder / f"{name}_{edition}.parquet").read_bytes(), name


def test_the_returns_agree_with_what_is_published_but_for_the_rows_that_were_refused(
    editions: dict[str, Edition],
) -> None:
    """The embedded returns hold a few faulty rows on purpose; the published figures count those children too."""
    rests_on = {"pupils_by_year_and_stage": "school_census_pupil", "requests_by_month": "sen2_request"}
    for made in editions.values():
        table = made.printed["local_agreement"]
        assert (table["agreement"] == "agrees").sum() > 40
        differing = table.loc[table["agreement"] == "differs"]
        gap = differing["published_count"] - differing["local_count"]
        assert set(differing["table_id"]) <= set(rests_on)
        # A refused request of another year is missing from no count of this one.
        refused = differing["table_id"].map(rests_on).map(made.refused)
        assert gap.between(1, refused).all() and (gap == refused)[differing["table_id"] != "requests_by_month"].all()
    assert set(editions["2025"].printed["local_agreement"]["agreement"]) == {"agrees", "differs"}


if __name__ == "__main__":
    for _edition, _made in both_editions(Path(sys.argv[1]) / "records").items():
        for _name, _table in {**_made.printed, "log": _made.log}.items():
            (Path(sys.argv[1]) / f"{_name}_{_edition}.parquet").write_bytes(parquet_bytes(_table))


# --- from January to January -------------------------------------------------------------------


def test_persons_are_followed_from_january_to_january_under_one_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most who had a plan a year ago have one now; without a lasting key nobody can be told to be the same."""

    def followed(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame, int] | None:
        store = RecordStore(folder)
        for edition in ("2024", "2025"):
            local_area.take_in(SEEDS / "returns", edition, WIGAN, store, date(2026, 1, 1))
        return local_area.persons_of_januaries(store, "2025", WIGAN, date(2025, 12, 31))

    monkeypatch.delenv("JSNA_LINKING_KEY", raising=False)
    assert followed(tmp_path / "unkeyed") is None
    monkeypatch.setenv("JSNA_LINKING_KEY", secrets.token_hex(32))
    found = followed(tmp_path / "keyed")
    assert found is not None
    before, after, january = found
    stayed = before.join(after, on="person", how="inner").height
    assert january == 2025 and before["person"].is_unique().all() and after["person"].is_unique().all()
    assert 0.85 < stayed / before.height < 0.98 and after.height > before.height
