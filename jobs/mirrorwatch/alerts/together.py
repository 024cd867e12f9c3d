"""One scheme, one alert, also across typologies: the one that explains most is published, the others stand beside it.

Of layered shapes on the same payments a ring comes before the single file that it also is, blocks and stacks before
mere crowds, then the one with most payments. Of what is left, an alert whose accounts and a good part of whose payments
another one holds is told by that one, which keeps its own evidence and score: neither was made for the sum. Structured
cash that goes on is told as such where it is most of that cash, and as underground banking where it is a small part.
What it also looks like is said in its narrative and in an indicator without weight, `also_` and the typology.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import polars as pl

from mirrorwatch.contract import INDICATOR, TYPOLOGIES

RINGS = ("round_trip",)
WIDE = ("stack", "bipartite", "scatter_gather")
CROWDS = ("gather_scatter", "fan_in", "fan_out")
SHAPES = (*RINGS, *WIDE, *CROWDS)
# Both legs of a swap come before all else; what is true of an account's cash in general comes after what says for what
# it was; a crowd is only the look of something. Within a row the one with most accounts, then payments, comes first.
WHOLE = ("mirror_swap",)
DIVIDED, MOVED_ON = "structuring", "underground_banking"
GENERAL = (MOVED_ON, DIVIDED)
# How cash was divided says more than that it moved on where it is two fifths of all payments shown: each sum is shown
# when it comes and when it goes, so that two of five payments are four of five deposits.
HOLDS_THE_CASH = (2, 5)
# What is true of whom money belongs to says nothing of the others through whom it went.
OF_WHOM = ("watchlist_exposure", "opaque_ownership")
ALSO = "also_"


def told_once(candidates: pl.DataFrame) -> pl.DataFrame:
    """Leave out alerts that a better one tells; keep the rest, with what else they look like.

    Needs alert_id, typology, account_ids, transaction_ids, narrative and indicators of all typologies; returns a subset
    of its rows in their order.
    """
    layered = candidates.filter(pl.col("typology").is_in(SHAPES))
    told = _told_by(_shapes_first(layered), _half_of_smaller)
    left = candidates.filter(~pl.col("alert_id").is_in(list(told)))
    told |= _told_by(_explaining_most_first(left), _mostly_within)
    beside = _beside(told, dict(candidates.select("alert_id", "typology").iter_rows()))
    kept = candidates.filter(~pl.col("alert_id").is_in(list(told)))
    return _with_notes(kept, beside)


def also(indicators: pl.Expr) -> pl.Expr:
    """Typologies that an alert's `indicators` say it also looks like, as a list."""
    codes = indicators.list.eval(pl.element().struct.field("code"))
    return codes.list.eval(
        pl.element().filter(pl.element().str.starts_with(ALSO)).str.strip_prefix(ALSO)
    ).list.set_intersection(list(TYPOLOGIES))


def _beside(told: dict[str, str], kind: dict[str, str]) -> dict[str, Counter[str]]:
    """Typologies of the alerts that each kept one tells, also of those that were told by one that is itself told."""
    beside: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for weaker, better in told.items():
        last = better
        while last in told:
            last = told[last]
        beside[last][kind[weaker]] += 1
    return beside


def _with_notes(kept: pl.DataFrame, beside: dict[str, Counter[str]]) -> pl.DataFrame:
    notes = {alert: _note(others) for alert, others in beside.items()}
    rows = [(alert, list(_indicators(others))) for alert, others in sorted(beside.items())]
    more = pl.DataFrame(rows, schema={"alert_id": pl.String, "more": pl.List(INDICATOR)}, orient="row")
    note = pl.col("alert_id").replace_strict(notes, default="", return_dtype=pl.String)
    empty = pl.lit([], dtype=pl.List(INDICATOR))
    return (
        kept.join(more, on="alert_id", how="left", maintain_order="left")
        .with_columns(
            pl.concat_str("narrative", note), pl.col("indicators").list.concat(pl.col("more").fill_null(empty))
        )
        .drop("more")
    )


def _note(others: Counter[str]) -> str:
    looks = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
    return f" The same payments look like other typologies as well, which are not published beside this one: {looks}."


def _indicators(others: Counter[str]) -> Iterator[dict[str, object]]:
    for name, count in sorted(others.items()):
        yield {
            "code": ALSO + name,
            "value": float(count),
            "threshold": None,
            "reference": f"docs/typologies/{name}.md",
            "weight": 0.0,
            "reason": "Findings of this other typology on the same payments, which this alert stands for.",
        }


def _shapes_first(layered: pl.DataFrame) -> pl.DataFrame:
    order = {name: place for place, name in enumerate(SHAPES)}
    return (
        layered.with_columns(
            rank=pl.col("typology").is_in(CROWDS).cast(pl.Int64) - pl.col("typology").is_in(RINGS).cast(pl.Int64),
            explained=pl.col("transaction_ids").list.n_unique(),
            place=pl.col("typology").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("rank", "explained", "place", "alert_id", descending=[False, True, False, False])
        .select("alert_id", "typology", "account_ids", "transaction_ids")
    )


def _holding_the_cash(candidates: pl.DataFrame) -> pl.Series:
    """Alerts of divided cash that name all whom one of cash that moved on names, and hold most of its cash."""
    pairs = _pairs(candidates.filter(pl.col("typology").is_in(GENERAL)))
    part, whole = HOLDS_THE_CASH
    return pairs.filter(
        pl.col("typology") == DIVIDED,
        pl.col("typology_other") == MOVED_ON,
        pl.col("shared_accounts") >= pl.col("accounts_other"),
        whole * pl.col("shared_payments") >= part * pl.col("payments_other"),
    )["alert_id"].unique()


def _nearly_all_shown() -> pl.Expr:
    """Pairs of a shape and what says what its money was: it shows three of four payments and names two accounts of it.

    One account, where the shape names no more: the payments of one explain none of those through whom they went.
    """
    layered = pl.col("typology").is_in(SHAPES) & ~pl.col("typology_other").is_in([*SHAPES, *OF_WHOM])
    named = pl.col("shared_accounts") >= pl.min_horizontal("accounts", 2)
    return layered & named & (4 * pl.col("shared_payments") >= 3 * pl.col("payments"))


def _fragments(candidates: pl.DataFrame) -> pl.Series:
    """Open shapes that are a part of what says what the money was: it shows nearly all of theirs and a third more.

    They name more accounts only because payers and payees stand in their layers.
    """
    pairs = _pairs(candidates.filter(~pl.col("typology").is_in([*RINGS, *GENERAL])))
    wider = 3 * pl.col("payments_other") >= 4 * pl.col("payments")
    return pairs.filter(_nearly_all_shown() & wider)["alert_id"].unique()


def _explaining_most_first(candidates: pl.DataFrame) -> pl.DataFrame:
    return (
        candidates.with_columns(
            row=pl.when(pl.col("typology").is_in(WHOLE))
            .then(0)
            .when(pl.col("alert_id").is_in(_holding_the_cash(candidates).implode()))
            .then(2)
            .when(pl.col("typology").is_in(GENERAL))
            .then(3)
            .when(pl.col("typology").is_in(CROWDS) | pl.col("alert_id").is_in(_fragments(candidates).implode()))
            .then(4)
            .otherwise(1),
            named=pl.col("account_ids").list.n_unique(),
            explained=pl.col("transaction_ids").list.n_unique(),
        )
        .sort("row", "named", "explained", "typology", "alert_id", descending=[False, True, True, False, False])
        .select("alert_id", "typology", "account_ids", "transaction_ids")
    )


def _half_of_smaller(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of shapes on the same payments, the first of which names mostly accounts that the other one names too."""
    smaller = pl.min_horizontal("payments", "payments_other")
    named = 2 * pl.col("shared_accounts") >= pl.col("accounts")
    return pairs.filter(2 * pl.col("shared_payments") >= smaller, named)


def _mostly_within(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of unlike typologies of which the first, the weaker one, is part of the other.

    A quarter of its payments, since two typologies seldom take the same ones for evidence: cash in, or money out. Of
    one account of a swap's ring any shared payment: what it does with the rest is the swap's other business.
    Nobody whom only the weaker one names is lost, but of shapes: whom they name at their edges is chance, or those who
    merely pay in and are paid, where three of four payments are what the other one shows.
    """
    one_leg = pl.col("typology_other").is_in(WHOLE) & pl.col("typology").is_in([*GENERAL, *CROWDS])
    twice = pl.when(pl.col("typology").is_in(SHAPES)).then(2).otherwise(1)
    return pairs.filter(
        pl.col("typology") != pl.col("typology_other"),
        (pl.col("shared_accounts") * twice >= pl.col("accounts")) | _nearly_all_shown(),
        one_leg | (4 * pl.col("shared_payments") >= pl.col("payments")),
    )


def _shared(best_first: pl.DataFrame, column: str, count: str, shared: str) -> pl.DataFrame:
    rows = best_first.select("alert_id", pl.col(column).list.unique()).with_columns(
        pl.col(column).list.len().cast(pl.Int64).alias(count)
    )
    members = rows.explode(column)
    pairs = members.join(members, on=column, suffix="_other").filter(pl.col("alert_id") != pl.col("alert_id_other"))
    return pairs.group_by("alert_id", "alert_id_other", count, f"{count}_other").agg(
        pl.len().cast(pl.Int64).alias(shared)
    )


def _pairs(alerts: pl.DataFrame) -> pl.DataFrame:
    """Ordered pairs of alerts with a payment in common: both ids and typologies, and what each names and they share."""
    on = ("alert_id", "alert_id_other")
    accounts = _shared(alerts, "account_ids", "accounts", "shared_accounts")
    pairs = _shared(alerts, "transaction_ids", "payments", "shared_payments").join(accounts, on=on, how="left")
    kinds = alerts.select("alert_id", "typology")
    return pairs.join(kinds, on="alert_id").join(
        kinds.rename({"alert_id": "alert_id_other", "typology": "typology_other"}), on="alert_id_other"
    )


def _told_by(best_first: pl.DataFrame, near: Callable[[pl.DataFrame], pl.DataFrame]) -> dict[str, str]:
    """Weaker alert to the better, kept one that tells it; `near` picks from pairs those that are one matter."""
    others: defaultdict[str, set[str]] = defaultdict(set)
    for alert, other in near(_pairs(best_first)).select("alert_id", "alert_id_other").iter_rows():
        others[alert].add(other)
    kept: dict[str, int] = {}
    told: dict[str, str] = {}
    for place, alert in enumerate(best_first["alert_id"]):
        better = min((other for other in others[alert] if other in kept), key=kept.__getitem__, default=None)
        if better is None:
            kept[alert] = place
        else:
            told[alert] = better
    return told
