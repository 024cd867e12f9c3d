"""From a night's legs to rings: one search a corridor, the same searches on moved nights, one false-discovery rate."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.matching.bundles import Bundles
from mirrorwatch.matching.chance import ChanceModel, at_least_one, controlled, weekly_shifts
from mirrorwatch.matching.evidence import Rings, Tolerance, pair_key, weigh
from mirrorwatch.matching.search import PRICES, Effort, Ring, search
from mirrorwatch.matching.side import Ints, Side, build_side, shifted

# To name an account costs evidence: about the logarithm of how many accounts of its kind (country, account type, cash
# or not) deal with as many strangers whom they meet once. A collector whom ten people fed at five counters is found
# among few, an ordinary account among thousands; without that price a large enough ring would explain anything.
MEMBER_COST = 0.3
MEMBER_COST_SLOPE = 0.6

SWAPS = pl.Schema(
    {
        "ring": pl.Int64(),
        "expected_by_chance": pl.Float64(),
        "chance_probability": pl.Float64(),
        "score_nats": pl.Float64(),
        "chance_swaps": pl.Float64(),
        "swap": pl.Int64(),
        "side": pl.String(),
        "part": pl.Int64(),
        "transaction_id": pl.String(),
    }
)


@dataclass(frozen=True)
class Corridor:
    """Both sides of one pair of countries and currencies, indexed; tied pairs; transaction ids by row."""

    collecting: Side
    paying: Side
    tied: Ints
    collected: pl.Series
    paid: pl.Series


def _side(legs: pl.DataFrame, origin: int) -> tuple[Side, pl.DataFrame, pl.Series]:
    """Index the legs (sorted here by transaction) and number their nodes, an account and class each."""
    frame = legs.sort("transaction_id", "account_id")
    nodes = (
        frame.group_by("account_id", "class")
        .agg(
            pl.col("group_id", "account_type").first(),
            strangers=pl.col("stranger").is_unique().sum(),
            volume=pl.col("usd_minor").sum(),
        )
        .sort("account_id", "class")
        .with_row_index("node")
        .with_columns(
            pl.col("node").cast(pl.Int64),
            place=pl.struct(-pl.col("strangers").cast(pl.Int64), -pl.col("volume"), "node")
            .rank("ordinal")
            .over("account_type", "class"),
        )
    )
    frame = frame.join(nodes.select("account_id", "class", "node"), on=["account_id", "class"], maintain_order="left")
    seconds = frame["booked_at"].dt.epoch("s").to_numpy() - origin
    cost = MEMBER_COST + MEMBER_COST_SLOPE * np.log(nodes["place"].to_numpy().astype(np.float64))
    node, cents = frame["node"].to_numpy().astype(np.int64), frame["usd_minor"].to_numpy().astype(np.int64)
    rows = np.arange(frame.height, dtype=np.int64)
    side = build_side(node, seconds / 3600.0, cents, rows, cost)
    return side, nodes.select("node", "account_id", "group_id"), frame["transaction_id"]


def _tied_pairs(collecting: pl.DataFrame, paying: pl.DataFrame, tied_groups: pl.DataFrame) -> Ints:
    """Pairs of nodes of one group, or of groups that pay each other across the border."""
    own = collecting.join(paying, on="group_id", suffix="_paying")
    between = (
        collecting.rename({"group_id": "one"})
        .join(tied_groups, on="one")
        .join(paying, left_on="other", right_on="group_id", suffix="_paying")
    )
    pairs = pl.concat([own.select("node", "node_paying"), between.select("node", "node_paying")])
    return np.unique(pair_key(pairs["node"].to_numpy(), pairs["node_paying"].to_numpy())).astype(np.int64)


def corridors(
    collections: pl.DataFrame, payouts: pl.DataFrame, tied_groups: pl.DataFrame, origin: int
) -> Iterator[Corridor]:
    """Every ordered pair of places that differ in country and in currency, in a fixed order."""
    place = ["country", "currency"]
    left = {key: _side(frame, origin) for key, frame in _places(collections, place)}
    right = {key: _side(frame, origin) for key, frame in _places(payouts, place)}
    for here, (collecting, collectors, collected) in left.items():
        for there, (paying, payers, paid) in right.items():
            if here[0] != there[0] and here[1] != there[1]:
                tied = _tied_pairs(collectors, payers, tied_groups)
                yield Corridor(collecting, paying, tied, collected, paid)


def _places(legs: pl.DataFrame, place: list[str]) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    """One place at a time, so that a place's rows are freed once they are indexed."""
    for key in legs.select(place).unique().sort(place).rows():
        yield key, legs.filter(pl.col(name) == value for name, value in zip(place, key, strict=True))


@dataclass(frozen=True)
class Found:
    """A ring that is to be reported: its corridor, its E-value and its probability."""

    corridor: Corridor
    ring: Ring
    expected: float
    probability: float


def find_rings(
    all_corridors: list[Corridor],
    tolerance: Tolerance,
    effort: Effort,
    *,
    window_days: int,
    null_nights: int,
    rate: float,
) -> list[Found]:
    """Search every corridor and every moved night; report the rings that pass the false-discovery rate."""
    shifts, period = weekly_shifts(window_days, null_nights)
    tasks = [(corridor, hours) for corridor in all_corridors for hours in (0.0, *shifts)]

    def one(task: tuple[Corridor, float]) -> list[Ring]:
        corridor, hours = task
        paying = shifted(corridor.paying, hours, period) if hours else corridor.paying
        return search(corridor.collecting, paying, corridor.tied, tolerance, effort)

    # Searches are independent and array work releases the interpreter lock; results come back in the order of tasks.
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(one, tasks))
    judged: list[Found] = []
    for price in PRICES:
        pairs = [(t, ring) for t, found in zip(tasks, results, strict=True) for ring in found if ring.price == price]
        model = ChanceModel(np.array([ring.score for (_, hours), ring in pairs if hours]), len(shifts))
        for (corridor, hours), ring in pairs:
            if not hours:
                # As many chances as there are prices (Bonferroni).
                expected = model.expected_rings(ring.score) * len(PRICES)
                judged.append(Found(corridor, ring, expected, at_least_one(expected)))
    judged = _once(judged)
    return judged[: controlled([item.expected for item in judged], rate)]


def _once(judged: list[Found]) -> list[Found]:
    """Order by what chance gives least; drop a ring that shares accounts on both sides with a better one."""
    order = sorted(
        range(len(judged)), key=lambda i: (judged[i].expected, -judged[i].ring.score, judged[i].ring.price, i)
    )
    kept: list[Found] = []
    for item in (judged[i] for i in order):
        better = (other.ring for other in kept if other.corridor is item.corridor)
        if not any(item.ring.same_matter(ring) for ring in better):
            kept.append(item)
    return kept


def swaps(found: list[Found], tolerance: Tolerance) -> pl.DataFrame:
    """One row a leg of every swap of the reported rings, in the SWAPS schema, sorted."""
    parts = []
    for number, item in enumerate(found):
        corridor = item.corridor
        rings = Rings([item.ring.collectors], [item.ring.payers])
        evidence = weigh(corridor.collecting, corridor.paying, rings, corridor.tied, tolerance)
        order = np.argsort(evidence.collected.hour[evidence.left], kind="stable")
        for side, bundles, chosen, indexed, ids in (
            ("collection", evidence.collected, evidence.left[order], corridor.collecting, corridor.collected),
            ("payout", evidence.paid, evidence.right[order], corridor.paying, corridor.paid),
        ):
            legs = _legs_of_swaps(bundles, chosen, indexed, ids)
            parts.append(
                legs.with_columns(
                    ring=pl.lit(number, pl.Int64),
                    expected_by_chance=pl.lit(item.expected, pl.Float64),
                    chance_probability=pl.lit(item.probability, pl.Float64),
                    score_nats=pl.lit(item.ring.score, pl.Float64),
                    chance_swaps=pl.lit(float(evidence.chance_swaps[0]), pl.Float64),
                    side=pl.lit(side),
                ).select(SWAPS.names())
            )
    if not parts:
        return pl.DataFrame(schema=SWAPS)
    return pl.concat(parts).sort("ring", "swap", "side", "part")


def _legs_of_swaps(bundles: Bundles, chosen: Ints, side: Side, ids: pl.Series) -> pl.DataFrame:
    """(swap from 1, part from 1, transaction_id) of the chosen bundles."""
    members = bundles.parts[chosen]
    swap, part = np.nonzero(members >= 0)
    rows = side.row[bundles.leg[members[swap, part]]]
    return pl.DataFrame({"swap": swap + 1, "part": part + 1, "transaction_id": ids.gather(rows)}).cast(
        {"swap": pl.Int64, "part": pl.Int64}
    )
