"""Where money of given accounts went, or came from, step by step: in order of time, with the amounts carried on.

An account carries on what it pays within some days of receiving, in the proportion that the followed money has in all
that it received in those days: a shop with a hundred customers carries on a hundredth, a mule nearly all. So distance
alone reaches nobody. Followed backwards, payments are turned round: whoever paid takes the place of whoever was paid.

Works on the payments of the accounts that are reached; the rest of the night is read once a step.
"""

from dataclasses import dataclass

import polars as pl

REACHED = pl.Schema(
    {
        "source": pl.String(),  # an account that the money is followed from
        "account_id": pl.String(),
        "transaction_id": pl.String(),
        "at": pl.Int64(),  # seconds; negative where followed backwards
        "carried_minor": pl.Int64(),  # part of the payment that is money of the source
        "hop": pl.Int64(),
        "via": pl.String(),  # account that it came through; the source itself at hop 1
    }
)


@dataclass(frozen=True)
class Following:
    """How far money is followed: payments, seconds that it may rest in an account, and the least sum (cents)."""

    hops: int
    hold_seconds: int
    least_minor: int


def turned(paid: pl.LazyFrame, *, back: bool) -> pl.LazyFrame:
    """Payments of `edges.transfers`, or the same turned round: transaction_id, near, far, at, usd_minor."""
    near, far, sign = ("payee", "payer", -1) if back else ("payer", "payee", 1)
    at = pl.col("booked_at").dt.epoch("s") * sign
    return paid.select("transaction_id", near=pl.col(near), far=pl.col(far), at=at, usd_minor="usd_minor")


def _onward(reached: pl.DataFrame, rows: pl.DataFrame, by: Following) -> pl.DataFrame:
    """Payments out of reached accounts with the part of each that is the source's: REACHED of the next step."""
    out = rows.join(reached.select(near="account_id").unique(), on="near", how="semi")
    came = rows.join(reached.select(far="account_id").unique(), on="far", how="semi").select(
        account_id="far", came_at="at", came_minor="usd_minor"
    )
    within = (pl.col("at") - pl.col("came_at")).is_between(0, by.hold_seconds)
    paid = out.select("transaction_id", "at", "usd_minor", account_id="near", to="far")
    everything = (
        paid.join(came, on="account_id")
        .filter(within)
        .group_by("transaction_id")
        .agg(all_minor=pl.col("came_minor").sum())
    )
    ours = (
        paid.join(reached.select("source", "account_id", came_at="at", came_minor="carried_minor"), on="account_id")
        .filter(within, pl.col("to") != pl.col("source"))
        .group_by("source", "account_id", "transaction_id", "at", "usd_minor", "to")
        .agg(ours_minor=pl.col("came_minor").sum())
        .join(everything, on="transaction_id")
    )
    part = pl.col("ours_minor") / pl.max_horizontal("all_minor", "ours_minor")
    moved = pl.min_horizontal(pl.col("usd_minor") * part, "ours_minor")
    each = ours.with_columns(moved=moved)
    held = reached.group_by("source", "account_id").agg(held=pl.col("carried_minor").sum())
    total = pl.col("moved").sort_by("transaction_id").sum().over("source", "account_id")
    scaled = each.join(held, on=("source", "account_id")).with_columns(
        carried_minor=(pl.col("moved") * (pl.col("held") / total).clip(upper_bound=1.0)).floor().cast(pl.Int64)
    )
    return scaled.select("source", "transaction_id", "at", "carried_minor", account_id="to", via="account_id")


def followed(paid: pl.LazyFrame, sources: pl.DataFrame, stops: pl.Series, by: Following) -> pl.DataFrame:
    """Follow money from `sources` (account_id): REACHED, sorted. `paid` is `turned`.

    `stops` are accounts that are reached but never followed through, such as hubs. Nothing is followed into a source.
    """
    own = sources.select(near="account_id").unique()
    first = paid.join(own.lazy(), on="near", how="semi").join(own.select(far="near").lazy(), on="far", how="anti")
    step = first.select("transaction_id", "at", source="near", account_id="far", carried_minor="usd_minor", via="near")
    reached = step.with_columns(hop=pl.lit(1, dtype=pl.Int64)).select(REACHED.names()).collect()
    every, known = [reached], reached.select("source", "account_id").unique()
    for hop in range(2, by.hops + 1):
        last = every[-1].filter(~pl.col("account_id").is_in(stops.implode()))
        enough = last.group_by("source", "account_id").agg(pl.col("carried_minor").sum())
        enough = enough.filter(pl.col("carried_minor") >= by.least_minor).select("source", "account_id")
        last = last.join(enough, on=("source", "account_id"), how="semi")
        if last.is_empty():
            break
        at = last["account_id"].unique().implode()
        rows = paid.filter(pl.col("near").is_in(at) | pl.col("far").is_in(at)).collect()
        onward = _onward(last, rows, by).filter(pl.col("carried_minor") > 0)
        new = onward.join(known, on=("source", "account_id"), how="anti")
        new = new.filter(~pl.col("account_id").is_in(sources["account_id"].implode()))
        every.append(new.with_columns(hop=pl.lit(hop, dtype=pl.Int64)).select(REACHED.names()))
        known = pl.concat([known, new.select("source", "account_id").unique()])
    return pl.concat(every).cast(REACHED).sort("source", "hop", "account_id", "at", "transaction_id")
