"""What the night could not look at, detector by detector, in accounts and US dollars.

Absence of data is never evidence against anyone, and never silent: a null column, an absent dataset, a rejected row, an
account that is not on file, a day without bookings each become one row that says what is not seen and how much hangs
on it. Which detector a lack blinds is what the detectors declare (`Detector.needs`); nothing here names one.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from mirrorwatch.contract import BLINDNESS, DATASETS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake import blindness_words as words
from mirrorwatch.intake.dependants import dependants
from mirrorwatch.intake.exposure import Exposure, exposures
from mirrorwatch.intake.gaps import EVERY_DETECTOR, ORPHANS, REJECTED_ROWS, WITHOUT_PARTY, Gap, Night, Row
from mirrorwatch.intake.unmonitored import unmonitored
from mirrorwatch.intake.unruled import unruled
from mirrorwatch.rulebook import SHIPPED, Rulebook

_DATASETS = {dataset.name: dataset for dataset in DATASETS}
_NULL_SAYS_NONE = {dataset.name: {each.name for each in dataset.columns if each.null_says_none} for dataset in DATASETS}
# Datasets whose rows can be laid to accounts, and for rejected rows the columns that say to whose.
LAID = ("transactions", "accounts", "parties", "ownership", "trade_documents")
_LAID_BY = {
    "accounts": ("account_id", ("account_id",)),
    "parties": ("party_id", ("party_id",)),
    "ownership": ("party_id", ("owned_party_id",)),
    "trade_documents": ("party_id", ("exporter_party_id", "importer_party_id")),
}


def blindness(night: Night, detectors: Sequence[Detector], rulebook: Rulebook = SHIPPED) -> pl.DataFrame:
    """Return BLINDNESS: what each detector, and every detector, could not see. Null figures could not be told."""
    gaps = [*_general_gaps(), *_rejected_files(night, detectors), *_needed_columns(night, detectors)]
    rows, whole = measured_rows(night, gaps)
    rows += _absent_datasets(night, detectors, whole)
    rows += [*_listed(night, detectors), *_rejected_lists(night, detectors), *unmonitored(night)]
    rows += unruled(night.frames["transactions"], rulebook.on(night.summary.run_date), detectors)
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
        if dataset not in night.summary.absent and dataset in LAID and (column or dataset == "ownership")
        if column not in _NULL_SAYS_NONE[dataset] or column in night.summary.datasets[dataset].absent_columns
    ]


def _rejected_files(night: Night, detectors: Sequence[Detector]) -> Iterator[Gap]:
    """Tell whose accounts hang on the rows of files that were rejected and that no valid row makes up for."""
    for dataset, (kind, columns) in _LAID_BY.items():
        rows = night.summary.datasets.get(dataset)
        if rows is None or not rows.rows_rejected or dataset not in night.as_read:
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
            if not column or dataset in LAID or dataset in night.summary.absent:
                continue
            null = pl.col(column).is_null()
            whole, found = night.frames[dataset].select(pl.len(), null.sum().alias("null")).collect().row(0)
            if found:
                tail = f"{detector.typology} cannot judge {indicator} by them; {why}"
                yield (detector.typology, indicator, words.listed(dataset, column, found, whole, tail), None, None)


def _rejected_lists(night: Night, detectors: Sequence[Detector]) -> Iterator[Row]:
    """Tell of rejected rows of the datasets that are about no account."""
    for dataset, rows in night.summary.datasets.items():
        if dataset in LAID or not rows.rows_rejected:
            continue
        for one in dependants(dataset, (), detectors):
            blinded = f"{one.detector} cannot judge {one.indicator} by them; {one.why}"
            yield (one.detector, one.indicator, f"{dataset} lost {words.rejected(rows)}: {blinded}.", None, None)
