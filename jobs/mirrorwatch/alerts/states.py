"""New, unchanged, changed or withdrawn: what became of last night's alerts.

The night of D is compared with the last night published before D, so that running D again gives the same states. If D
itself was published before, its readers have seen alerts that the last night did not have: what today's data no longer
supports of those is withdrawn too, and stays in D's own list however often D is run again.
"""

from dataclasses import dataclass, field

import polars as pl

from mirrorwatch.alerts.matters import matched

WITHDRAWN = "withdrawn"


@dataclass
class Comparison:
    """What became of each alert."""

    # alert_id: (state, previous_alert_id or None), one entry for each of tonight's alerts
    live: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    # ids of the last night's alerts, and of D's earlier publication, that nothing of tonight's continues
    withdrawn: list[str] = field(default_factory=list)
    withdrawn_superseded: list[str] = field(default_factory=list)
    # ids of withdrawn rows of D's earlier publication that are kept as they are
    kept: list[str] = field(default_factory=list)


def compare(current: pl.DataFrame, previous: pl.DataFrame, superseded: pl.DataFrame) -> Comparison:
    """Compare tonight's alerts with the last night's rows and with those that D's own earlier publication had.

    `current` needs alert_id, typology, account_ids, transaction_ids; the others also state and previous_alert_id.
    """
    last = previous.filter(pl.col("state") != WITHDRAWN)
    known = set(last["alert_id"])
    earlier = superseded.filter(~pl.col("alert_id").is_in(list(known)))
    result = Comparison()
    _against_last(result, current, last)
    _against_earlier(result, current, earlier.filter(pl.col("state") != WITHDRAWN), known)
    for alert in current["alert_id"]:
        result.live.setdefault(alert, ("new", None))
    gone = earlier.filter(pl.col("state") == WITHDRAWN, ~pl.col("alert_id").is_in(list(result.live)))
    result.kept = sorted(gone["alert_id"])
    return result


def _against_last(result: Comparison, current: pl.DataFrame, last: pl.DataFrame) -> None:
    """Name what is unchanged or changed, and withdraw the rest of the last night."""
    ids, known = set(current["alert_id"]), set(last["alert_id"])
    pairs = matched(
        current.filter(~pl.col("alert_id").is_in(list(known))), last.filter(~pl.col("alert_id").is_in(list(ids)))
    )
    result.live |= dict.fromkeys(ids & known, ("unchanged", None))
    result.live |= {alert: ("changed", before) for alert, before in pairs.items()}
    result.withdrawn = sorted(known - ids - set(pairs.values()))


def _against_earlier(result: Comparison, current: pl.DataFrame, earlier: pl.DataFrame, known: set[str]) -> None:
    """Keep what D's earlier publication said of alerts that the last night doesn't know, and withdraw the rest."""
    ids = set(current["alert_id"])
    open_ids = ids - set(result.live)
    said = {
        alert: before
        for alert, state, before in earlier.select("alert_id", "state", "previous_alert_id").iter_rows()
        if alert in open_ids and state == "changed" and before not in known
    }
    result.live |= {alert: ("changed", before) for alert, before in said.items()}
    fresh = current.filter(
        pl.col("alert_id").is_in(list(open_ids)), ~pl.col("alert_id").is_in(earlier["alert_id"].to_list())
    )
    gone = earlier.filter(~pl.col("alert_id").is_in(list(ids)))
    pairs = matched(fresh, gone)
    result.live |= {alert: ("changed", before) for alert, before in pairs.items()}
    result.withdrawn_superseded = sorted(set(gone["alert_id"]) - set(pairs.values()))
