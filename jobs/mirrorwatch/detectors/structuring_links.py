"""Which accounts are looked at together: one holder's, and those that the same hands or owners fill side by side."""

import polars as pl

from mirrorwatch.features import chains

_OCCASIONS = 3  # on one day or the next: once or twice is how anybody helps a friend
_TIMES = 4  # in all, by the same hand
_HOUSEHOLD = 2  # holders who bring each other's cash: that is how couples bank
_HANDS = 2  # that serve both, and hold neither
_LEAST_EVERYBODY = 100  # hands that a night has at least: few are seen in a small one
_MOST_BY_CHANCE = 0.3  # hands that two crowds would share, drawn from everybody
_PAIR = ("party_id", "party_id_to")
_NEAR = ("-1d", "0d", "1d")


def _served(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """One row a hand and pair of parties that it served: hand, party_id, party_id_to, days, times, stranger.

    `rows` has hand, party_id, account_id, day. `days`: on which both were served, or one the day after the other;
    `times`: the fewer of the sums brought to either. A hand that serves more than `most` accounts does so by trade.
    """
    each = (
        rows.filter(pl.col("hand").is_not_null())
        .filter(pl.col("account_id").n_unique().over("hand") <= most)
        .group_by("hand", "party_id", "day")
        .agg(pl.len().cast(pl.Int64).alias("sums"))
        .with_columns(pl.col("party_id").n_unique().over("hand").alias("parties"))
        .filter(pl.col("parties") > 1)
    )
    served = each.group_by("hand", "party_id", "parties").agg(pl.col("sums").sum().alias("times"))
    pairs = served.join(served, on=("hand", "parties"), suffix="_to").filter(pl.col("party_id") < pl.col("party_id_to"))
    own = (pl.col("hand") == pl.col("party_id")) | (pl.col("hand") == pl.col("party_id_to"))
    return (
        pairs.filter(~own | (pl.col("parties") > _HOUSEHOLD))
        .join(_side_by_side(each), on=("hand", *_PAIR), how="left")
        .select(
            "hand", *_PAIR,
            pl.col("days").fill_null(0),
            pl.min_horizontal("times", "times_to").alias("times"),
            (~own).alias("stranger"),
        )
    )  # fmt: skip


def _side_by_side(each: pl.DataFrame) -> pl.DataFrame:
    """One row a hand and pair with such days: hand, party_id, party_id_to, days. Joined by day, not all with all."""
    around = pl.concat(each.select("hand", party_id_to="party_id", day=pl.col("day").dt.offset_by(by)) for by in _NEAR)
    both = each.join(around.unique(), on=("hand", "day"), how="inner").filter(
        pl.col("party_id") < pl.col("party_id_to")
    )
    return both.group_by("hand", *_PAIR).agg(pl.col("day").n_unique().alias("days"))


def _links(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Pairs of parties that the same hands, or one owner, serve side by side: party_id, party_id_to."""
    hands = _served(rows.with_columns(pl.col("conductor_party_id").alias("hand")), most).group_by(_PAIR)
    many = rows.filter(pl.col("conductor_party_id").is_not_null())
    everybody = max(many["conductor_party_id"].n_unique(), _LEAST_EVERYBODY)
    crowd = many.group_by("party_id").agg(pl.col("conductor_party_id").n_unique().cast(pl.Float64).alias("crowd"))
    often = (
        (pl.col("days").sum() >= _OCCASIONS) | (pl.col("times").sum() >= _TIMES) | (pl.col("stranger").sum() >= _HANDS)
    )
    # to have one owner is no hand at the counter: only days tell
    owners = _served(rows.with_columns(pl.col("group_id").alias("hand")), most).filter(pl.col("days") >= _OCCASIONS)
    by_chance = pl.col("crowd") * pl.col("crowd_to") / everybody
    served = (
        hands.agg(often.alias("often"))
        .filter("often")
        .join(crowd, on="party_id", how="left")
        .join(crowd, left_on="party_id_to", right_on="party_id", how="left", suffix="_to")
        .filter(by_chance <= _MOST_BY_CHANCE)
        .select(_PAIR)
    )
    return pl.concat([served, owners.select(_PAIR)]).unique().sort(_PAIR)


def clustered(rows: pl.DataFrame, by_money: pl.DataFrame, most_conducted: int, most_accounts: int) -> pl.DataFrame:
    """`rows` with `cluster`: one holder, or several that are filled side by side, but no more than `most_accounts`.

    `by_money`: pairs of parties (party_id, party_id_to) that money ties.
    """
    holders = rows.select("party_id").unique()
    links = pl.concat([_links(rows, most_conducted), by_money]).unique().sort(_PAIR)
    linked = chains.component_of(holders, links, ("party_id",), "cluster")
    joined = rows.join(linked, on="party_id", how="left")
    crowded = pl.col("account_id").n_unique().over("cluster") > most_accounts
    own = pl.col("party_id").rank("dense").cast(pl.Int64) + holders.height
    return joined.with_columns(pl.when(crowded).then(own).otherwise("cluster").alias("cluster"))


def main_members(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep accounts with a quarter or more of what each in the cluster handled on average: not what a life brings."""
    whole = pl.col("part").sum().over("cluster", "kind")
    accounts = pl.col("account_id").n_unique().over("cluster", "kind")
    return rows.filter(pl.col("part").sum().over("cluster", "kind", "account_id") * accounts * 4 >= whole)
