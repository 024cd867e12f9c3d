"""Every kind of broken input ends in the right way: nothing is lost, nothing is half published, and it is named.

Each case breaks a good world in one way and runs the whole night over it, in this process, with the real suites and
detectors. docs/broken-input.md holds the table of the cases; a test here keeps it true.
"""

import json
import shutil
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from tests import broken_worlds as broken
from tests.broken_cases import (
    BLIND,
    DAY_MISSING,
    DAYS,
    FILES,
    QUARANTINED,
    ROW,
    ROWS,
    STOPPED,
    STOPS,
    Case,
    Together,
    table,
)  # fmt: skip
from tests.broken_worlds import transactions
from tests.conftest import Command
from tests.intake_worlds import DAY_BEFORE, RUN_DATE

from mirrorwatch import night

DOCS = Path(__file__).parents[1] / "docs" / "broken-input.md"
NIGHT = ("--lookback-days", broken.LOOKBACK_DAYS)


@dataclass(frozen=True)
class Good:
    """The good world, and an output folder in which the night before was published from it."""

    data: Path
    out: Path


@dataclass(frozen=True)
class Ended:
    """What one night over a broken copy of the good world left."""

    data: Path
    out: Path
    code: int
    said: str

    def table(self, name: str) -> pl.DataFrame:
        """Read one table of the night, published or not."""
        failed = self.out / "failed" / f"run_date={RUN_DATE}" / name
        published = self.out / name / f"run_date={RUN_DATE}"
        return pl.read_parquet(sorted((failed if self.code else published).glob("*.parquet")))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Good:
    folder = tmp_path_factory.mktemp("good")
    world = Good(broken.write(folder / "data"), folder / "out")
    night.run_night(night.plan(str(world.data), str(world.out), DAY_BEFORE, lookback_days=broken.LOOKBACK_DAYS))
    return world


@pytest.fixture
def ended(request: pytest.FixtureRequest, good: Good, tmp_path: Path, command: Command) -> Ended:
    """Break the world, run the night, and hold to what is true however it ends."""
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(good.data, data)
    shutil.copytree(good.out, out, symlinks=True)
    request.param.harm(data)
    code, _, said = command("run", "--data", data, "--out", out, "--date", RUN_DATE, *NIGHT)
    result = Ended(data, out, code, said)
    before, after = contents(good.out), contents(out)
    assert [path for path in before if str(DAY_BEFORE) in path and after.get(path) != before[path]] == []
    return result


def contents(out: Path) -> dict[str, str]:
    """Hash every file that a reader of the output finds, by path; links by what they name."""
    current = (out / ".published" / "current").resolve()
    links = {path.name: str(path.readlink()) for path in out.iterdir() if path.is_symlink()}
    files = [path for path in current.rglob("*") if path.is_file()]
    return links | {str(path.relative_to(current)): sha256(path.read_bytes()).hexdigest() for path in files}


def rows_on_disk(data: Path) -> int:
    """Count the transactions of the window, file by file, without mirrorwatch."""
    return sum(
        pq.read_metadata(path).num_rows
        for day in DAYS
        for path in (data / "transactions" / f"booking_date={day}").glob("*.parquet")
    )


def assert_nothing_is_lost(ended: Ended) -> None:
    ledger, quarantine = ended.table("completeness"), ended.table("quarantine").filter(dataset="transactions")
    assert ledger["row_count"].sum() == rows_on_disk(ended.data)
    assert ledger.filter(outcome="rejected")["row_count"].sum() == quarantine.height
    assert quarantine.select("source_file", "source_row").is_unique().all()


broken_by = partial(pytest.mark.parametrize, "ended", indirect=True, ids=str)


@broken_by(STOPS)
def test_what_stops_the_night_is_named_and_nothing_is_published(
    ended: Ended, request: pytest.FixtureRequest, good: Good
) -> None:
    case: Case = request.node.callspec.params["ended"]
    assert ended.code == 3
    assert [words for words in (*case.says, "Remedy: ") if words not in ended.said] == []
    assert contents(ended.out) == contents(good.out)
    failed = ended.out / "failed" / f"run_date={RUN_DATE}"
    assert case.says[0] in (failed / "report" / "index.html").read_text(encoding="utf-8")
    if case in STOPPED:
        assert_nothing_is_lost(ended)
    else:
        assert ended.table("quality").select("expectation", "success").rows() == [("input_can_be_read", False)]


@broken_by([ROWS, FILES, DAY_MISSING])
def test_what_does_not_stop_the_night_is_counted_and_the_night_published(
    ended: Ended, request: pytest.FixtureRequest
) -> None:
    together: Together = request.node.callspec.params["ended"]
    assert ended.code == 0, ended.said
    manifest = json.loads((ended.out / "manifests" / f"{RUN_DATE}.json").read_text(encoding="utf-8"))
    assert f"data_docs/run_date={RUN_DATE}/index.html" in {output["path"] for output in manifest["outputs"]}
    above = (ended.out / "data_docs" / "index.html").read_text(encoding="utf-8")
    assert [day for day in (RUN_DATE, DAY_BEFORE) if f"run_date={day}/index.html" not in above] == []
    assert not (ended.out / "failed").exists()
    assert_nothing_is_lost(ended)
    rows = ended.table("quarantine").select("source_file", "source_row", pl.col("reasons").list.eval(_code()))
    cases = QUARANTINED if together is ROWS else ()
    assert sorted(rows.rows()) == sorted(
        (transactions(day), ROW, list(case.says)) for day, case in zip(DAYS, cases, strict=False)
    )
    told = ended.table("blindness").select(pl.format("{}: {}", "indicator", "why")).to_series().str.join(" ").item()
    for case in set(together.cases) - set(QUARANTINED):
        said = told if case in BLIND else ended.said
        assert [words for words in case.says if words not in said] == []


def _code() -> pl.Expr:
    return pl.element().str.split(":").list.first()


def test_the_good_world_is_good(good: Good, tmp_path: Path, command: Command) -> None:
    code, _, said = command("run", "--data", good.data, "--out", tmp_path / "out", "--date", RUN_DATE, *NIGHT)
    assert code == 0
    assert "ask the source" not in said


def test_the_docs_list_every_case() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), f"docs/broken-input.md is to hold:\n{table()}"
