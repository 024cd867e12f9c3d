"""What makes two alerts the same matter: one typology, and accounts in common."""

from collections import defaultdict

import polars as pl

from mirrorwatch.alerts.ranking import strongest_first


def overlaps(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs of alerts of one typology that share an account.

    Both frames need alert_id, typology, account_ids, transaction_ids. Returns alert_id, other_id, shared_accounts and
    shared_transactions, closest pair first; two pairs are never tied.
    """
    accounts = _shared(left, right, "account_ids", "shared_accounts")
    transactions = _shared(left, right, "transaction_ids", "shared_transactions")
    return (
        accounts.join(transactions, on=["alert_id", "other_id"], how="left")
        .with_columns(pl.col("shared_transactions").fill_null(0))
        .sort(
            "shared_transactions",
            "shared_accounts",
            "alert_id",
            "other_id",
            descending=[True, True, False, False],
        )
    )


def matched(left: pl.DataFrame, right: pl.DataFrame) -> dict[str, str]:
    """Pair the alerts of `left` with those of `right` one to one, closest pairs first: alert_id to alert_id."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for mine, other in overlaps(left, right).select("alert_id", "other_id").iter_rows():
        if mine not in pairs and other not in taken:
            pairs[mine] = other
            taken.add(other)
    return pairs


def distinct(findings: pl.DataFrame) -> pl.DataFrame:
    """Keep the strongest of findings that are one matter told twice, and say so in its narrative.

    One typology's findings that share at least half of the smaller one's accounts are one matter: an analyst who works
    on the first would only find the second again. Their evidence is not added up, since the score was not made for the
    sum. Needs FINDINGS with alert_id and typology; returns a subset of its rows, strongest first.
    """
    findings = strongest_first(findings, amount="amount_usd_minor").unique(
        "alert_id", keep="first", maintain_order=True
    )
    told = _told_by(findings)
    counts = (
        pl.DataFrame({"alert_id": list(told.values())}, schema={"alert_id": pl.String})
        .group_by("alert_id")
        .agg(weaker=pl.len())
    )
    note = pl.format(
        " {} weaker finding(s) on mostly the same accounts are not published beside this one.", pl.col("weaker")
    )
    return (
        findings.filter(~pl.col("alert_id").is_in(list(told)))
        .join(counts, on="alert_id", how="left", maintain_order="left")
        .with_columns(pl.concat_str("narrative", pl.when(pl.col("weaker") > 0).then(note).otherwise(pl.lit(""))))
        .drop("weaker")
    )


def _told_by(findings: pl.DataFrame) -> dict[str, str]:
    """Weaker finding to the stronger, kept one that tells the same matter."""
    sizes = dict(findings.select("alert_id", pl.col("account_ids").list.n_unique()).iter_rows())
    near: dict[str, set[str]] = defaultdict(set)
    for mine, other, shared, _ in overlaps(findings, findings).iter_rows():
        if mine != other and 2 * shared >= min(sizes[mine], sizes[other]):
            near[mine].add(other)
    kept: dict[str, None] = {}
    told: dict[str, str] = {}
    for alert in findings["alert_id"]:
        stronger = next((other for other in kept if other in near[alert]), None)
        if stronger is None:
            kept[alert] = None
        else:
            told[alert] = stronger
    return told


def _shared(left: pl.DataFrame, right: pl.DataFrame, column: str, count: str) -> pl.DataFrame:
    """Count the distinct members of list `column` that pairs of one typology have in common."""
    mine = left.select("alert_id", "typology", member=pl.col(column).list.unique()).explode("member")
    other = right.select("typology", other_id="alert_id", member=pl.col(column).list.unique()).explode("member")
    pairs = mine.drop_nulls().join(other.drop_nulls(), on=["typology", "member"])
    return pairs.group_by("alert_id", "other_id").agg(pl.len().cast(pl.Int64).alias(count))
