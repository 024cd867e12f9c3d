"""Every row received, followed to where it ended: monitored, rejected with a reason, or not applicable. It adds up."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from mirrorwatch.report.wording import count, sentence

OUTCOMES = ("monitored", "rejected", "not_applicable")


@dataclass(frozen=True)
class Step:
    """One line of the bridge from received to monitored; `share` is of all rows, 0 to 1."""

    label: str
    rows: int
    share: float
    kind: str


@dataclass(frozen=True)
class CurrencyLine:
    """Rows and amounts of one currency by outcome."""

    currency: str
    received: int
    monitored: int
    rejected: int
    not_applicable: int
    monitored_amount: str
    other_amount: str


@dataclass(frozen=True)
class DayColumn:
    """Rows received for one booking date, and how many of them are not monitored."""

    on: date
    received: int
    other: int


@dataclass(frozen=True)
class Completeness:
    """The night's completeness; `difference` is rows read that the table does not account for (0 is right)."""

    received: int
    monitored: int
    rejected: int
    not_applicable: int
    difference: int
    steps: tuple[Step, ...]
    currencies: tuple[CurrencyLine, ...]
    days: tuple[DayColumn, ...]
    empty_days: tuple[date, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every row read ended in exactly one place."""
        return self.difference == 0


def read_completeness(table: pl.DataFrame, rows_read: int, first: date, last: date) -> Completeness:
    """Fold the completeness table (contract.COMPLETENESS) for one page; `first` to `last` is the night's window."""
    sums = dict(table.group_by("outcome").agg(pl.col("row_count").sum()).iter_rows())
    total = sum(sums.values())
    booked = _days(table)
    window = [first + timedelta(days=offset) for offset in range((last - first).days + 1)] if booked else []
    days = tuple(booked.get(on, DayColumn(on, 0, 0)) for on in sorted({*booked, *window}))
    monitored, rejected, not_applicable = (sums.get(outcome, 0) for outcome in OUTCOMES)
    return Completeness(
        received=total,
        monitored=monitored,
        rejected=rejected,
        not_applicable=not_applicable,
        difference=rows_read - total,
        steps=_steps(table, total, sums),
        currencies=_currencies(table),
        days=days,
        empty_days=tuple(on for on in window if on not in booked),
    )


def _steps(table: pl.DataFrame, total: int, sums: dict[str, int]) -> tuple[Step, ...]:
    reasons = (
        table.filter(pl.col("outcome") != "monitored")
        .group_by("outcome", "reason")
        .agg(pl.col("row_count").sum())
        .sort("outcome", "row_count", "reason", descending=[True, True, False])
    )
    lost = [
        Step(f"{sentence(outcome)}: {reason or 'no reason given'}", rows, _share(rows, total), outcome)
        for outcome, reason, rows in reasons.iter_rows()
    ]
    monitored = sums.get("monitored", 0)
    return (
        Step("Received", total, 1.0 if total else 0.0, "received"),
        *lost,
        Step("Monitored", monitored, _share(monitored, total), "monitored"),
    )


def _share(rows: int, total: int) -> float:
    return rows / total if total else 0.0


def _currencies(table: pl.DataFrame) -> tuple[CurrencyLine, ...]:
    rows = [_of(outcome, "row_count").alias(outcome) for outcome in OUTCOMES]
    lines = (
        table.group_by("currency")
        .agg(*rows, _of("monitored", "total_amount").alias("in"), pl.col("total_amount").sum().alias("all"))
        .sort("currency", nulls_last=True)
    )
    return tuple(
        CurrencyLine(currency or "unknown", m + r + n, m, r, n, *_amounts(inside, everything))
        for currency, m, r, n, inside, everything in lines.iter_rows()
    )


def _amounts(inside: Decimal | None, everything: Decimal | None) -> tuple[str, str]:
    kept, whole = inside or Decimal(0), everything or Decimal(0)
    return f"{kept:,.2f}", f"{whole - kept:,.2f}"


def _of(outcome: str, column: str) -> pl.Expr:
    return pl.col(column).filter(pl.col("outcome") == outcome).sum()


def _days(table: pl.DataFrame) -> dict[date, DayColumn]:
    lines = (
        table.drop_nulls("booking_date")
        .group_by("booking_date")
        .agg(pl.col("row_count").sum(), (pl.col("row_count").sum() - _of("monitored", "row_count")).alias("other"))
        .sort("booking_date")
    )
    return {on: DayColumn(on, received, other) for on, received, other in lines.iter_rows()}


def percent(rows: int, total: int) -> str:
    """`0.02 %`; a share too small to show is said to be so."""
    if not total or not rows:
        return "0\u00a0%"
    share = rows / total * 100
    return "under 0.01\u00a0%" if share < 0.01 else f"{share:.2f}\u00a0%"  # noqa: PLR2004 - two decimals shown


def adding_up(result: Completeness) -> str:
    """Write out the sum, as an examiner would check it."""
    parts = f"{count(result.monitored)} monitored + {count(result.rejected)} rejected"
    parts += f" + {count(result.not_applicable)} not applicable = {count(result.received)}"
    if result.adds_up:
        return f"{parts}, which is every row that was read."
    read = count(result.received + result.difference)
    return f"{parts}, but {read} rows were read: {count(abs(result.difference))} differ."
