"""A gap in the data: which rows of which dataset it concerns, whom it blinds, and of what it is a part."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from mirrorwatch.intake.summary import StageSummary

EVERY_DETECTOR = "all"

# Where a null means "does not apply" rather than "not known": a detector's need is counted only where the column
# applies. Channels of a booking, or the type of a party.
APPLIES_TO_CHANNELS = {
    "branch_id": ("cash_deposit", "cash_withdrawal"),
    "branch_region": ("cash_deposit", "cash_withdrawal"),
    "conductor_party_id": ("cash_deposit", "cash_withdrawal"),
    "merchant_category": ("card",),
}
APPLIES_TO_PARTIES = {"employees": "organisation", "industry_code": "organisation", "occupation": "person"}
# Indicators of the two gaps that no row tells by itself: it is the other file that lacks one.
ORPHANS, WITHOUT_PARTY = "orphan_accounts", "accounts_without_party"
# The state of accounts and parties that only a rejected row names.
REJECTED_ROWS = "stand in rejected rows"


@dataclass(frozen=True)
class Gap:
    """Rows whose lack of something blinds a detector's indicator, and why that matters.

    They are the rows of `dataset` where `rows` holds (without it, where `column` is null and applies), and the accounts
    or parties of `marked`, a frame with one column, account_id or party_id. `state` says what is wrong with them.
    """

    detector: str
    indicator: str
    dataset: str
    column: str
    why: str
    rows: pl.Expr | None = None
    marked: pl.LazyFrame | None = None
    state: str = "is missing on"

    @property
    def condition(self) -> pl.Expr:
        """True for the dataset's rows that the gap concerns."""
        if self.rows is not None:
            return self.rows.fill_null(value=False)
        if self.marked is not None or not self.column:
            return pl.lit(value=False)
        null = pl.col(self.column).is_null()
        scope = self.scope
        return null if scope is None else null & scope.rows.fill_null(value=False)

    @property
    def marks(self) -> tuple[object, ...]:
        """What tells the gap's rows from another gap's: two that are equal here concern the same."""
        of_files = self.indicator if self.indicator in {ORPHANS, WITHOUT_PARTY} or not self.detector else ""
        rows = None if self.rows is None or not self.detector else id(self.rows)
        return self.dataset, self.column, self.state, of_files, rows, None if self.marked is None else id(self.marked)

    @property
    def scope(self) -> "Scope | None":
        """What the gap is counted within, when that is not everything."""
        if self.dataset == "transactions" and self.column in APPLIES_TO_CHANNELS:
            channels = APPLIES_TO_CHANNELS[self.column]
            return Scope("transactions", f"{' and '.join(channels)} bookings", pl.col("channel").is_in(channels))
        if self.dataset == "parties" and self.column in APPLIES_TO_PARTIES:
            return _of_parties(APPLIES_TO_PARTIES[self.column])
        if self.dataset in {"accounts", "parties"} and self.column:
            return Scope(self.dataset, "accounts in use and on file", pl.lit(value=True))
        return _of_parties("organisation") if self.no_owner else None

    @property
    def no_owner(self) -> bool:
        """Whether the gap is that organisations have no owner on file at all."""
        return self.dataset == "ownership" and not self.column and self.marked is None


@dataclass(frozen=True)
class Scope:
    """The part of the bookings, or of the accounts in use, to which a column applies."""

    dataset: str
    words: str
    rows: pl.Expr

    @property
    def gap(self) -> Gap:
        """The whole scope as if it were a gap, so that it is counted in the same pass."""
        return Gap("", self.words, self.dataset, "", "", rows=self.rows)


def _of_parties(kind: str) -> Scope:
    return Scope("parties", f"{kind}s' accounts in use", pl.col("party_type") == kind)


Row = tuple[str, str, str, int | None, int | None]  # BLINDNESS, with the amount in US cents


@dataclass(frozen=True)
class Night:
    """The staged frames by dataset, the completeness ledger, and the intake's numbers.

    `as_read` holds the rows of each dataset but transactions as they were read, rejected ones too.
    """

    frames: Mapping[str, pl.LazyFrame]
    ledger: pl.DataFrame
    summary: StageSummary
    as_read: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
