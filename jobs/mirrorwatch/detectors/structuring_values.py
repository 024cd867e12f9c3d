"""What each term of structuring is for one cluster and kind: one row each, one column a term."""

import numpy as np
import polars as pl
from scipy.stats import binom

from mirrorwatch.detectors.structuring_evidence import CLUSTER, Pieces
from mirrorwatch.detectors.structuring_parameters import StructuringParameters
from mirrorwatch.features import counter, draining
from mirrorwatch.features.counter import WHOLE

FACTS = ("elsewhere", "by_other")
_FACT_TERMS = {
    "elsewhere": ("branches_beyond", "branch_id"),
    "by_other": ("conductors_beyond", "conductor_party_id"),
}
_PAIR = 2
_MOST_POWERS = 12  # what a binomial says beyond this is no knowledge
_LEAST_DAYS = 30  # a shorter window is not taken for a smaller one: a month's cash may fall on its first days
_KEPT = 0.7  # of the cash passed on: whoever lives on an account spends from it, too
_FEW = 3  # sums of which a share can be told
_FIFTH = 0.2
_HALF, _NEAR = WHOLE // 2, WHOLE * 7 // 10


def _sums(found: Pieces) -> pl.DataFrame:
    """Count and add up the pieces."""
    return found.rows.group_by(CLUSTER).agg(
        pl.len().cast(pl.Int64).alias("pieces"),
        pl.col("part").sum(),
        pl.col("usd_minor").sum().alias("amount_usd_minor"),
        pl.col("account_id").n_unique().cast(pl.Float64).alias("accounts"),
        pl.col("party_id").n_unique().alias("holders"),
        pl.col("branch_region").drop_nulls().n_unique().cast(pl.Float64).alias("regions"),
        pl.col("branch_id").drop_nulls().n_unique().alias("branches"),
        pl.col("conductor_party_id").drop_nulls().n_unique().alias("conductors"),
        pl.col("personal").all().alias("persons"),
        pl.col("monthly").all().alias("monthly"),
        (pl.col("part") >= _NEAR).mean().alias("near"),
        (pl.col("usd_minor") % 1_000 == 0).mean().alias("round"),
    )


def victims(found: Pieces, transactions: pl.LazyFrame, parameters: StructuringParameters) -> pl.DataFrame:
    """Find persons into whose accounts strangers brought cash in one burst, and who did not pass it on: party_id, kind.

    Each holder by itself: a crew that pays several of them in turn is one crew, and they are its victims all the same.
    """
    people = found.rows.filter(pl.col("personal"), pl.col("kind") == counter.DEPOSIT)
    each = people.group_by("party_id", "kind").agg(
        pl.len().alias("pieces"), _by_strangers().alias("by_strangers"), _burst_days().alias("burst_days")
    )
    bursts = each.filter(
        pl.col("by_strangers"),
        pl.col("burst_days") <= parameters.victim_days,
        pl.col("pieces") <= parameters.victim_pieces,
    )
    own = people.join(bursts.select("party_id"), on="party_id", how="semi")
    alone = own.with_columns(cluster=pl.col("party_id").rank("dense").cast(pl.Int64))
    passed = _passed_on(Pieces(alone, alone, found.weeks), transactions, parameters.pass_days)
    names = alone.select("cluster", "party_id").unique()
    kept = passed.join(names, on="cluster", how="inner").filter(pl.col("passed_on").fill_null(0.0) < _KEPT)
    return kept.select("party_id", "kind").sort("party_id")


def _by_strangers() -> pl.Expr:
    """Whether of those seen at the counter the holder is a third at most; not where the source names nobody."""
    seen = pl.col("conductor_party_id").count()
    own = (pl.col("conductor_party_id") == pl.col("party_id")).sum()
    return (pl.col("kind").first() == counter.DEPOSIT) & (seen > 0) & (own * 3 <= seen)


def _burst_days() -> pl.Expr:
    """Days from the first to the last fifth of the sum, by value: a small sum weeks before changes nothing."""
    share = pl.col("part").sort_by("day", "transaction_id").cum_sum() / pl.col("part").sum()
    day = pl.col("day").sort_by("day", "transaction_id")
    inner = day.filter(share.is_between(_FIFTH, 1 - _FIFTH))
    return (inner.max() - inner.min()).dt.total_days().fill_null(0) + 1


def _powers(number: pl.Series, times: pl.Series, share: pl.Series) -> pl.Series:
    """Powers of ten against seeing `times` of `number` or more, at a `share` each."""
    tail = binom.sf(times.cast(pl.Int64).to_numpy() - 1, number.to_numpy(), share.to_numpy())
    powers = -pl.Series(np.asarray(tail)).log10()
    return powers.clip(0, _MOST_POWERS).round(4)


def _beyond(found: Pieces, usual: pl.DataFrame) -> pl.DataFrame:
    """branches_beyond and conductors_beyond; null where no branch, or no conductor, is known.

    Half where there are but two: home and work, a couple, are habits too.
    """
    table = found.rows.select(CLUSTER).unique()
    for fact, (term, column) in _FACT_TERMS.items():
        known = found.rows.filter(pl.col(fact).is_not_null()).join(usual, on="personal", how="left")
        each = known.group_by(CLUSTER).agg(
            pl.len().alias("number"), pl.col(fact).sum().alias("times"), pl.col(f"usual_{fact}").max().alias("share"),
            pl.col(column).n_unique().alias("different"),
        )  # fmt: skip
        ordered = each.sort(CLUSTER)
        powers = _powers(ordered["number"], ordered["times"], ordered["share"]).alias(term)
        few = pl.when(ordered["different"] <= _PAIR).then(0.5).otherwise(1.0)
        table = table.join(ordered.select(CLUSTER).with_columns(powers * few), on=CLUSTER, how="left")
    return table


def _kept_below(found: Pieces) -> pl.DataFrame:
    """Share of sums above half of the threshold that stay under it; null under three of them."""
    large = found.all.filter(pl.col("part") >= _HALF).group_by(CLUSTER)
    return large.agg(pl.when(pl.len() >= _FEW).then(pl.col("below").mean()).alias("kept_below"))


def _over_income(found: Pieces, declared: pl.DataFrame, days: int) -> pl.DataFrame:
    """Divide a year at this rate by what the holders declared together; `declared`: party_id, turnover_usd."""
    own = found.rows.select(*CLUSTER, "party_id").unique().join(declared, on="party_id", how="left")
    cents = (pl.col("turnover_usd") * 100).round(0).cast(pl.Int128)  # a sum of integers is the same in any order
    together = cents.sum().cast(pl.Float64) / 100
    income = own.group_by(CLUSTER).agg(pl.when(cents.is_not_null().all()).then(together).alias("income"))
    yearly = pl.col("usd_minor").sum() * 365 / max(days, _LEAST_DAYS) / 100
    cash = found.rows.group_by(CLUSTER).agg(yearly.alias("yearly"))
    ratio = pl.when(pl.col("income") > 0).then(pl.col("yearly") / pl.col("income"))
    return cash.join(income, on=CLUSTER, how="left").select(*CLUSTER, ratio.alias("over_income"))


def _passed_on(found: Pieces, transactions: pl.LazyFrame, days: int) -> pl.DataFrame:
    """Share of deposited cash that left for accounts outside the cluster, or in cash, within `days`."""
    came = found.rows.filter(pl.col("kind") == counter.DEPOSIT)
    number = came.select("cluster").unique().sort("cluster").with_row_index("holder")
    number = number.with_columns(pl.col("holder").cast(pl.Int64))
    own = came.select("account_id", "cluster").unique("account_id")
    paid = (
        transactions.filter(pl.col("channel") != "card")
        .select("usd_minor", "booking_date", "originator_account_id", "beneficiary_account_id")
        .join(own.lazy(), left_on="originator_account_id", right_on="account_id", how="inner")
        .join(own.lazy(), left_on="beneficiary_account_id", right_on="account_id", how="left", suffix="_to")
        .filter(pl.col("cluster").ne_missing(pl.col("cluster_to")))
        .select("cluster", "usd_minor", day="booking_date")
        .collect()
    )
    sums = draining.drained(
        came.join(number, on="cluster", how="inner"), paid.join(number, on="cluster", how="inner"), number.height, days
    )
    share = (pl.col("gone_minor") / pl.col("came_minor")).alias("passed_on")
    joined = number.join(sums, on="holder", how="inner")
    return joined.select("cluster", pl.lit(counter.DEPOSIT).alias("kind"), share)


def _split_days() -> pl.Expr:
    """Add up `split`, in ten-thousandths of a day: fractions would add up differently in another order."""
    return ((pl.col("split") * WHOLE).round(0).cast(pl.Int64).sum() / WHOLE).round(2)


def values(
    found: Pieces,
    split: pl.DataFrame,
    changes: pl.DataFrame,
    usual: pl.DataFrame,
    declared: pl.DataFrame,
    transactions: pl.LazyFrame,
    parameters: StructuringParameters,
) -> pl.DataFrame:
    """One row a cluster and kind, sorted, with every term's value and what the gates ask."""
    days = found.all.select((pl.col("day").max() - pl.col("day").min()).dt.total_days() + 1).item() or 1
    splits = split.group_by(CLUSTER).agg(
        _split_days().alias("split_days"), pl.col("apart").max().cast(pl.Float64).alias("apart_a_day")
    )
    again = changes.group_by(CLUSTER).agg(pl.len().cast(pl.Float64).alias("amounts_changed"))
    table = _sums(found)
    for more in (splits, again, _beyond(found, usual), _kept_below(found), _over_income(found, declared, days),
                 _passed_on(found, transactions, parameters.pass_days)):  # fmt: skip
        table = table.join(more, on=CLUSTER, how="left")
    none = pl.col("split_days", "amounts_changed").fill_null(0.0)
    return table.with_columns(none).sort(CLUSTER).with_row_index("scheme").with_columns(pl.col("scheme").cast(pl.Int64))
