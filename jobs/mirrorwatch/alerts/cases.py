"""Cases: alerts that share an account or a party belong to one investigation, which keeps its name across nights."""

from datetime import date

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mirrorwatch.alerts.states import WITHDRAWN
from mirrorwatch.alerts.together import also
from mirrorwatch.canonical import digest
from mirrorwatch.contract import CASES


def cases(
    alerts: pl.DataFrame,
    *,
    previous: pl.DataFrame,
    superseded: pl.DataFrame,
    run_date: date,
    looked_for: frozenset[str],
) -> pl.DataFrame:
    """Group tonight's live alerts (ALERTS, with state) into CASES.

    `previous` and `superseded` are the cases of the last night and of this date's earlier publication. A case that
    shares an alert (or the alert that it changed from) or an account with one of them carries its case_id and
    opened_on; each is carried once, by the case that shares most. State: new, unchanged (same alerts), changed, or
    withdrawn (once, when no live alert continues it and all its typologies were `looked_for` tonight).
    """
    live = alerts.filter(pl.col("state") != WITHDRAWN)
    last = previous.filter(pl.col("state") != WITHDRAWN)
    earlier = superseded.filter(~pl.col("case_id").is_in(last["case_id"].to_list()))
    known = pl.concat([last, earlier])
    groups = _grouped(live)
    carried = _carried(groups, known.filter(pl.col("state") != WITHDRAWN))
    tonight = _stated(_named(groups, carried, known, run_date), last)
    ended = known.filter(
        ~pl.col("case_id").is_in(tonight["case_id"].to_list()),
        pl.col("typologies").list.set_difference(sorted(looked_for)).list.len() == 0,
    ).with_columns(state=pl.lit(WITHDRAWN))
    return pl.concat([tonight, ended]).sort(
        pl.col("state") == WITHDRAWN, "score", "case_id", descending=[False, True, False]
    )


def _grouped(live: pl.DataFrame) -> pl.DataFrame:
    """One row a connected component of alerts: CASES columns from its alerts, `lineage`, and `group`, its first id."""

    def union(column: str) -> pl.Expr:
        return pl.col(column).explode().drop_nulls().unique().sort()

    return (
        live.with_columns(component=pl.Series(_components(live), dtype=pl.Int64))
        .group_by("component")
        .agg(
            group=pl.col("alert_id").min(),
            alert_ids=pl.col("alert_id").sort(),
            lineage=pl.col("alert_id").append(pl.col("previous_alert_id")).drop_nulls().unique().sort(),
            account_ids=union("account_ids"),
            party_ids=union("party_ids"),
            typologies=pl.col("typology").append(also(pl.col("indicators")).explode()).drop_nulls().unique().sort(),
            score=pl.col("score").max(),
        )
        .sort("group")
    )


def _components(live: pl.DataFrame) -> np.ndarray:
    """Label each alert with its connected component in the graph that joins alerts to their accounts and parties."""
    indexed = live.with_row_index("alert")
    members = pl.concat(
        indexed.select("alert", member=pl.col(column)).explode("member").drop_nulls().with_columns(kind=pl.lit(column))
        for column in ("account_ids", "party_ids")
    ).with_columns(code=pl.struct("kind", "member").rank("dense").cast(pl.Int64) + live.height - 1)
    size = live.height + members["code"].n_unique()
    ones = np.ones(members.height, dtype=np.int8)
    edges = coo_array((ones, (members["alert"].to_numpy(), members["code"].to_numpy())), shape=(size, size))
    _, labels = connected_components(edges, directed=False)
    return np.asarray(labels[: live.height], dtype=np.int64)


def _carried(groups: pl.DataFrame, known: pl.DataFrame) -> dict[str, str]:
    """Pair groups with known cases one to one, those that share most alerts, then accounts, then the oldest first."""
    by_alert = _shared(groups, "lineage", known, "alert_ids", "alerts")
    by_account = _shared(groups, "account_ids", known, "account_ids", "accounts")
    pairs = (
        by_alert.join(by_account, on=["group", "case_id"], how="full", coalesce=True)
        .with_columns(pl.col("alerts", "accounts").fill_null(0))
        .join(known.select("case_id", "opened_on"), on="case_id")
        .sort("alerts", "accounts", "opened_on", "case_id", "group", descending=[True, True, False, False, False])
    )
    carried: dict[str, str] = {}
    taken: set[str] = set()
    for group, case in pairs.select("group", "case_id").iter_rows():
        if group not in carried and case not in taken:
            carried[group] = case
            taken.add(case)
    return carried


def _shared(groups: pl.DataFrame, mine: str, known: pl.DataFrame, theirs: str, count: str) -> pl.DataFrame:
    left = groups.select("group", member=mine).explode("member")
    right = known.select("case_id", member=theirs).explode("member")
    pairs = left.drop_nulls().join(right.drop_nulls(), on="member")
    return pairs.group_by("group", "case_id").agg(pl.len().cast(pl.Int64).alias(count))


def _named(groups: pl.DataFrame, carried: dict[str, str], known: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Give each group its case_id and opened_on: carried, or made from its alerts and the date."""
    fresh = [digest(["case", run_date.isoformat(), ids]) for ids in groups["alert_ids"].to_list()]
    opened = known.select("case_id", "opened_on")
    return (
        groups.with_columns(
            case_id=pl.coalesce(
                pl.col("group").replace_strict(carried, default=None, return_dtype=pl.String),
                pl.Series(fresh, dtype=pl.String),
            )
        )
        .join(opened, on="case_id", how="left", maintain_order="left")
        .with_columns(pl.col("opened_on").fill_null(run_date))
    )


def _stated(tonight: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Compare each case's alerts with those it had last night."""
    before = last.select("case_id", alert_ids_before="alert_ids")
    same = pl.col("alert_ids") == pl.col("alert_ids_before")
    state = pl.when(pl.col("alert_ids_before").is_null()).then(pl.lit("new")).when(same).then(pl.lit("unchanged"))
    return (
        tonight.join(before, on="case_id", how="left", maintain_order="left")
        .with_columns(state=state.otherwise(pl.lit("changed")))
        .select(CASES.names())
    )
