"""What a failed expectation costs: which detector cannot judge what, of how many accounts and dollars.

What the intake has told already is not told again: null columns, rejected rows, accounts and parties on no file,
missing days and rates, bookings that never came.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.contract import BLINDNESS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake import blindness
from mirrorwatch.intake.dependants import Dependant, dependants, everyone_depends, is_mandatory
from mirrorwatch.intake.gaps import EVERY_DETECTOR, Gap, Night, Row
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.store.layout import Work
from mirrorwatch.store.staging import STAGED_SCHEMAS, staged, table
from mirrorwatch.store.writing import write_table
from mirrorwatch_suites.across import across
from mirrorwatch_suites.protection import columns_of, source_of
from mirrorwatch_suites.results import column_of, reason_of
from mirrorwatch_suites.unexpected import resolved, unexpected

# Suites of frames that two datasets make together: the columns that say whom a row is about.
_ABOUT = {
    "transactions_accounts": ("account_id", ("account_id",)),
    "ownership_parties": ("party_id", ("owned_party_id",)),
    "trade_documents_parties": ("party_id", ("exporter_party_id", "importer_party_id")),
}
_TOLD_BY_INTAKE = {
    ("transactions_accounts", "account_on_file"), ("accounts_parties", "party_on_file"),
    ("transactions_control_totals", "*"), ("transactions_parties", "*"), ("completeness_days", "rejected_fraction"),
    ("completeness_days", "rows_read"),
}  # fmt: skip
# An entry that is listed after the run date is rightly left out of the night: nobody is less seen for it.
_LEFT_OUT = {("watchlist", "listed_on")}
_NOT_NULL = "expect_column_values_to_not_be_null"


@dataclass(frozen=True)
class _Failure:
    """A failed expectation of a suite over input, its arguments resolved."""

    suite: str
    expectation: str
    severity: str
    reason: str
    observed: str
    arguments: Mapping[str, Any]

    @property
    def source(self) -> tuple[str, tuple[str, ...]]:
        """The dataset and columns that it is about."""
        return source_of(self.suite, columns_of(self.arguments))

    @property
    def subject(self) -> str:
        """What to call that in a sentence."""
        return ".".join((self.suite, *columns_of(self.arguments)[:1]))

    def condition(self) -> pl.Expr | None:
        """Return which rows fail; None where no single row does."""
        return unexpected(self.expectation, self.arguments, self._column)

    def _column(self, name: str) -> pl.Expr:
        # Staged transactions hold money in hundredths.
        return pl.col("amount_minor") / 100 if (self.suite, name) == ("transactions", "amount") else pl.col(name)


def tell_costs(work: Path, quality: pl.DataFrame, parameters: Mapping[str, Any], detectors: Sequence[Detector]) -> None:
    """Add to `work`/blindness what the failed expectations of QUALITY cost; to do it again changes nothing."""
    summary, ledger = read_summary(work), table(work, "completeness")
    night = Night({name: staged(work, name) for name in STAGED_SCHEMAS}, ledger.collect(), summary)
    made = across(night.frames, ledger, summary)
    gaps: list[Gap] = []
    rows: list[Row] = []
    for failure in _failures(quality, parameters):
        gap, blinded = _gap(failure, made), _blinded(failure, detectors)
        if gap is None:
            rows += [(one.detector, one.indicator, _whole(failure, one), None, None) for one in blinded]
        else:
            gaps += [
                replace(gap, detector=one.detector, indicator=one.indicator, why=_why(failure, one)) for one in blinded
            ]
    if gaps:
        rows += blindness.measured_rows(night, gaps)[0]
    found = blindness.table(rows)
    every = pl.concat([table(work, "blindness").collect(), found]).unique().sort("detector", "indicator", "why")
    write_table(every, Work(work).rows("blindness"), BLINDNESS)


def _failures(quality: pl.DataFrame, parameters: Mapping[str, Any]) -> Iterator[_Failure]:
    """Find the suites' own expectations again that failed, but for what the intake has told."""
    failed = {
        (suite, expectation, column, reason): observed
        for suite, expectation, column, reason, observed in quality.filter(~pl.col("success"))
        .select("dataset", "expectation", "column", "reason", "observed")
        .iter_rows()
    }
    for suite in sorted({suite for suite, *_ in failed} - {"alerts", "cases"}):
        for expectation in import_module(f"mirrorwatch_suites.{suite}").suite().expectations:
            config, meta = expectation.configuration, expectation.meta or {}
            key = (suite, config.type, column_of(config.kwargs), reason_of(meta))
            if key in failed and not _told(suite, config.type, config.kwargs, meta):
                yield _Failure(
                    suite, config.type, str(expectation.severity.value), str(meta["reason"]), failed[key] or "",
                    resolved(config.kwargs, parameters),
                )  # fmt: skip


def _told(suite: str, expectation: str, arguments: Mapping[str, Any], meta: Mapping[str, Any]) -> bool:
    column = next(iter(columns_of(arguments)), "")
    null_column = expectation == _NOT_NULL and suite in STAGED_SCHEMAS
    return (
        bool(meta.get("row_rule"))
        or null_column
        or not (_TOLD_BY_INTAKE | _LEFT_OUT).isdisjoint({(suite, column), (suite, "*")})
    )


def _blinded(failure: _Failure, detectors: Sequence[Detector]) -> Sequence[Dependant]:
    """Return whom it concerns; where the rows themselves are in doubt all together, unless that is mere info."""
    dataset, columns = failure.source
    if not everyone_depends(dataset, columns):
        found = dependants(dataset, columns, detectors)
        return found if dataset in blindness.LAID or _in_doubt(failure) else [one for one in found if one.column]
    if failure.severity == "info":
        return ()
    return (Dependant(EVERY_DETECTOR, "_".join((dataset, *columns[:1])), failure.reason.rstrip(".")),)


def _in_doubt(failure: _Failure) -> bool:
    """Whether the rows themselves are, not a value of theirs: as of a list, of which no account tells how much."""
    dataset, columns = failure.source
    return failure.severity != "info" and (not columns or any(is_mandatory(dataset, name) for name in columns))


def _gap(failure: _Failure, made: Mapping[str, pl.LazyFrame]) -> Gap | None:
    """Return the gap whose accounts and dollars are to be counted; None where the rows are about no account."""
    condition, (dataset, columns) = failure.condition(), failure.source
    bare = Gap("", "", dataset, next(iter(columns), ""), "", state=f"fails {failure.expectation} on")
    if condition is None:
        return None
    if failure.suite in blindness.LAID:
        return replace(bare, rows=condition)
    if failure.suite not in _ABOUT:
        return None
    kind, about = _ABOUT[failure.suite]
    rows = made[failure.suite].filter(condition)
    marked = pl.concat([rows.select(pl.col(name).alias(kind)) for name in about]).drop_nulls().unique()
    return replace(bare, marked=marked)


def _why(failure: _Failure, one: Dependant) -> str:
    if one.detector != EVERY_DETECTOR:
        return one.why
    return f"fail {failure.expectation} on {failure.subject}: {one.why}"


def _whole(failure: _Failure, one: Dependant) -> str:
    observed = f" ({failure.observed})" if failure.observed else ""
    if one.detector == EVERY_DETECTOR:
        return f"{failure.subject} fails {failure.expectation}{observed}: {one.why}."
    blinded = f"{one.detector} cannot judge {one.indicator} by it; {one.why}"
    return f"{failure.subject} fails {failure.expectation}{observed}: {blinded}."
