"""What the night could not look at, detector by detector, in accounts and US dollars.

Absence of data is never evidence against anyone, and never silent: a null column, an absent dataset, a rejected row, an
account that is not on file, a day without bookings each become one row that says what is not seen and how much hangs
on it. Which detector a lack blinds is what the detectors declare (`Detector.needs`); nothing here names one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from mirrorwatch.contract import BLINDNESS, DATASETS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake import blindness_words as words
from mirrorwatch.intake.checks import NO_FX_RATE
from mirrorwatch.intake.completeness import REJECTED
from mirrorwatch.intake.dependants import dependants
from mirrorwatch.intake.exposure import Exposure, exposures
from mirrorwatch.intake.fx import daily_rates, usd_minor
from mirrorwatch.intake.gaps import ORPHANS, REJECTED_ROWS, WITHOUT_PARTY, Gap
from mirrorwatch.intake.summary import StageSummary

EVERY_DETECTOR = "all"
_DATASETS = {dataset.name: dataset for dataset in DATASETS}
# Datasets whose rows can be laid to accounts, and for rejected rows the columns that say to whose.
_LAID = ("transactions", "accounts", "parties", "ownership", "trade_documents")
_LAID_BY = {
    "accounts": ("account_id", ("account_id",)),
    "parties": ("party_id", ("party_id",)),
    "ownership": ("party_id", ("owned_party_id",)),
    "trade_documents": ("party_id", ("exporter_party_id", "importer_party_id")),
}

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


def blindness(night: Night, detectors: Sequence[Detector]) -> pl.DataFrame:
    """Return BLINDNESS: what each detector, and every detector, could not see. Null figures could not be told."""
    gaps = [*_general_gaps(), *_rejected_files(night, detectors), *_needed_columns(night, detectors)]
    rows, whole = measured_rows(night, gaps)
    rows += _absent_datasets(night, detectors, whole)
    rows += [*_listed(night, detectors), *_rejected_lists(night, detectors), *_counted(night)]
    return table(rows)


def measured_rows(night: Night, gaps: Sequence[Gap]) -> tuple[list[Row], Exposure]:
    """Return a row for each gap on which anything hangs, and the exposure of the whole night."""
    found, whole = exposures(night.frames, gaps)
    rows: list[Row] = [
        (
            one.gap.detector,
            one.gap.indicator,
            words.of_everyone(one)
            if one.gap.detector == EVERY_DETECTOR
            else words.needed(one, _absent(night, one.gap)),
            one.found.accounts,
            one.found.usd_minor,
        )
        for one in found
        if one.found.rows or one.found.accounts
    ]
    return rows, whole


def table(rows: Sequence[Row]) -> pl.DataFrame:
    """Return BLINDNESS of the rows, each told once, sorted."""
    frame = pl.DataFrame(rows, schema={**BLINDNESS, "amount_usd": pl.Int64()}, orient="row")
    return (
        frame.with_columns(pl.col("amount_usd").cast(pl.Decimal(38, 2)) / 100)
        .unique()
        .sort("detector", "indicator", "why")
    )


def _absent(night: Night, gap: Gap) -> Sequence[str]:
    return night.summary.datasets[gap.dataset].absent_columns


def _general_gaps() -> list[Gap]:
    return [
        Gap(EVERY_DETECTOR, ORPHANS, "accounts", "", "are on no account file: owner and type are unknown"),
        Gap(EVERY_DETECTOR, WITHOUT_PARTY, "accounts", "", "have an owner who is on no party file"),
        Gap(
            EVERY_DETECTOR,
            "unpaired_reversals",
            "transactions",
            "reverses_transaction_id",
            "say that they reverse a booking, but none in the window has that id, amount, currency and accounts; "
            "they are monitored as payments",
            rows=pl.col("reverses_transaction_id").is_not_null(),
        ),
    ]


def _needed_columns(night: Night, detectors: Sequence[Detector]) -> list[Gap]:
    return [
        Gap(detector.typology, indicator, dataset, column, why)
        for detector in detectors
        for dataset, column, indicator, why in detector.needs
        if dataset not in night.summary.absent and dataset in _LAID and (column or dataset == "ownership")
    ]


def _rejected_files(night: Night, detectors: Sequence[Detector]) -> Iterator[Gap]:
    """Tell whose accounts hang on the rows of files that were rejected and that no valid row makes up for."""
    for dataset, (kind, columns) in _LAID_BY.items():
        rows = night.summary.datasets.get(dataset)
        if rows is None or not rows.rows_rejected or rows.suite_sees_one_in > 1 or dataset not in night.as_read:
            continue
        key = list(_DATASETS[dataset].key)
        lost = night.as_read[dataset].join(night.frames[dataset], on=key, how="anti", nulls_equal=True)
        marked = pl.concat([lost.select(pl.col(column).alias(kind)) for column in columns]).drop_nulls().unique()
        if _DATASETS[dataset].required:
            why = f"{REJECTED_ROWS} of {dataset}: {words.rejected(rows)}"
            yield Gap(EVERY_DETECTOR, f"rejected_{dataset}", dataset, "", why, marked=marked, state=REJECTED_ROWS)
            continue
        for one in dependants(dataset, (), detectors):
            state = f"lost {words.rejected(rows)}, which concerns"
            yield Gap(one.detector, one.indicator, dataset, "", one.why, marked=marked, state=state)


def _absent_datasets(night: Night, detectors: Sequence[Detector], whole: Exposure) -> list[Row]:
    return [
        (
            one.detector,
            one.indicator,
            words.absent(dataset, one.detector, one.indicator, one.why, whole),
            whole.accounts,
            whole.usd_minor,
        )
        for dataset in sorted(night.summary.absent)
        for one in dependants(dataset, (), detectors)
    ]


def _listed(night: Night, detectors: Sequence[Detector]) -> Iterator[Row]:
    """Tell of the columns of datasets that are about no account, such as a watchlist, how many rows lack them."""
    for detector in detectors:
        for dataset, column, indicator, why in detector.needs:
            if not column or dataset in _LAID or dataset in night.summary.absent:
                continue
            null = pl.col(column).is_null()
            whole, found = night.frames[dataset].select(pl.len(), null.sum().alias("null")).collect().row(0)
            if found:
                tail = f"{detector.typology} cannot judge {indicator} by them; {why}"
                yield (detector.typology, indicator, words.listed(dataset, column, found, whole, tail), None, None)


def _rejected_lists(night: Night, detectors: Sequence[Detector]) -> Iterator[Row]:
    """Tell of rejected rows of the datasets that are about no account."""
    for dataset, rows in night.summary.datasets.items():
        if dataset in _LAID or not rows.rows_rejected:
            continue
        for one in dependants(dataset, (), detectors):
            blinded = f"{one.detector} cannot judge {one.indicator} by them; {one.why}"
            yield (one.detector, one.indicator, f"{dataset} lost {words.rejected(rows)}: {blinded}.", None, None)


def _counted(night: Night) -> Iterator[Row]:
    summary = night.summary
    if missing := summary.days_without_rows:
        told = f"Days of the window without a booking: {len(missing)} ({words.days(missing)})."
        yield (EVERY_DETECTOR, "missing_days", told, None, None)
    if summary.transactions.rows_rejected:
        share = words.rejected(summary.transactions, "bookings")
        told = f"{share} were rejected; quarantine holds them. In USD are those whose amount and rate are known."
        yield (EVERY_DETECTOR, "rejected_rows", told, None, _rejected_usd(night))
    if "control_totals" in summary.absent:
        told = "The source gives no control totals: what it left out cannot be told."
        yield (EVERY_DETECTOR, "control_totals", told, None, None)
    unrated = night.ledger.filter(outcome=REJECTED, reason=NO_FX_RATE).group_by("currency").agg(
        pl.col("row_count").sum(), pl.col("total_amount").sum(), pl.col("booking_date").n_unique()
    )  # fmt: skip
    for currency, rows, amount, days in unrated.sort("currency").iter_rows():
        share = f"{rows:,} of its bookings on {days} of the window's days, worth {amount:,} {currency}"
        told = f"{currency} has no rate for {share}; they are rejected."
        yield (EVERY_DETECTOR, "missing_fx", told, None, None)


def _rejected_usd(night: Night) -> int | None:
    """Value the rejected amounts that could be read, positive and with a rate; null where there is none."""
    lost = night.ledger.filter(
        pl.col("total_amount") > 0, pl.col("booking_date").is_not_null(), outcome=REJECTED
    ).with_columns((pl.col("total_amount") * 100).cast(pl.Int128).alias("amount_minor"))
    if lost.is_empty():
        return None
    days = lost.get_column("booking_date").unique().sort().to_list()
    rates = daily_rates(night.frames["fx_rates"].collect(), days)
    return lost.join(rates, on=["booking_date", "currency"]).select(usd_minor().drop_nulls().sum()).item() or None
