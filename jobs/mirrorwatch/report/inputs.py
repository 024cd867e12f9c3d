"""What the report is made from: the night's frames in the contract's schemas, and facts that no frame holds."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from mirrorwatch.contract import PROFILE, TREND

# One row a dataset and reason: how many rows were put aside for it, and the first of them, to look at.
QUARANTINE_COUNTS = pl.Schema(
    {
        "dataset": pl.String(),
        "reason": pl.String(),
        "rows": pl.Int64(),
        "first_file": pl.String(),
        "first_row": pl.Int64(),
    }
)

# One row a figure and earlier day.
TRAILING = pl.Schema(
    {
        "dataset": pl.String(),
        "metric": pl.String(),
        "subject": pl.String(),
        "booking_date": pl.Date(),
        "value": pl.Float64(),
        "rows": pl.Int64(),
    }
)


def count_quarantine(quarantine: pl.LazyFrame) -> pl.DataFrame:
    """Count quarantined rows (contract.QUARANTINE) by dataset and reason, as QUARANTINE_COUNTS, most frequent first.

    A row that was rejected for two reasons counts once under each.
    """
    first = pl.col("source_file", "source_row").sort_by("source_file", "source_row").first()
    return (
        quarantine.select("dataset", pl.col("reasons").alias("reason"), "source_file", "source_row")
        .explode("reason")
        .with_columns(pl.col("reason").fill_null("no reason given"))
        .group_by("dataset", "reason")
        .agg(pl.len().cast(pl.Int64).alias("rows"), first.name.replace("source", "first"))
        .select(list(QUARANTINE_COUNTS))
        .sort("rows", "dataset", "reason", descending=[True, False, False])
        .collect()
    )


@dataclass(frozen=True)
class DetectorNote:
    """How one typology is called and what it rests on: `sources` are pairs of title and locator.

    `least_chance` is the smallest probability that its null model supports (stated as "less than"), `rests_on` why.
    """

    typology: str
    title: str
    summary: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    least_chance: float | None = None
    rests_on: str = ""


@dataclass(frozen=True)
class NightFacts:
    """Headline facts of a run. No clock time is among them, so that the same night gives the same bytes.

    `rows_read` is what the reader counted, held against the sum of the completeness table; `monitored_usd_minor` is
    in US cents; `control_totals_differ` counts days and currencies where the source's own totals disagree (None: the
    source gave none); `gate_failures` says, a sentence each, why a gate stopped the night (empty: it was published).
    """

    rows_read: int
    monitored_usd_minor: int
    window_start: date
    window_end: date
    code_version: str
    configuration_hash: str
    input_count: int
    inputs_sha256: str = ""
    run_id: str = ""
    previous_manifest_sha256: str | None = None
    control_totals_differ: int | None = None
    gate_failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageLimits:
    """How much of a very large night the page itself shows; CSV and XLSX always hold every alert.

    200 alerts are more than a team reads in a day; 120 rows are three printed pages of evidence for one alert.
    """

    details: int = 200
    evidence_rows: int = 120
    table_rows: int = 400
    workbook_evidence_rows: int = 200_000


@dataclass(frozen=True)
class ReportInputs:
    """Everything that the report shows. Frames have the contract's schemas; `quarantine_counts` see above.

    `accounts` and `parties` (contract columns) need hold only rows that the alerts or their evidence mention;
    an account or party that is missing there is shown by its id alone. `detectors` are those that looked this night;
    none where the data alone was checked, or a gate stopped the night. `profile` is tonight's (contract.PROFILE),
    `trend` its figures beside the usual ones (contract.TREND), `trailing` (TRAILING) the days that those were drawn
    from, and `nights_kept` counts the earlier nights among them.
    """

    run_date: date
    facts: NightFacts
    alerts: pl.DataFrame
    cases: pl.DataFrame
    evidence: pl.DataFrame
    explanations: pl.DataFrame
    completeness: pl.DataFrame
    quarantine_counts: pl.DataFrame
    blindness: pl.DataFrame
    quality: pl.DataFrame
    accounts: pl.DataFrame
    parties: pl.DataFrame
    detectors: tuple[DetectorNote, ...] = ()
    profile: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROFILE))
    trend: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TREND))
    trailing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TRAILING))
    nights_kept: int = 0
    limits: PageLimits = PageLimits()

    @property
    def looked(self) -> bool:
        """Whether any detector looked at this night."""
        return bool(self.detectors) and not self.facts.gate_failures
