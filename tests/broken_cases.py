"""The ways in which tests break a good world, how the night ends for each, and what the operator is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import polars as pl
from tests import broken_worlds as broken
from tests.broken_worlds import ACCOUNTS, FILE, FILE_AGAIN, FX_RATES, Harm, transactions
from tests.intake_worlds import DAY_BEFORE, RUN_DATE

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


def table() -> str:
    """Return all cases as the table that docs/broken-input.md holds."""
    head = "| what is broken | what names it | what happens |\n| --- | --- | --- |\n"
    return head + "".join(f"| {case} | {_named(case)} | {end} |\n" for end, cases in ENDS.items() for case in cases)


def _named(case: Case) -> str:
    if case in QUARANTINED:
        return f"file, row, `{case.says[0]}`"
    if case in BLIND:
        return f"`{case.says[0]}`"
    signs = {"file": ".parquet", "column": "olumn ", "row": "row "}
    held = [name for name, sign in signs.items() if any(sign in words for words in case.says)]
    return case.names or ", ".join(held)
