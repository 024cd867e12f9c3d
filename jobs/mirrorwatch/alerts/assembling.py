"""From the detectors' findings and the last night to tonight's alerts, cases, evidence and explanations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from mirrorwatch.alerts.cases import cases
from mirrorwatch.alerts.changes import Published, what_changed
from mirrorwatch.alerts.evidence import evidence, in_order, money, staged_rows
from mirrorwatch.alerts.identity import identify
from mirrorwatch.alerts.matters import distinct, overlaps
from mirrorwatch.alerts.ranking import ranked
from mirrorwatch.alerts.reasons import Stamp, reasons
from mirrorwatch.alerts.states import WITHDRAWN, Comparison, compare
from mirrorwatch.alerts.together import told_once
from mirrorwatch.contract import ALERTS, CASES, EVIDENCE, EXPLANATIONS
from mirrorwatch.detectors.base import FINDINGS


@dataclass(frozen=True)
class Assembled:
    """Four tables with the contract's schemas, each in its total order."""

    alerts: pl.DataFrame
    cases: pl.DataFrame
    evidence: pl.DataFrame
    explanations: pl.DataFrame

    @classmethod
    def empty(cls) -> "Assembled":
        """No alerts at all: what a first night is compared with."""
        return cls(*(pl.DataFrame(schema=schema) for schema in (ALERTS, CASES, EVIDENCE, EXPLANATIONS)))


@dataclass(frozen=True)
class Baseline:
    """What was published before: the last night that looked for each typology, and this date's earlier publication."""

    previous: Assembled
    superseded: Assembled

    @classmethod
    def empty(cls) -> "Baseline":
        """Nothing was published yet."""
        return cls(Assembled.empty(), Assembled.empty())


def candidates(findings: Mapping[str, pl.DataFrame], stamps: Mapping[str, Stamp]) -> pl.DataFrame:
    """Name the findings and keep one a matter.

    Returns FINDINGS with ALERTS' columns that need no comparison (all but run_date, state, previous_alert_id, rank).
    """
    named = [
        distinct(identify(frame.match_to_schema(FINDINGS), typology)).with_columns(
            detector_version=pl.lit(stamps[typology].version), parameters_hash=pl.lit(stamps[typology].parameters_hash)
        )
        for typology, frame in sorted(findings.items())
    ]
    blank = pl.DataFrame(schema={**FINDINGS, **dict.fromkeys(_NAMED, pl.String())})
    every = told_once(pl.concat([blank, *(frame.select(blank.columns) for frame in named)]))
    return every.with_columns(
        pl.col("account_ids", "party_ids", "transaction_ids").list.unique().list.sort(),
        amount_usd=money("amount_usd_minor"),
    )


_NAMED = ("typology", "alert_id", "detector_version", "parameters_hash")


def assemble(
    findings: Mapping[str, pl.DataFrame],
    transactions: pl.LazyFrame,
    baseline: Baseline,
    *,
    stamps: Mapping[str, Stamp],
    run_date: date,
    first_day: date,
) -> Assembled:
    """Make the night's four tables.

    `findings` holds a FINDINGS frame for each typology that was looked for, `stamps` with what it was, `transactions`
    the STAGED_TRANSACTIONS of the window from `first_day` to `run_date`. Pure: the same arguments, the same tables.
    """
    current = candidates(findings, stamps)
    comparison = compare(current, baseline.previous.alerts, baseline.superseded.alerts)
    gone = _gone(comparison, baseline)
    before = _before(baseline)
    wanted = [current["transaction_ids"].explode(), before.evidence["transaction_id"]]
    rows = staged_rows(transactions, pl.concat(wanted).drop_nulls())
    why = reasons(
        gone.alerts.filter(pl.col("state") != WITHDRAWN),
        evidence=gone.evidence,
        rows=rows,
        window=(first_day, run_date),
        stamps=stamps,
        continued_by=_successors(gone.alerts, current),
    )
    live, shown = _live(current, comparison, run_date), evidence(current, rows)
    alerts = ranked(pl.concat([live, _withdrawn(gone.alerts, why, run_date)]))
    words = current.join(what_changed(live, shown, before, rows, first_day), on="alert_id", how="left")
    return Assembled(
        alerts,
        cases(
            alerts,
            previous=baseline.previous.cases,
            superseded=baseline.superseded.cases,
            run_date=run_date,
            looked_for=frozenset(findings),
        ),
        in_order(pl.concat([shown, gone.evidence])),
        pl.concat([words.select(EXPLANATIONS.names()), gone.explanations]).sort("alert_id"),
    )


def _before(baseline: Baseline) -> Published:
    """Gather what was said before: by the last night first, then by this date's earlier publication."""
    nights = (baseline.previous, baseline.superseded)
    return Published(
        pl.concat(night.alerts.filter(pl.col("state") != WITHDRAWN) for night in nights),
        pl.concat(night.evidence for night in nights),
        pl.concat(night.explanations for night in nights),
    )


def _live(current: pl.DataFrame, comparison: Comparison, run_date: date) -> pl.DataFrame:
    schema = {"alert_id": pl.String, "state": pl.String, "previous_alert_id": pl.String}
    states = pl.DataFrame([(alert, *said) for alert, said in comparison.live.items()], schema=schema, orient="row")
    return (
        current.join(states, on="alert_id", how="left")
        .with_columns(run_date=pl.lit(run_date), rank=pl.lit(None, pl.Int64))
        .match_to_schema(ALERTS, extra_columns="ignore")
    )


def _gone(comparison: Comparison, baseline: Baseline) -> Assembled:
    """Collect the rows of alerts that are withdrawn tonight, as they were published."""
    last = _only(baseline.previous, comparison.withdrawn, withdrawn=False)
    earlier = _only(baseline.superseded, comparison.withdrawn_superseded, withdrawn=False)
    kept = _only(baseline.superseded, comparison.kept, withdrawn=True)
    parts = (last, earlier, kept)
    return Assembled(
        pl.concat([part.alerts for part in parts]),
        pl.concat([part.cases for part in parts]),
        pl.concat([part.evidence for part in parts]),
        pl.concat([part.explanations for part in parts]),
    )


def _only(night: Assembled, ids: list[str], *, withdrawn: bool) -> Assembled:
    chosen = pl.col("alert_id").is_in(ids)
    return Assembled(
        night.alerts.filter(chosen, (pl.col("state") == WITHDRAWN) == pl.lit(withdrawn)),
        night.cases.clear(),
        night.evidence.filter(chosen),
        night.explanations.filter(chosen).with_columns(what_changed=pl.lit(None, EXPLANATIONS["what_changed"])),
    )


def _withdrawn(gone: pl.DataFrame, why: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Mark rows as withdrawn, the reason before what the alert had said; those withdrawn before stay as they are."""
    narrative = pl.format("Withdrawn. {} It had said: {}", "reason", "narrative")
    return (
        gone.join(why, on="alert_id", how="left")
        .with_columns(
            narrative=pl.when(pl.col("reason").is_null()).then("narrative").otherwise(narrative),
            state=pl.lit(WITHDRAWN),
            previous_alert_id=pl.lit(None, pl.String),
            run_date=pl.lit(run_date),
            rank=pl.lit(None, pl.Int64),
        )
        .select(ALERTS.names())
    )


def _successors(gone: pl.DataFrame, current: pl.DataFrame) -> dict[str, str]:
    """For each alert that is gone, tonight's alert that shares most with it, if any."""
    pairs = overlaps(gone, current).unique("alert_id", keep="first", maintain_order=True)
    return dict(pairs.select("alert_id", "other_id").iter_rows())
