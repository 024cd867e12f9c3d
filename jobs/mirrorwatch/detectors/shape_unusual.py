"""Layered money in rounds: from a night's frames to the graph of unusual ties, and from its shapes to findings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, NightFrames
from mirrorwatch.detectors.shape_findings import findings
from mirrorwatch.detectors.shape_night import Ground, knowing
from mirrorwatch.detectors.shape_parameters import ShapeParameters
from mirrorwatch.detectors.shape_prepared import UNUSUAL
from mirrorwatch.detectors.shape_unusual_words import WORDS
from mirrorwatch.features.unusual import MOST_RANK
from mirrorwatch.shapes import rounds
from mirrorwatch.shapes.custom import CUSTOM_DAYS
from mirrorwatch.shapes.graph import graph
from mirrorwatch.shapes.rounds import Wide
from mirrorwatch.shapes.search import Bounds, Shape
from mirrorwatch.shapes.there_and_back import there_and_back

FIGURES = ("times_paid", "times_got", "rank_paid", "rank_got", "weeks")


@dataclass(frozen=True)
class Unusual:
    """What shapes of rounds are looked for in: the ground of unusual ties, and how large each tie is."""

    on: Ground
    wide: Wide


def unusual_ground(night: NightFrames, on: Ground) -> Unusual:
    """Build it beside the graph of loose ties; where nothing was prepared, reads the transactions thrice more."""
    ties = UNUSUAL.of(night).collect()
    once = pl.lit(1, dtype=pl.Int64).alias("payments")
    large = ((pl.col(f"rank_{side}") <= MOST_RANK).alias(f"large_{side}") for side in ("paid", "got"))
    money = graph(ties.with_columns(once, *large), on.kinds, float(on.days))
    figures = (ties[name].to_numpy() for name in FIGURES)
    return Unusual(replace(on, money=money, tie_days=min(on.days, CUSTOM_DAYS)), Wide(money, *figures))


def _pairs(at: Unusual, bounds: Bounds) -> list[Shape]:
    """Money that one account gets and pays back, several times."""
    money = at.wide.money
    names = pl.DataFrame({"payer": money.names[money.payer], "payee": money.names[money.payee]})
    both = names.join(names, left_on=("payer", "payee"), right_on=("payee", "payer"), how="semi")
    payments = at.on.paid.join(both.lazy(), on=("payer", "payee"), how="semi")
    seconds = payments.with_columns(pl.col("booked_at").dt.epoch("s").alias("at")).collect()
    numbered = names.with_row_index("tie")
    shapes = []
    for payer, payee, _, expected in there_and_back(seconds, money.days, bounds.pairs_at_most).iter_rows():
        ties = [
            int(numbered.filter(pl.col("payer") == one, pl.col("payee") == other)["tie"][0])
            for one, other in ((payer, payee), (payee, payer))
        ]
        ends = tuple(int(money.payer[tie]) for tie in ties)
        shapes.append(Shape(tuple(ties), (1, 2), ("hop", "hop"), ends, expected))
    return shapes


def _round_trips(at: Unusual, bounds: Bounds) -> list[Shape]:
    return [*rounds.round_trips(at.wide, bounds), *_pairs(at, bounds)]


_LOOK: dict[str, Callable[[Unusual, Bounds], list[Shape]]] = {
    "round_trip": _round_trips,
    "scatter_gather": lambda at, bounds: rounds.scatter_gathers(at.wide, bounds),
    "gather_scatter": lambda at, bounds: rounds.gather_scatters(at.wide, bounds, partial(knowing, at.on)),
    "bipartite": lambda at, bounds: rounds.bipartites(at.wide, bounds),
    "stack": lambda at, bounds: rounds.stacks(at.wide, bounds),
    "fan_in": lambda at, bounds: rounds.fans(at.wide, bounds, partial(knowing, at.on), inward=True),
    "fan_out": lambda at, bounds: rounds.fans(at.wide, bounds, partial(knowing, at.on), inward=False),
}


def found_in(typology: str, at: Unusual, bounds: Bounds) -> list[Shape]:
    """Look for one typology's shapes of unusual ties."""
    return _LOOK[typology](at, bounds)


def _once(single: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Both, without what the other tells: where they share half of the smaller one's payments, the wider stands.

    Wider is what holds more payments, or names more accounts; of two that are alike, the one of one round.
    """
    width = (pl.col("transaction_ids").list.len() + pl.col("account_ids").list.len()).alias("width")
    lists = [
        frame.with_row_index("row").select("row", pl.col("transaction_ids").alias("id"), width)
        for frame in (single, found)
    ]
    payments = [each.with_columns(pl.col("id").list.len().alias("size")).explode("id") for each in lists]
    shared = payments[0].join(payments[1], on="id", suffix="_found")
    sides = ("row", "row_found", "width", "width_found", "size", "size_found")
    near = (
        shared.group_by(sides)
        .agg(pl.len().alias("shared"))
        .filter(2 * pl.col("shared") >= pl.min_horizontal("size", "size_found"))
    )
    lost = near.filter(pl.col("width_found") > pl.col("width")).select("row")
    left = single.with_row_index("row").join(lost, on="row", how="anti").drop("row")
    beaten = near.join(lost, on="row", how="anti").select(row="row_found")
    return pl.concat([left.cast(FINDINGS), found.with_row_index("row").join(beaten, on="row", how="anti").drop("row")])


def with_rounds(
    typology: str, night: NightFrames, on: Ground, single: pl.LazyFrame, parameters: ShapeParameters
) -> pl.LazyFrame:
    """`single` (FINDINGS of shapes of one round) and those of shapes of unusual ties, by score."""
    at = unusual_ground(night, on)
    shapes = found_in(typology, at, parameters.bounds)
    found = findings(at.on, shapes, WORDS[typology], parameters).collect()
    return (
        _once(single.collect(), found)
        .lazy()
        .sort(pl.col("score") * -1, pl.col("account_ids").list.first(), pl.col("transaction_ids").list.first())
        .select(FINDINGS.names())
    )
