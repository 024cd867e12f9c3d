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
    """How far money is followed, and through whom.

    Payments in a row; seconds that it may rest in an account; the least sum (cents) and the least part of all that an
    account was paid that make it worth following; and the most counterparties of one that is no hub.
    """

    hops: int
    hold_seconds: int
    least_minor: int
    least_part: float
    most_counterparties: int


def turned(paid: pl.LazyFrame, *, back: bool) -> pl.LazyFrame:
    """Payments of `edges.transfers`, or the same turned round: transaction_id, near, far, at, usd_minor."""
    near, far, sign = ("payee", "payer", -1) if back else ("payer", "payee", 1)
    at = pl.col("booked_at").dt.epoch("s") * sign
    return paid.select("transaction_id", near=pl.col(near), far=pl.col(far), at=at, usd_minor="usd_minor")


def _worth_following(reached: pl.DataFrame, paid: pl.LazyFrame, by: Following) -> pl.DataFrame:
    """Rows of `reached` whose account is no hub and was paid enough of the source's money, in all and in proportion."""
    held = reached.group_by("source", "account_id").agg(held=pl.col("carried_minor").sum())
    large = held.filter(pl.col("held") >= by.least_minor)
    accounts = large.select("account_id").unique()
    of = (
        paid.join(accounts.lazy(), left_on="far", right_on="account_id", how="semi")
        .group_by(account_id="far")
        .agg(pl.col("usd_minor").sum(), pl.col("near").n_unique().alias("payers"))
        .filter(pl.col("payers") <= by.most_counterparties)
        .collect()
    )
    kept = large.join(of, on="account_id").filter(pl.col("held") >= by.least_part * pl.col("usd_minor"))
    payees = (
        paid.join(kept.select("account_id").unique().lazy(), left_on="near", right_on="account_id", how="semi")
        .group_by(account_id="near")
        .agg(pl.col("far").n_unique().alias("payees"))
        .filter(pl.col("payees") <= by.most_counterparties)
        .collect()
    )
    through = kept.join(payees, on="account_id", how="semi").select("source", "account_id")
    return reached.join(through, on=("source", "account_id"), how="semi")


def _within(events: pl.DataFrame, keys: tuple[str, ...], by: Following) -> pl.DataFrame:
    """Add `before` to events: the sum of `came_minor` of the same keys in the hold time up to and with each."""
    window = f"{by.hold_seconds}i"
    return events.sort(*keys, "at").with_columns(
        before=pl.col("came_minor").rolling_sum_by("at", window_size=window, closed="both").over(keys)
    )


def _onward(reached: pl.DataFrame, rows: pl.DataFrame, by: Following) -> pl.DataFrame:
    """Payments out of reached accounts with the part of each that is the source's: REACHED of the next step."""
    out = rows.join(reached.select(near="account_id").unique(), on="near", how="semi").select(
        "transaction_id", "at", "usd_minor", account_id="near", to="far"
    )
    came = rows.join(reached.select(far="account_id").unique(), on="far", how="semi")
    nothing = pl.lit(0, dtype=pl.Int64)
    everything = pl.concat(
        [
            came.select("at", account_id="far", came_minor="usd_minor", transaction_id=pl.lit(None, pl.String)),
            out.select("at", "account_id", "transaction_id", came_minor=nothing).select(
                "at", "account_id", "came_minor", "transaction_id"
            ),
        ]
    )
    all_in = _within(everything, ("account_id",), by).drop_nulls("transaction_id")
    pairs = reached.select("source", "account_id").unique()
    columns = ("source", "account_id", "at", "came_minor", "transaction_id")
    ours = pl.concat(
        [
            reached.select(
                "source", "account_id", "at", came_minor="carried_minor", transaction_id=pl.lit(None, pl.String)
            ).select(columns),
            out.join(pairs, on="account_id").with_columns(came_minor=nothing).select(columns),
        ]
    )
    each = (
        _within(ours, ("source", "account_id"), by)
        .drop_nulls("transaction_id")
        .filter(pl.col("before") > 0)
        .select("source", "transaction_id", ours_minor="before")
        .join(all_in.select("transaction_id", all_minor="before"), on="transaction_id")
        .join(out, on="transaction_id")
        .filter(pl.col("to") != pl.col("source"))
    )
    part = pl.col("ours_minor") / pl.max_horizontal("all_minor", "ours_minor")
    moved = each.with_columns(moved=pl.min_horizontal(pl.col("usd_minor") * part, "ours_minor"))
    held = reached.group_by("source", "account_id").agg(held=pl.col("carried_minor").sum())
    total = pl.col("moved").sort_by("transaction_id").sum().over("source", "account_id")
    scaled = moved.join(held, on=("source", "account_id")).with_columns(
        carried_minor=(pl.col("moved") * (pl.col("held") / total).clip(upper_bound=1.0)).floor().cast(pl.Int64)
    )
    return scaled.select("source", "transaction_id", "at", "carried_minor", account_id="to", via="account_id")


def followed(paid: pl.LazyFrame, sources: pl.DataFrame, stops: pl.Series, by: Following) -> pl.DataFrame:
    """Follow money from `sources` (account_id): REACHED, sorted. `paid` is `turned`.

    `stops` are accounts that are reached but never followed through, as hubs are not. Nothing is followed into a
    source. Reads the payments four times a step.
    """
    own = sources.select(near="account_id").unique()
    first = paid.join(own.lazy(), on="near", how="semi").join(own.select(far="near").lazy(), on="far", how="anti")
    step = first.select("transaction_id", "at", source="near", account_id="far", carried_minor="usd_minor", via="near")
    reached = step.with_columns(hop=pl.lit(1, dtype=pl.Int64)).select(REACHED.names()).collect()
    every, known = [reached], reached.select("source", "account_id").unique()
    for hop in range(2, by.hops + 1):
        last = _worth_following(every[-1].filter(~pl.col("account_id").is_in(stops.implode())), paid, by)
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
