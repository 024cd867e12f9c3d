"""Money carried on: payments into somebody's account that explain what that party paid soon after.

Each onward payment is explained by at most one payment in, and each payment in explains at most one: the one nearest in
amount, then in time. Joined by day, so that an exchange with thousands of payments a day costs no more than those.
"""

from dataclasses import dataclass

import polars as pl

DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Carrying:
    """What counts as carried on: days between, and what the carrier keeps (basis points of what came in)."""

    days: int
    least_kept: int
    most_kept: int


def forwarded(incoming: pl.DataFrame, onward: pl.DataFrame, days: int) -> pl.DataFrame:
    """Rows of `incoming` after which their payee paid something of `onward` within `days`, with its `onward_id`.

    For carriers that split or gather what they pass on, so that no sum fits another; each row is given the next payment
    onward. Columns as for `carried`, but for `kept`.
    """
    following = onward.select(carrier="payer", at="booked_at", onward_id="transaction_id").sort("at", "onward_id")
    rows = incoming.with_columns(carrier="payee", at="booked_at").sort("at", "transaction_id")
    found = rows.join_asof(
        following, on="at", by="carrier", strategy="forward", tolerance=f"{days}d", check_sortedness=False
    )
    return found.drop_nulls("onward_id").drop("carrier", "at").sort("transaction_id")


def carried(incoming: pl.LazyFrame, onward: pl.DataFrame, by: Carrying) -> pl.DataFrame:
    """Rows of `incoming` with `onward_id` and `kept` (basis points), sorted by transaction_id.

    Both have transaction_id, payer, payee, booked_at, usd_minor; `incoming` any more. An incoming payment's payee is
    the onward one's payer, and nobody is followed back to whom they pay.
    """
    if onward.is_empty():
        empty = incoming.collect_schema()
        return pl.DataFrame(schema={**empty, "onward_id": pl.String(), "kept": pl.Int64()})
    targets = onward.select(
        pl.col("transaction_id").alias("onward_id"), pl.col("payer").alias("carrier"), pl.col("payee").alias("end"),
        pl.col("booked_at").alias("onward_at"), pl.col("usd_minor").alias("onward_minor"),
    )  # fmt: skip
    days = targets.with_columns(
        day=pl.int_ranges(
            pl.col("onward_at").dt.epoch("us") // DAY_US - by.days, pl.col("onward_at").dt.epoch("us") // DAY_US + 1
        )
    ).explode("day", empty_as_null=False)
    kept = ((pl.col("usd_minor") - pl.col("onward_minor")) * 10_000 // pl.col("usd_minor")).alias("kept")
    lag = (pl.col("onward_at") - pl.col("booked_at")).dt.total_seconds()
    pairs = (
        incoming.with_columns(pl.col("payee").alias("carrier"), day=pl.col("booked_at").dt.epoch("us") // DAY_US)
        .join(days.lazy(), on=("carrier", "day"), how="inner")
        .with_columns(kept, lag.alias("lag"))
        .filter(
            pl.col("kept").is_between(by.least_kept, by.most_kept),
            pl.col("lag").is_between(0, by.days * 86_400),
            pl.col("payer") != pl.col("end"),
        )
        .collect()
    )
    best = ("kept", "lag", "transaction_id", "onward_id")
    nearest = pairs.sort(best).unique("onward_id", keep="first", maintain_order=True)
    nearest = nearest.sort(best).unique("transaction_id", keep="first", maintain_order=True)
    return nearest.drop("carrier", "day", "end", "onward_at", "onward_minor", "lag").sort("transaction_id")
