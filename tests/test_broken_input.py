"""Every kind of broken input ends in the right way: nothing is lost, nothing is half published, and it is named.

Each case breaks a good world in one way and runs the whole night over it, in this process, with the real suites and
detectors. docs/broken-input.md holds the table of the cases; a test here keeps it true.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from tests import broken_worlds as broken
from tests.broken_worlds import ACCOUNTS, FILE, FILE_AGAIN, FX_RATES, Harm, transactions
from tests.conftest import Command
from tests.intake_worlds import DAY_BEFORE, RUN_DATE

from mirrorwatch import night

DOCS = Path(__file__).parents[1] / "docs" / "broken-input.md"
NIGHT = ("--lookback-days", broken.LOOKBACK_DAYS)
DAYS = [RUN_DATE - timedelta(days=back) for back in range(broken.LOOKBACK_DAYS)]


@dataclass(frozen=True)
class Case:
    """One way to break the world: what it is, how it ends, and what of that a person is told."""

    what: str
    harm: Harm
    says: tuple[str, ...]  # all of it stands in the message or log (stopped, warned), or is the reason (quarantined)
    names: str = ""  # what the message names, where the words that it holds do not tell

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Together:
    """Cases that one night shows."""

    name: str
    cases: tuple[Case, ...]

    def harm(self, data: Path) -> None:
        """Break the world in all of these ways."""
        for case in self.cases:
            case.harm(data)

    def __str__(self) -> str:
        return self.name


ROW = 3  # any row but the first will do
UNREADABLE = (
    Case("truncated file", broken.truncated, (FILE, "cut off", "Deliver the file again")),
    Case("damaged page inside a file", broken.damaged_page, (FILE, "Column transaction_id", "from row 0 on")),
    Case("empty file", broken.overwritten(b""), (FILE, "is empty", "Deliver the file again")),
    Case("other format under a Parquet name", broken.overwritten(b"id;amount\n1;2\n"), (FILE, "begins with 'id;a'")),
    Case("other format, or an upload that has not ended", broken.moved(FILE, f"{FILE}.filepart"),
         (f"{FILE}.filepart", "would not be read", "Wait until")),
    Case("text that is not UTF-8", broken.latin_1, (f"{FILE}, row 7", "Column purpose", "UTF-8", "deliver the file")),
    Case("encrypted file", broken.encrypted(footer=True), (FILE, "encrypted", "Deliver it unencrypted")),
    Case("encrypted columns", broken.encrypted(footer=False), (FILE, "Column transaction_id", "Deliver it unencry")),
    Case("folder in place of a file", broken.folder_in_place, (FILE, "A folder stands", "one level up")),
    Case("pipe in place of a file", broken.pipe_in_place, (FILE, "A pipe or device", "Deliver a file")),
    Case("link to nothing", broken.link_to_nothing, ("part-1.parquet", "leads nowhere", "remove the link")),
    Case("column of a type that cannot be taken", broken.column("amount", pl.lit(value=True)),
         (FILE, "Column amount", "Boolean", "Write it as an integer")),
    Case("renamed column that is never null", broken.changed(FILE, lambda rows: rows.rename({"amount": "Amuont"})),
         (FILE, "Column amount", "is it Amuont?", "map it in a mapping file")),
    Case("mixed schemas, one file without a column that it must have",
         broken.changed(transactions(DAY_BEFORE), lambda rows: rows.drop("channel")),
         (transactions(DAY_BEFORE), "Column channel", "Deliver it, or map it")),
    Case("partition that names no date", broken.moved(FILE, "transactions/booking_date=2026-02-30/part-0.parquet"),
         ("booking_date=2026-02-30/part-0.parquet", "does not name a date", "YYYY-MM-DD")),
    Case("file outside every partition", broken.moved(FILE, "transactions/part-0.parquet"),
         ("transactions/part-0.parquet", "would not be read", "Move them to")),
    Case("needed dataset that is missing", broken.removed(FX_RATES), ("fx_rates/*.parquet", "which the night needs")),
)  # fmt: skip
STOPPED = (
    Case("file delivered twice", broken.copied(FILE, FILE_AGAIN), (f"{FILE_AGAIN} is byte for byte {FILE}",)),
    Case("accounts delivered twice", broken.copied(ACCOUNTS, "accounts/part-1.parquet"),
         (f"accounts/part-1.parquet is byte for byte {ACCOUNTS}", "the first is row 0 of accounts/part-1.parquet")),
    Case("file in the partition of another day", broken.a_day_late,
         (f"the first is row 0 of {FILE}", "booked_at_off_partition"), "file, row, `booked_at_off_partition`"),
    Case("run date that is missing", broken.removed(FILE),
         (f"There is no file in transactions/booking_date={RUN_DATE}/",), "folder"),
    Case("run date with zero rows", broken.changed(FILE, lambda rows: rows.clear()), (f"{FILE} has no row",)),
    Case("needed dataset with zero rows", broken.changed(ACCOUNTS, lambda rows: rows.clear()),
         (f"{ACCOUNTS} has no row",)),
    Case("10 % of rows rejected", broken.one_in_ten,
         ("288 of the 2880", "amount_not_positive", f"the first is row 0 of {transactions(DAYS[-1])}"),
         "file, row, `amount_not_positive`"),
)  # fmt: skip
# Each in the file of another day, so that one night tells them all apart.
ROW_HARMS: tuple[tuple[str, Callable[[str], Harm], str], ...] = (
    ("value of the wrong type", partial(broken.text, "amount", "12,5o", ROW), "amount_unreadable"),
    ("text that a table of amounts would run as a formula", partial(broken.text, "amount", "=1+1", ROW),
     "amount_unreadable"),
    ("NaN", partial(broken.value, "amount", pl.lit(float("nan")), ROW), "amount_not_finite"),
    ("negative amount", partial(broken.value, "amount", pl.lit(-5), ROW), "amount_not_positive"),
    ("date in the future", partial(broken.value, "booked_at", pl.col("booked_at") + timedelta(days=400), ROW),
     "booked_at_off_partition"),
    ("unknown currency", partial(broken.value, "currency", pl.lit("ZZZ"), ROW), "currency_unknown"),
    ("duplicate id", partial(broken.value, "transaction_id", pl.col("transaction_id").first(), ROW),
     "duplicate_transaction_id"),
)  # fmt: skip
QUARANTINED = tuple(
    Case(what, harm(transactions(day)), (code,)) for day, (what, harm, code) in zip(DAYS, ROW_HARMS, strict=False)
)
WARNED = (
    Case("control total off by one row", broken.last_row_lost,
         (f"control_totals: of {RUN_DATE} in MXN, 120 rows", "119 of"), "day, currency"),
    Case("renamed column that may be null", broken.changed(FILE, lambda rows: rows.rename({"purpose": "remittance"})),
         ("purpose", "nobody reads remittance", "map it if renamed"), "both columns"),
)  # fmt: skip
BLIND = (
    Case("account that is on no file", broken.value("beneficiary_account_id", pl.lit("GHOST"), ROW, FILE),
         ("orphan_accounts", "1 of 3 accounts")),
    Case("day inside the window that is missing", broken.day_missing, ("missing_days", str(DAY_BEFORE))),
)  # fmt: skip
TAKEN = (
    Case("mixed schemas that convert without loss", broken.mixed, (), "–"),
    Case("partition after the run date", broken.tomorrow, (), "–"),
)
ENDS = {
    "stopped before any row is judged": UNREADABLE,
    "stopped at the gate": STOPPED,
    "row quarantined and counted": QUARANTINED,
    "warned, night published": WARNED,
    "stated under blindness, night published": BLIND,
    "taken, night published": TAKEN,
}
STOPS = (*UNREADABLE, *STOPPED)
# What does not stop a night can be there all at once. A missing day leaves no control totals to be off.
ROWS = Together("rows", (Case("no control totals", broken.removed(broken.CONTROL_TOTALS), ()), *QUARANTINED))
FILES = Together("files", (*WARNED, *BLIND[:1], *TAKEN))
DAY_MISSING = Together("day", BLIND[1:])


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
    head = "| what is broken | what names it | what happens |\n| --- | --- | --- |\n"
    table = head + "".join(f"| {case} | {_named(case)} | {end} |\n" for end, cases in ENDS.items() for case in cases)
    assert table in DOCS.read_text(encoding="utf-8"), f"docs/broken-input.md is to hold:\n{table}"


def _named(case: Case) -> str:
    if case in QUARANTINED:
        return f"file, row, `{case.says[0]}`"
    if case in BLIND:
        return f"`{case.says[0]}`"
    signs = {"file": ".parquet", "column": "olumn ", "row": "row "}
    held = [name for name, sign in signs.items() if any(sign in words for words in case.says)]
    return case.names or ", ".join(held)
