"""One matter, one alert, also across the layered shapes: a scatter-gather is a fan-out and a fan-in besides.

Of layered shapes that rest on the same payments the one is published that explains most: a ring before the single file
that it also is, blocks and stacks before mere crowds, then the one with most payments. The others are named beside it.
"""

from collections import Counter, defaultdict

import polars as pl

# What only says that one account dealt with many comes last; among equals the more particular shape is first.
RINGS = ("round_trip",)
WIDE = ("stack", "bipartite", "scatter_gather")
CROWDS = ("gather_scatter", "fan_in", "fan_out")


def told_once(candidates: pl.DataFrame) -> pl.DataFrame:
    """Leave out layered shapes half of whose payments (of the smaller one's) a better one tells; keep the rest.

    Needs alert_id, typology, transaction_ids, narrative of all typologies; returns a subset of its rows in their
    order, with what else they look like added to the narrative.
    """
    layered = candidates.filter(pl.col("typology").is_in([*RINGS, *WIDE, *CROWDS]))
    told = _told_by(_best_first(layered))
    kind = dict(layered.select("alert_id", "typology").iter_rows())
    beside: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for weaker, better in told.items():
        beside[better][kind[weaker]] += 1
    notes = {better: _note(also) for better, also in beside.items()}
    note = pl.col("alert_id").replace_strict(notes, default="", return_dtype=pl.String)
    return candidates.filter(~pl.col("alert_id").is_in(list(told))).with_columns(pl.concat_str("narrative", note))


def told_together(typology: str) -> frozenset[str]:
    """Return the typologies whose findings decide whether one of `typology` is published, and in what words."""
    layered = frozenset((*RINGS, *WIDE, *CROWDS))
    return layered if typology in layered else frozenset({typology})


def _note(also: Counter[str]) -> str:
    looks = ", ".join(f"{name} ({count})" for name, count in sorted(also.items()))
    return f" The same payments look like other shapes as well, which are not published beside it: {looks}."


def _best_first(layered: pl.DataFrame) -> pl.DataFrame:
    order = {name: place for place, name in enumerate((*RINGS, *WIDE, *CROWDS))}
    return (
        layered.with_columns(
            rank=pl.col("typology").is_in(CROWDS).cast(pl.Int64) - pl.col("typology").is_in(RINGS).cast(pl.Int64),
            explained=pl.col("transaction_ids").list.n_unique(),
            place=pl.col("typology").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("rank", "explained", "place", "alert_id", descending=[False, True, False, False])
        .select("alert_id", "explained", "transaction_ids")
    )


def _told_by(best_first: pl.DataFrame) -> dict[str, str]:
    """Weaker alert to the better, kept one that tells half of the smaller one's payments."""
    rows = best_first.select("alert_id", "explained", pl.col("transaction_ids").list.unique()).explode(
        "transaction_ids"
    )
    pairs = rows.join(rows, on="transaction_ids", suffix="_other").filter(
        pl.col("alert_id") != pl.col("alert_id_other")
    )
    smaller = pl.min_horizontal("explained", "explained_other")
    shared = pairs.group_by("alert_id", "alert_id_other").agg(pl.len(), smaller.first().alias("smaller"))
    near: defaultdict[str, set[str]] = defaultdict(set)
    for alert, other in (
        shared.filter(2 * pl.col("len") >= pl.col("smaller")).select("alert_id", "alert_id_other").rows()
    ):
        near[alert].add(other)
    kept: dict[str, int] = {}
    told: dict[str, str] = {}
    for place, alert in enumerate(best_first["alert_id"]):
        better = min((other for other in near[alert] if other in kept), key=kept.__getitem__, default=None)
        if better is None:
            kept[alert] = place
        else:
            told[alert] = better
    return told
