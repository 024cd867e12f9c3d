"""Which sums may be one evader's, and on which days they add up to more than a report would have stood for."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.structuring_links import clustered, main_members
from mirrorwatch.detectors.structuring_parameters import StructuringParameters
from mirrorwatch.features import counter
from mirrorwatch.features.counter import WHOLE
from mirrorwatch.features.draining import drained

CLUSTER = ("cluster", "kind")
_TELLING = {"branch_id": "telling_branch", "conductor_party_id": "telling_hand"}
_PLACES = ("branch_id", "conductor_party_id", "account_id")


@dataclass(frozen=True)
class Pieces:
    """`rows`: pieces (HANDLED and `placed`, cluster). `all`: everything that those clusters handled, likewise."""

    rows: pl.DataFrame
    all: pl.DataFrame
    weeks: int


def pieces(
    handled: pl.DataFrame,
    turnover: pl.DataFrame,
    parameters: StructuringParameters,
    ties: Callable[[pl.DataFrame], pl.DataFrame],
) -> Pieces:
    """Find sums under the threshold that no habit of a business explains, with the cluster that each belongs to.

    `handled` is HANDLED; `turnover` has party_id, turnover_usd; `ties` gives pairs of parties that money ties.
    """
    placed = counter.placed(handled).sort("transaction_id")
    weeks = placed["day"].dt.truncate("1w").n_unique()
    small = placed.filter(pl.col("below"), pl.col("part") >= round(parameters.least_piece * WHOLE))
    usual = counter.takings(
        _own_trade(placed, turnover, parameters), weeks, parameters.regular_weeks, parameters.steady_weeks
    )
    kept = small.join(usual, on="transaction_id", how="anti")
    together = main_members(clustered(kept, ties(kept), parameters.most_conducted, parameters.most_accounts))
    owners = together.select("account_id", "cluster").unique("account_id")
    return Pieces(
        together.sort("transaction_id"), placed.join(owners, on="account_id", how="inner").sort("transaction_id"), weeks
    )


def _own_trade(rows: pl.DataFrame, turnover: pl.DataFrame, parameters: StructuringParameters) -> pl.DataFrame:
    """Cash of businesses that their declared turnover can carry; an unknown turnover carries any."""
    business = rows.filter(~pl.col("personal"), pl.col("kind") != counter.INSTRUMENT)
    if business.is_empty():
        return business
    span = rows.select((pl.col("day").max() - pl.col("day").min()).dt.total_days() + 1).item()
    yearly = pl.col("usd_minor").sum().over("party_id", "kind") * 365 / span / 100
    joined = business.join(turnover, on="party_id", how="left")
    return joined.filter((yearly <= pl.col("turnover_usd") * parameters.most_turnover).fill_null(value=True))


def _united(*columns: str) -> list[pl.Expr]:
    return [
        pl.concat_list(column, f"{column}_next").list.drop_nulls().list.n_unique().alias(f"both_{column}")
        for column in columns
    ]


def _telling(places: dict[str, str]) -> pl.Expr:
    """How much it tells that a day's sums were apart: 1, or less where ordinary accounts are as often apart.

    `places`: the list, or number, of each of _PLACES on the day.
    """
    most = pl.lit(0.0)
    for column, number in places.items():
        most = pl.max_horizontal(most, pl.when(pl.col(number) > 1).then(pl.col(_TELLING.get(column, "one"))))
    return most


def split_days(found: Pieces, usual: pl.DataFrame, parameters: StructuringParameters) -> pl.DataFrame:
    """Days on which pieces add up to a report: cluster, kind, day, until, apart, split.

    `split` is 1, or 0.5 for two days, and less where `usual` (counter.usual_shares) says that places change anyhow.
    """
    flat = 0.9  # one in ten is no habit; the root, since several large sums on one day are rare in themselves
    weights = usual.select(
        "personal", ((1 - pl.col("usual_elsewhere")) / flat).clip(0, 1).sqrt().alias("telling_branch"),
        ((1 - pl.col("usual_by_other")) / flat).clip(0, 1).sqrt().alias("telling_hand"), pl.lit(1.0).alias("one"),
    )  # fmt: skip
    days = (
        found.rows.join(weights, on="personal", how="left")
        .group_by(*CLUSTER, "day")
        .agg(
            pl.col("telling_branch", "telling_hand", "one").min(),
            pl.len().alias("pieces"),
            pl.col("part").sum(),
            *(pl.col(column).drop_nulls().unique().sort() for column in _PLACES),
        )
        .sort(*CLUSTER, "day")
    )
    mean = round(parameters.least_mean_piece * WHOLE)
    apart = pl.max_horizontal(pl.col(column).list.len() for column in _PLACES).cast(pl.Int64)
    # every cashier's cheque is an instrument of its own, wherever it is bought
    apart = pl.when(pl.col("kind") == counter.INSTRUMENT).then(pl.col("pieces").cast(pl.Int64)).otherwise(apart)
    over = (pl.col("part") >= WHOLE) & (pl.col("part") >= mean * pl.col("pieces"))
    one = days.with_columns(apart.alias("apart"), *(pl.col(c).list.len().alias(f"n_{c}") for c in _PLACES))
    one = one.with_columns((over & (pl.col("apart") > 1)).alias("whole"))
    told = _telling({column: f"n_{column}" for column in _PLACES})
    told = pl.when(pl.col("kind") == counter.INSTRUMENT).then(1.0).otherwise(told)
    whole = one.filter("whole").select(*CLUSTER, "day", until="day", apart="apart", split=told)
    return pl.concat([whole, _two_days(one, mean)]).sort(*CLUSTER, "day")


def _two_days(one: pl.DataFrame, mean: int) -> pl.DataFrame:
    """Pairs of business days that only together add up to a report, neither of which does alone."""
    carried = ("day", "part", "pieces", "whole", *_PLACES)
    nexts = [pl.col(column).shift(-1).over(*CLUSTER).alias(f"{column}_next") for column in carried]
    friday = 5
    gap = (pl.col("day_next") - pl.col("day")).dt.total_days()
    near = gap <= pl.when(pl.col("day").dt.weekday() == friday).then(3).otherwise(1)
    part, number = pl.col("part") + pl.col("part_next"), pl.col("pieces") + pl.col("pieces_next")
    pairs = (
        one.filter(pl.col("kind") != counter.INSTRUMENT)
        .sort(*CLUSTER, "day")
        .with_columns(nexts)
        .filter(near, ~pl.col("whole"), ~pl.col("whole_next"), part >= WHOLE, part >= mean * number)
        .with_columns(_united(*_PLACES))
    )
    apart = pl.max_horizontal(f"both_{column}" for column in _PLACES).cast(pl.Int64).alias("apart")
    return pairs.with_columns(apart).filter(pl.col("apart") > 1).select(
        *CLUSTER, "day", until="day_next", apart="apart", split=_telling({each: f"both_{each}" for each in _PLACES}) / 2
    )  # fmt: skip


def cash_behind(everything: Pieces, found: Pieces, days: int) -> pl.DataFrame:
    """One row a cluster with instruments: cluster, kind, cash_behind, the share that cash of the `days` before paid.

    A record is kept of instruments that are sold for cash: what wages paid for evades none.
    """
    bought = found.rows.filter(pl.col("kind") == counter.INSTRUMENT)
    number = bought.select("cluster").unique().sort("cluster").with_row_index("holder")
    number = number.with_columns(pl.col("holder").cast(pl.Int64))
    cash = everything.all.filter(pl.col("kind") == counter.DEPOSIT)
    came, went = (rows.join(number, on="cluster", how="inner") for rows in (cash, bought))
    paid = drained(came, went, number.height, days).select("holder", "gone_minor")
    sums = went.group_by("cluster", "kind", "holder").agg(pl.col("usd_minor").sum())
    share = pl.col("gone_minor").fill_null(0) / pl.col("usd_minor")
    return sums.join(paid, on="holder", how="left").select(*CLUSTER, cash_behind=share)


def changed(transactions: pl.LazyFrame, found: Pieces, bounds: pl.DataFrame) -> pl.DataFrame:
    """Deposits over the threshold taken back and brought again below it: cluster, kind, transaction_id, booked_at."""
    cash = transactions.filter(pl.col("channel").is_in(("cash_deposit", "cash_withdrawal")))
    undone = transactions.filter(pl.col("reverses_transaction_id").is_not_null()).select(
        transaction_id="reverses_transaction_id"
    )
    accounts = found.rows.select("account_id", "cluster").unique("account_id")
    holders = accounts.select("account_id", party_id=pl.lit(""), group_id=pl.lit(""), personal=pl.lit(value=True))
    taken = cash.join(undone.unique("transaction_id"), on="transaction_id", how="semi")
    large = counter.handled(taken, holders.lazy(), bounds, WHOLE).collect()
    large = large.filter(~pl.col("below")).join(accounts, on="account_id", how="inner")
    again = large.select("transaction_id", "account_id", "kind", "booked_at", "part", "cluster").join(
        found.rows.select("account_id", "kind", "part", again_at="booked_at"),
        on=("account_id", "kind"),
        suffix="_again",
    )
    after = (pl.col("again_at") - pl.col("booked_at")).dt.total_hours()
    return (
        again.filter(after.is_between(0, 60))
        .group_by("cluster", "kind", "transaction_id", "booked_at", "part")
        .agg(pl.col("part_again").sum())
        .filter(pl.col("part_again") * 2 >= pl.col("part"))  # a slip of the pen leaves far less
        .select("cluster", "kind", "transaction_id", "booked_at")
        .sort(pl.all())
    )
