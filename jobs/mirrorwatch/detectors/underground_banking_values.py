"""What each term of the score is for a purse or a group of purses."""

import polars as pl

from mirrorwatch.detectors.underground_banking_money import living
from mirrorwatch.features.running_costs import effective

OCCASION_DAYS = 8  # a week's guests, with the weekend after


def _cash(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: by_others (null where no conductor is known), and the branches and regions of one purse.

    Places are counted as if the same cash came to each: one deposit on a journey is no second branch.
    """
    cash = legs.filter(pl.col("source") == "cash")
    places = [
        cash.drop_nulls(column)
        .group_by("scheme", "number", column)
        .agg(pl.col("usd_minor").sum())
        .group_by("scheme", "number")
        .agg(effective("usd_minor").alias(name))
        .group_by("scheme")
        .agg(pl.col(name).max())
        for name, column in (("branches", "branch_id"), ("regions", "branch_region"))
    ]
    known = pl.col("conductor_party_id").is_not_null()
    other = known & (pl.col("conductor_party_id") != pl.col("party_id"))
    brought = cash.group_by("scheme").agg(
        by_others=pl.when(known.any()).then(other.sum() / known.sum()),
        depositors=pl.col("conductor_party_id").filter(other).n_unique().cast(pl.Int64),
    )
    return brought.join(places[0], on="scheme", how="left").join(places[1], on="scheme", how="left")


def _payees(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: payees, unrelated, card_share, payees_named."""
    out = legs.filter(pl.col("sign") == -1)
    paid = out.group_by("scheme", "other").agg(pl.col("usd_minor").sum()).sort("scheme", "usd_minor", "other")
    usd = pl.col("usd_minor")
    return (
        paid.group_by("scheme")
        .agg(effective("usd_minor").alias("payees"), payees_seen=pl.len().cast(pl.Int64))
        .join(
            out.group_by("scheme").agg(
                unrelated=usd.filter(pl.col("loose") | (pl.col("kind") != "firm")).sum() / usd.sum(),
                card_share=usd.filter(pl.col("use").is_in(("cards", "spend"))).sum() / usd.sum(),
            ),
            on="scheme",
            how="left",
        )
    )


def _days(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: days_in and days_out, as if the same came, or went, on each (of its busiest holder)."""
    daily = legs.group_by("scheme", "number", "sign", pl.col("booked_at").dt.date()).agg(pl.col("usd_minor").sum())
    each = daily.group_by("scheme", "number", "sign").agg(effective("usd_minor").alias("days"))
    came, went = (pl.col("days").filter(pl.col("sign") == sign).max() for sign in (1, -1))
    return each.group_by("scheme").agg(days_in=came, days_out=went)


def _strangers(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: strangers, as if each had paid the same, of the holder with the most."""
    met = (
        legs.filter(pl.col("source") == "stranger").group_by("scheme", "number", "other").agg(pl.col("usd_minor").sum())
    )
    each = met.group_by("scheme", "number").agg(effective("usd_minor").alias("strangers"))
    return each.group_by("scheme").agg(pl.col("strangers").max())


def _occasion(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: givers (depositors and payers, as if all gave the same), size, and gathered.

    gathered: the largest part of the money of one purse that came within OCCASION_DAYS.
    """
    into = legs.filter(pl.col("sign") == 1).sort("scheme", "number", "booked_at", "transaction_id")
    giver = pl.when(pl.col("kind") != "cash").then("other").otherwise("conductor_party_id")
    given = into.with_columns(giver=giver).filter(pl.col("giver").is_not_null(), pl.col("giver") != pl.col("party_id"))
    each = given.group_by("scheme", "giver").agg(pl.col("usd_minor").sum())
    within = pl.col("usd_minor").rolling_sum_by("booked_at", window_size=f"{OCCASION_DAYS}d").over("number")
    gathered = (
        into.with_columns(within=within)
        .group_by("scheme", "number")
        .agg(gathered=pl.col("within").max() / pl.col("usd_minor").sum())
    )
    return (
        into.group_by("scheme")
        .agg(size=_mean_size())
        .join(gathered.group_by("scheme").agg(pl.col("gathered").max()), on="scheme", how="left")
        .join(each.group_by("scheme").agg(effective("usd_minor").alias("givers")), on="scheme", how="left")
    )


def _mean_size() -> pl.Expr:
    """Size of a payment in, in months of usual income, as the mean dollar met it."""
    usd = pl.col("usd_minor")
    return (usd.cast(pl.Int128) * usd).sum().cast(pl.Float64) / usd.sum() / pl.col("monthly_minor").max()


def _received(legs: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: living_text, and what each source brought."""
    into, usd = legs.filter(pl.col("sign") == 1), pl.col("usd_minor")
    return into.group_by("scheme").agg(
        living_text=usd.filter(living()).sum() / usd.sum(),
        named=usd.filter(~pl.col("source").is_in(("stranger", "firm"))).sum() / usd.sum(),
        **{
            f"{name}_minor": usd.filter(pl.col("source") == name).sum()
            for name in ("cash", "abroad", "stranger", "kin", "firm")
        },
    )


def values(legs: pl.DataFrame, purses: pl.DataFrame) -> pl.DataFrame:
    """Give one row a scheme, sorted: every term's column, and more for gates and words.

    `legs` and `purses` are those of `Money`, with `scheme`.
    """
    usd = pl.col("usd_minor")
    came, went = pl.col("sign") == 1, pl.col("sign") == -1
    moved, hours = pl.col("moved_minor"), (pl.col("lag_hours") * pl.col("moved_minor")).round(0).cast(pl.Int64)
    sums = purses.group_by("scheme").agg(
        moved.sum(),
        pl.col("unusual_minor", "used_minor").sum(),
        pl.when(pl.col("carried_minor").is_not_null().all()).then(pl.col("carried_minor").sum()),
        linked=pl.len().cast(pl.Float64),
        rest_hours=hours.sum() / moved.sum(),
        subject=pl.col("subject").min(),
    )
    counts = legs.group_by("scheme").agg(
        ins=came.sum().cast(pl.Int64),
        outs=went.sum().cast(pl.Int64),
        apart=usd.filter(went & ((pl.col("kind") != "firm") | (pl.col("use") != "transfer"))).sum()
        / usd.filter(went).sum(),
        persons=pl.col("other").filter(went & pl.col("kind").is_in(("person", "unknown"))).n_unique(),
    )
    table = sums
    for more in (counts, _days(legs), _cash(legs), _payees(legs), _strangers(legs), _occasion(legs), _received(legs)):
        table = table.join(more, on="scheme", how="left")
    return table.with_columns(
        income_multiple=pl.col("moved_minor") / pl.col("carried_minor"),
        moved_share=pl.col("moved_minor") / pl.col("unusual_minor"),
        days_both=pl.min_horizontal("days_in", "days_out"),
        form=pl.max_horizontal(pl.col("named", "card_share").fill_null(0.0)),
        strangers=pl.col("strangers").fill_null(0.0),
    ).sort("scheme")
