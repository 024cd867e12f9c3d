"""Accounts that listed money came to, went from, or was carried on by; hubs stop it, custom is no exposure."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.features.edges import DAY_SECONDS
from mirrorwatch.features.exposure import Following, followed, turned

# Sums that come back within so much of each other are a wage, a rent, an instalment.
_ALIKE = 1.15
_LEAST_APART = 6 * DAY_SECONDS
# So are less even sums that keep to a calendar: hours and bonuses change a wage, week-ends its day.
_NEARLY_ALIKE = 1.3
_OUT_OF_STEP = 3 * DAY_SECONDS
_STEPS = 3  # payments that make a rhythm
TAINTED = pl.Schema(
    {
        "source": pl.String(),  # account of a listed one
        "account_id": pl.String(),
        "share": pl.Float64(),
        "hop": pl.Int64(),
        "transaction_ids": pl.List(pl.String()),  # all payments from the source up to this account
    }
)


def hubs(paid: pl.LazyFrame, standing: pl.DataFrame, near: pl.Series, parameters: ExposureParameters) -> pl.Series:
    """Accounts among `near` where money stops: carriers, collectors from crowds, those with many counterparties."""
    by_trade = standing.filter(pl.col("carrier") | (pl.col("kind") == -1))["account_id"]
    sides = [
        paid.filter(pl.col(own).is_in(near.implode())).group_by(account_id=own).agg(number=pl.col(other).n_unique())
        for own, other in (("payer", "payee"), ("payee", "payer"))
    ]
    busy = pl.concat(sides).filter(pl.col("number") > parameters.most_counterparties).select("account_id").collect()
    return pl.concat([by_trade, busy["account_id"]]).unique().sort()


def volumes(transactions: pl.LazyFrame, accounts: pl.Series) -> pl.DataFrame:
    """One row an account: account_id, came_minor, went_minor, by any channel."""
    sides = [
        transactions.filter(pl.col(side).is_in(accounts.implode())).group_by(account_id=side).agg(
            pl.col("usd_minor").sum().alias(name)
        )
        for side, name in (("beneficiary_account_id", "came_minor"), ("originator_account_id", "went_minor"))
    ]  # fmt: skip
    return sides[0].join(sides[1], on="account_id", how="full", coalesce=True).with_columns(
        pl.col("came_minor", "went_minor").fill_null(0)
    ).collect()  # fmt: skip


def _custom(reached: pl.DataFrame) -> pl.DataFrame:
    """(source, account_id) whose direct payments are even, or keep to a calendar, and come back: wages, rents."""
    direct = reached.filter(pl.col("hop") == 1)
    gaps = pl.col("at").sort().diff().drop_nulls()
    of = direct.group_by("source", "account_id").agg(
        number=pl.len(),
        ratio=pl.col("carried_minor").max() / pl.col("carried_minor").min(),
        apart=(pl.col("at").max() - pl.col("at").min()) / (pl.len() - 1),
        out_of_step=gaps.max() - gaps.min(),
    )
    even = (pl.col("ratio") <= _ALIKE) & (pl.col("number") > 1)
    in_step = (pl.col("out_of_step") <= _OUT_OF_STEP) & (pl.col("number") >= _STEPS)
    custom = even | (in_step & (pl.col("ratio") <= _NEARLY_ALIKE))
    return of.filter(pl.col("apart") >= _LEAST_APART, custom).select("source", "account_id")


def _named(reached: pl.DataFrame, volume: pl.DataFrame, parameters: ExposureParameters) -> pl.DataFrame:
    """(source, account_id, share, hop) of the reached accounts that are exposed enough to be named."""
    weight = pl.lit(parameters.decay).pow(pl.col("hop") - 1)
    held = reached.group_by("source", "account_id").agg(
        carried=pl.col("carried_minor").sum(),
        weighed=(pl.col("carried_minor") * weight).sort_by("transaction_id").sum(),
        payments=pl.col("transaction_id").n_unique(),
        hop=pl.col("hop").min(),
        last_at=pl.col("at").max(),
    )
    # of a single payment: in one payment, within days; whoever spends what came in spends it bit by bit
    onward = reached.filter(pl.col("hop") > 1).select("source", account_id="via", onward_at="at", on="carried_minor")
    quick = (pl.col("onward_at") - pl.col("last_at")) <= parameters.single_hold_days * DAY_SECONDS
    passed = (
        held.join(onward, on=("source", "account_id"))
        .filter(quick)
        .group_by("source", "account_id")
        .agg(passed=pl.col("on").max())
    )
    of = held.join(passed, on=("source", "account_id"), how="left").join(volume, on="account_id")
    share = (pl.col("weighed") / pl.col("volume")).clip(upper_bound=1.0)
    on = pl.col("passed").fill_null(0) >= parameters.least_passed * pl.col("carried")
    enough = (pl.col("carried") >= parameters.least_usd * 100) & (pl.col("share") >= parameters.least_share)
    return (
        of.with_columns(share=share)
        .filter(enough, on | (pl.col("payments") > 1))
        .select("source", "account_id", "share", "hop")
    )


def _paths(named: pl.DataFrame, reached: pl.DataFrame) -> pl.DataFrame:
    """Give named accounts the payments that reached them, and those that reached whom they came through."""
    rows = reached.select("source", "account_id", "transaction_id", "via", "hop")
    keys, found = named.select("source", "account_id", end="account_id"), []
    for _ in range(reached.select(pl.col("hop").max().fill_null(1)).item()):
        step = keys.join(rows, on=("source", "account_id"))
        found.append(step.select("source", "end", "transaction_id"))
        keys = step.filter(pl.col("hop") > 1).select("source", "end", account_id="via").unique()
    every = (
        pl.concat(found)
        .group_by("source", account_id="end")
        .agg(transaction_ids=pl.col("transaction_id").unique().sort())
    )
    return named.join(every, on=("source", "account_id"))


def tainted(
    night: NightFrames,
    paid: pl.LazyFrame,
    standing: pl.DataFrame,
    sources: pl.DataFrame,
    parameters: ExposureParameters,
) -> pl.DataFrame:
    """Accounts exposed to `sources` (account_id of listed ones): TAINTED, the larger of both directions, sorted.

    `paid` is `edges.transfers`, `standing` is `edges.standing`, collected.
    """
    if sources.is_empty():
        return pl.DataFrame(schema=TAINTED)
    by = Following(
        parameters.hops, int(parameters.hold_days * DAY_SECONDS), int(parameters.least_usd * 100),
        parameters.least_carrying_share, parameters.most_counterparties,
    )  # fmt: skip
    carriers, found = standing.filter(pl.col("carrier") | (pl.col("kind") == -1))["account_id"], []
    for back, volume in ((False, "came_minor"), (True, "went_minor")):
        reached = followed(turned(paid, back=back), sources, carriers, by)
        reached = reached.join(_custom(reached), on=("source", "account_id"), how="anti")
        of = volumes(night.transactions, reached["account_id"].unique().sort())
        named = _named(reached, of.select("account_id", volume=volume), parameters)
        stops = hubs(paid, standing, named["account_id"].unique(), parameters)
        named = named.filter(~pl.col("account_id").is_in(stops.implode()))
        found.append(_paths(named, reached))
    both = pl.concat(found).cast(TAINTED).sort("source", "account_id", pl.col("share") * -1, "hop")
    ids = pl.col("transaction_ids").list.explode(keep_nulls=False, empty_as_null=False).unique().sort()
    once = both.group_by("source", "account_id", maintain_order=True)
    return once.agg(pl.col("share").first(), pl.col("hop").min(), ids).select(TAINTED.names())
