"""From a night's legs to rings: one search a corridor, the same searches on moved nights, one false-discovery rate."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mirrorwatch.matching.bundles import Bundles
from mirrorwatch.matching.chance import ChanceModel, at_least_one, controlled, weekly_shifts
from mirrorwatch.matching.corridor import Corridor, Tolerance, pair_key
from mirrorwatch.matching.evidence import Rings, weigh
from mirrorwatch.matching.search import Ring, search
from mirrorwatch.matching.seeding import Effort
from mirrorwatch.matching.side import Ints, Side, build_side

# To name an account costs evidence: about the logarithm of how many accounts of its kind (country, account type, cash
# or not) deal with as many strangers for as large a multiple of the income they declare. A collector whom ten people
# fed far beyond his means is found among few, an ordinary account among thousands; without that price a large enough
# ring would explain anything.
MEMBER_COST = 0.3
MEMBER_COST_SLOPE = 0.8
KINDS = {"cash": 0, "card": 1, "account": 2}

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
class Route:
    """A corridor; the transaction ids by row and the account ids by node of its collections and of its payouts."""

    corridor: Corridor
    collected: pl.Series
    paid: pl.Series
    collectors: pl.Series
    payers: pl.Series

    def names(self, ring: Ring) -> frozenset[str]:
        """Accounts of a ring."""
        members = ((self.collectors, ring.collectors), (self.payers, ring.payers))
        return frozenset(account for ids, nodes in members for account in ids.gather(list(nodes)).to_list())


def _nodes(legs: pl.DataFrame) -> pl.DataFrame:
    """Give each node, an account and class, a number and its place among those of its kind."""
    # A party that declares nothing, or zero, stands by its volume alone.
    income = pl.when(pl.col("turnover_usd") > 0).then("turnover_usd").otherwise(1.0)
    standing = pl.col("strangers").clip(0.5, None).log() + (pl.col("volume") / income).log()
    return (
        legs.group_by("account_id", "class")
        .agg(
            pl.col("group_id", "account_type", "turnover_usd").first(),
            strangers=pl.col("stranger").is_unique().sum(),
            volume=pl.col("usd_minor").sum(),
        )
        .sort("account_id", "class")
        .with_row_index("node")
        .with_columns(
            pl.col("node").cast(pl.Int64),
            place=pl.struct(-standing, "node").rank("ordinal").over("account_type", "class"),
        )
    )


def _side(legs: pl.DataFrame, origin: int) -> tuple[Side, pl.DataFrame, pl.Series]:
    """Index the legs (sorted here by transaction) and number their nodes."""
    frame = legs.sort("transaction_id", "account_id")
    nodes = _nodes(frame)
    frame = frame.join(nodes.select("account_id", "class", "node"), on=["account_id", "class"], maintain_order="left")
    seconds = frame["booked_at"].dt.epoch("s").to_numpy() - origin
    side = build_side(
        node=frame["node"].to_numpy().astype(np.int64),
        hour=seconds / 3600.0,
        cents=frame["usd_minor"].to_numpy().astype(np.int64),
        row=np.arange(frame.height, dtype=np.int64),
        mark=frame["mark"].to_numpy(),
        cost=MEMBER_COST + MEMBER_COST_SLOPE * np.log(nodes["place"].to_numpy().astype(np.float64)),
        kind=nodes["class"].replace_strict(KINDS, return_dtype=pl.Int64).to_numpy(),
        holder=nodes["account_id"].rank("dense").cast(pl.Int64).to_numpy(),
    )
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


def routes(
    collections: pl.DataFrame, payouts: pl.DataFrame, tied_groups: pl.DataFrame, tolerance: Tolerance, origin: int
) -> Iterator[Route]:
    """Every ordered pair of places that differ in country and in currency, in a fixed order."""
    place = ["country", "currency"]
    left = {key: _side(frame, origin) for key, frame in _places(collections, place)}
    right = {key: _side(frame, origin) for key, frame in _places(payouts, place)}
    for here, (collecting, collectors, collected) in left.items():
        for there, (paying, payers, paid) in right.items():
            if here[0] != there[0] and here[1] != there[1]:
                tied = _tied_pairs(collectors, payers, tied_groups)
                corridor = Corridor(collecting, paying, tied, tolerance)
                yield Route(corridor, collected, paid, collectors["account_id"], payers["account_id"])


def _places(legs: pl.DataFrame, place: list[str]) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    """One place at a time, so that a place's rows are freed once they are indexed."""
    for key in legs.select(place).unique().sort(place).rows():
        yield key, legs.filter(pl.col(name) == value for name, value in zip(place, key, strict=True))


@dataclass(frozen=True)
class Found:
    """A ring of a route, the accounts that it names, and how many such rings a night shows by chance."""

    route: Route
    ring: Ring
    accounts: frozenset[str]
    expected: float = float("inf")

    @property
    def probability(self) -> float:
        """Probability that a night of ordinary activity shows at least one ring with this score."""
        return at_least_one(self.expected)


def find_rings(
    all_routes: list[Route],
    effort: Effort,
    *,
    window_days: int,
    null_nights: int,
    rate: float,
) -> list[Found]:
    """Search every corridor and every moved night; report the rings that pass the false-discovery rate."""
    shifts, period = weekly_shifts(window_days, null_nights)
    tasks = [(route, hours) for route in all_routes for hours in (0.0, *shifts)]

    def one(task: tuple[Route, float]) -> list[Found]:
        route, hours = task
        return [Found(route, ring, route.names(ring)) for ring in search(route.corridor.moved(hours, period), effort)]

    # Searches are independent and array work releases the interpreter lock; results come back in the order of tasks.
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(one, tasks))
    seen, by_chance = (
        [item for (_, hours), found in zip(tasks, results, strict=True) if bool(hours) == moved for item in found]
        for moved in (False, True)
    )
    return _judge(seen, by_chance, len(shifts), rate)


def _judge(seen: list[Found], by_chance: list[Found], nights: int, rate: float) -> list[Found]:
    """Judge every ring against chance elsewhere and against the chance of its own accounts; report what passes.

    The accounts of a true ring are busy in the moved nights too. Pooled with all others they would make chance look
    stronger for everybody, so they count where they belong: with the ring that names them.
    """
    apart = _apart(seen)
    own = [[rival.ring.score for rival in by_chance if not item.accounts.isdisjoint(rival.accounts)] for item in apart]
    strong = (item for item, scores in zip(apart, own, strict=True) if item.ring.score > max(scores, default=-np.inf))
    set_apart = frozenset[str]().union(*(item.accounts for item in strong))
    elsewhere = [rival.ring.score for rival in by_chance if set_apart.isdisjoint(rival.accounts)]
    model = ChanceModel(np.array(elsewhere), nights)
    judged = [
        replace(item, expected=model.expected_rings(item.ring.score, np.array(scores)))
        for item, scores in zip(apart, own, strict=True)
    ]
    judged.sort(key=lambda item: item.expected)
    return judged[: controlled([item.expected for item in judged], rate)]


def _apart(found: list[Found]) -> list[Found]:
    """Best first; none names an account of a better one."""
    order = sorted(range(len(found)), key=lambda i: (-found[i].ring.score, i))
    kept: list[Found] = []
    named: frozenset[str] = frozenset()
    for item in (found[i] for i in order):
        if named.isdisjoint(item.accounts):
            kept.append(item)
            named |= item.accounts
    return kept


def swaps(found: list[Found]) -> pl.DataFrame:
    """One row a leg of every swap of the reported rings, in the SWAPS schema, sorted."""
    parts = []
    for number, item in enumerate(found):
        corridor = item.route.corridor
        evidence = weigh(corridor, Rings([item.ring.collectors], [item.ring.payers]))
        order = np.argsort(evidence.collected.hour[evidence.left], kind="stable")
        for side, bundles, chosen, indexed, ids in (
            ("collection", evidence.collected, evidence.left[order], corridor.collecting, item.route.collected),
            ("payout", evidence.paid, evidence.right[order], corridor.paying, item.route.paid),
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
