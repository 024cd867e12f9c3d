"""Blindness in sentences: what is wrong with which share of the data, and what a detector cannot judge for that."""

from collections.abc import Sequence
from datetime import date

from mirrorwatch.intake.exposure import Exposure, Measured
from mirrorwatch.intake.summary import DatasetSummary

_NAMED = 5  # days or reasons spelt out before a list is cut short
_SMALLEST_SHARE = 0.05  # percent: what would read 0.0 % is there all the same
_LARGE = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def needed(measured: Measured, absent_columns: Sequence[str]) -> str:
    """Say what a detector cannot judge because of a gap, of how many accounts and dollars."""
    gap = measured.gap
    blinded = f"{gap.detector} cannot judge {gap.indicator} of {_concerned(measured)}"
    return f"{_subject(measured, absent_columns)}: {blinded}; {gap.why}."


def of_everyone(measured: Measured) -> str:
    """Say what is wrong with a part of the data that every detector draws on."""
    return f"{_share(measured)} {measured.gap.why}."


def absent(dataset: str, detector: str, indicator: str, why: str, whole: Exposure) -> str:
    """Say what a detector cannot judge because the source does not give a dataset."""
    return (
        f"{dataset} is absent: {detector} cannot judge {indicator} of any of {whole.accounts:,} accounts, on "
        f"bookings of {usd(whole.usd_minor)}; {why}."
    )


def listed(dataset: str, column: str, found: int, whole: int, tail: str) -> str:
    """Say how many rows of a dataset that is about no account lack a column."""
    return f"{dataset}.{column} is missing on {percent(found, whole)} of its rows ({found:,} of {whole:,}): {tail}."


def rejected(rows: DatasetSummary, what: str = "rows") -> str:
    """Say how many rows were rejected, of how many, and under which reasons most of them."""
    most = sorted(rows.rejected_by_reason.items(), key=lambda told: (-told[1], told[0]))
    named = ", ".join(f"{code} {count:,}" for code, count in most[:_NAMED])
    more = ", …" if len(most) > _NAMED else ""
    share = percent(rows.rows_rejected, rows.rows_read)
    return f"{rows.rows_rejected:,} of {rows.rows_read:,} {what} ({share}; {named}{more})"


def days(missing: Sequence[date]) -> str:
    """Spell out the first few days."""
    named = ", ".join(day.isoformat() for day in missing[:_NAMED])
    return named if len(missing) <= _NAMED else f"{named}, … to {missing[-1].isoformat()}"


def usd(minor: int) -> str:
    """Write US cents as a sentence wants them: `USD 88.0 million`, `USD 812,400`."""
    for size, word in _LARGE:
        if minor >= size * 100:
            return f"USD {minor / (size * 100):.1f} {word}"
    return f"USD {minor / 100:,.0f}"


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal; what is not nothing never reads 0.0 %."""
    share = 100 * part / whole if whole else 0.0
    return f"{share:.1f} %" if share >= _SMALLEST_SHARE or not part else "less than 0.1 %"


def _subject(measured: Measured, absent_columns: Sequence[str]) -> str:
    gap, within = measured.gap, _within(measured)
    if gap.no_owner:
        return f"No owner is on file for {_percent(measured)} of {within}"
    named = f"{gap.dataset}.{gap.column}" if gap.column else gap.dataset
    if gap.column in absent_columns and _part(measured) == _whole(measured):
        return f"{named} is not in the source"
    return f"{named} {gap.state} {_percent(measured)} of {within}"


def _concerned(measured: Measured) -> str:
    found = measured.found
    if _counts_bookings(measured):
        return f"{_of(measured)} bookings, {usd(found.usd_minor)} on {found.accounts:,} accounts"
    return f"{_of(measured)} accounts, on bookings of {usd(found.usd_minor)}"


def _share(measured: Measured) -> str:
    return f"{_of(measured)} {_within(measured)} ({_percent(measured)})"


def _within(measured: Measured) -> str:
    if measured.gap.scope:
        return measured.gap.scope.words
    return "bookings" if _counts_bookings(measured) else "accounts in use"


def _of(measured: Measured) -> str:
    return f"{_part(measured):,} of {_whole(measured):,}"


def _percent(measured: Measured) -> str:
    return percent(_part(measured), _whole(measured))


def _part(measured: Measured) -> int:
    return measured.found.rows if _counts_bookings(measured) else measured.found.accounts


def _whole(measured: Measured) -> int:
    return measured.whole.rows if _counts_bookings(measured) else measured.whole.accounts


def _counts_bookings(measured: Measured) -> bool:
    return measured.gap.dataset == "transactions"
