"""Sub-pattern: invoices paid in parts that do not add up to them, in all above or in all below what they declare.

Of one pair, documents that one payment settles in full are set aside with it. What is left is paid in parts, if honest:
the payment that a document names and another make it whole, or equal ones do. Where many documents are made whole by
nothing, and the payments left over come to clearly more or less than the documents left over, the pair trades at other
values than it declares.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, claims, counted, of_units, suspects, usual_rate
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.detectors.trade_based_value import in_twins
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR

TIGHT = 0.03  # logarithm by which one payment may miss a document that it settles
TIED = 0.15  # the same, of a document that names it: freight, a currency
EXACT, ROUNDED = 0.002, 0.03  # the sum of two parts: drawn from the invoice to the cent, or each part rounded
SAME_SHARE = 0.02  # rounded parts are the same share of each invoice, as terms of payment are
TERMS, MOSTLY = 0.05, 0.6  # so many of a pair's tied documents are paid one share within so much: its terms of payment
MOST_PARTS = 4  # equal parts of one invoice
PART_DAYS = 30  # between the parts of one invoice
MOST_OPEN = (
    60  # payments left over in one pair, above which sums are not searched: chance would make any document whole
)
MOST_SUMS = 2_000_000  # two payments and a document each, searched at once: some hundred bytes a sum, 200 MB
OPEN_SHARE = 0.25  # of a pair's documents are made whole by nothing
MOST_BALANCE = math.log(2.5)  # further apart, payments and documents are not of each other
LATEST_DAYS = 14  # a document of the last days may be paid after the night


def _left(trades: pl.DataFrame, papers: pl.DataFrame, found: Settled) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Payments and documents that no one payment settles in full."""
    bound = pl.when(pl.col("how") == "tied").then(TIED).otherwise(TIGHT)
    full = found.valued.filter(pl.col("ratio").abs() <= bound)
    tied = papers.join(full, on="transaction_id", how="semi")
    paid = trades.join(full, on="transaction_id", how="anti")
    owed = papers.join(full, on="document_id", how="anti").join(tied, on="document_id", how="anti")
    return paid, owed


def _lots(owed: pl.DataFrame) -> pl.DataFrame:
    """Documents of one value and pair as one lot of their sum, beside the documents themselves (document_id, owed)."""
    lots = owed.with_columns(pl.col("declared_minor").sum().over(*PAIR, "declared_minor").alias("owed"))
    alone = owed.with_columns(owed="declared_minor")
    return pl.concat([alone, lots.filter(pl.col("owed") > pl.col("declared_minor"))])


def _whole(paid: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    """Documents (document_id) that the payment they name and another of the pair, or two to four equal, make whole."""
    found = [_whole_of(few, lots) for few, lots in _batches(paid, _lots(owed))]
    return pl.concat(found).unique() if found else owed.select("document_id").clear()


def _batches(paid: pl.DataFrame, lots: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Payments and lots of some pairs at a time, as many as have about MOST_SUMS sums together."""
    sizes = [rows.group_by(PAIR).agg(pl.len().cast(pl.Int64).alias(name)) for rows, name in ((paid, "n"), (lots, "m"))]
    pairs = sizes[0].join(sizes[1], on=PAIR, how="inner").with_columns(sums=pl.col("n") ** 2 * pl.col("m")).sort(PAIR)
    held = pairs.filter(pl.col("n") <= MOST_OPEN, pl.col("sums") <= MOST_SUMS)
    numbered = held.select(*PAIR, batch=pl.col("sums").cum_sum() // MOST_SUMS)
    few, own = (
        rows.join(numbered, on=PAIR, how="inner").partition_by("batch", as_dict=True, include_key=False)
        for rows in (paid, lots)
    )
    return ((few[key], own[key]) for key in few)


def _whole_of(paid: pl.DataFrame, lots: pl.DataFrame) -> pl.DataFrame:
    few = paid.select(*PAIR, "transaction_id", "usd_minor", "booked_at")
    numbered = lots.select("document_id", *PAIR, "owed", names="transaction_id").with_row_index("lot")
    one = numbered.join(few, on=PAIR, how="inner").filter(pl.col("usd_minor") <= pl.col("owed") * (1 + ROUNDED))
    parts = pl.col("owed") / pl.col("usd_minor")
    whole = parts.round(0)
    equal = one.filter(whole.is_between(2, MOST_PARTS), (parts / whole - 1).abs() <= EXACT * 5).filter(
        pl.len().over("document_id", "owed", whole.alias("parts")) >= whole
    )
    two = _sums(one.drop_nulls("names").select("lot", "owed", "names", "transaction_id", "usd_minor", "booked_at"))
    two = two.join(numbered.drop("owed", "names"), on="lot", how="inner")
    usual = _usual_share(two)
    by_terms = two.join(usual, on=PAIR, how="inner").filter((pl.col("share") - pl.col("usual")).abs() <= SAME_SHARE)
    able = pl.concat([two.filter(pl.col("miss") <= EXACT), by_terms.select(two.columns)])
    return pl.concat([equal.select("document_id"), _once(able).select("document_id")]).unique()


def _sums(one: pl.DataFrame) -> pl.DataFrame:
    """Two payments of a lot that come near it, with miss and share; `one` has a row a lot and payment.

    One of the two is the payment that the document names: of any two, chance makes too many documents whole.

    Joined by size, in steps of what a sum may miss: the other part lies in the step of the rest, or beside it.
    """
    step = pl.col("owed") * ROUNDED
    rest = ((pl.col("owed") - pl.col("usd_minor")) / step).floor().cast(pl.Int64)
    near = one.with_columns(place=pl.concat_list(rest - 1, rest, rest + 1)).explode("place")
    own = (pl.col("usd_minor") / step).floor().cast(pl.Int64)
    other = one.with_columns(place=own).drop("owed", "names")
    both = pl.col("usd_minor") + pl.col("usd_minor_2")
    named = (pl.col("transaction_id") == pl.col("names")) | (pl.col("transaction_id_2") == pl.col("names"))
    return (
        near.lazy()
        .join(other.lazy(), on=("lot", "place"), how="inner", suffix="_2")
        .filter(
            pl.col("transaction_id") < pl.col("transaction_id_2"),
            named,
            (pl.col("booked_at") - pl.col("booked_at_2")).dt.total_days().abs() <= PART_DAYS,
            (both - pl.col("owed")).abs() <= pl.col("owed") * ROUNDED,
        )
        .with_columns(
            miss=(both / pl.col("owed") - 1).abs(), share=pl.min_horizontal("usd_minor", "usd_minor_2") / both
        )
        .collect()
    )


def _once(able: pl.DataFrame, rounds: int = 4) -> pl.DataFrame:
    """Keep of sums that make documents whole those that miss least, each payment used for one lot of one value."""
    lot = (*PAIR, "owed")
    order = ("miss", "owed", "transaction_id", "transaction_id_2", "document_id")
    kept, left = [], able.sort(order)
    for _ in range(rounds):
        sums = left.select(*lot, "transaction_id", "transaction_id_2", "miss").unique(maintain_order=True)
        sums = sums.with_row_index("sum")
        sides = pl.concat([sums.select("sum", used=name) for name in ("transaction_id", "transaction_id_2")])
        first = sides.sort("sum").with_columns(best=pl.col("sum").first().over("used") == pl.col("sum"))
        free = first.group_by("sum").agg(pl.col("best").all()).filter("best")
        best = sums.join(free, on="sum", how="semi").unique(lot, keep="first", maintain_order=True)
        used = pl.concat([best.select(used=name) for name in ("transaction_id", "transaction_id_2")])
        kept.append(left.join(best, on=(*lot, "transaction_id", "transaction_id_2"), how="semi"))
        left = left.join(best, on=lot, how="anti")
        for name in ("transaction_id", "transaction_id_2"):
            left = left.join(used, left_on=name, right_on="used", how="anti")
        left = left.sort(order)
    return pl.concat(kept)


def _usual_share(two: pl.DataFrame) -> pl.DataFrame:
    """Find the share (importer, exporter, usual) of the smaller part that makes most documents of a pair whole."""
    near = two.with_columns(place=(pl.col("share") / SAME_SHARE).floor().cast(pl.Int64))
    spread = pl.concat([near.with_columns(pl.col("place") + step) for step in (0, 1)])  # a bin's two halves
    bins = spread.group_by(*PAIR, "place").agg(
        pl.col("document_id").n_unique().alias("many"), pl.col("share").median().alias("usual")
    )
    ordered = bins.sort(*PAIR, pl.col("many") * -1, "place")
    return ordered.group_by(PAIR, maintain_order=True).agg(pl.col("usual").first())


def _by_terms(found: Settled) -> pl.DataFrame:
    """Pairs whose documents name payments of one share of them: deposits, or the rest to them, rounded at that."""
    part = pl.col("usd_minor") / pl.col("declared_minor")
    tied = found.valued.filter(pl.col("how") == "tied", (part - 1).abs() > TERMS).with_columns(part=part)
    same = ((pl.col("part") - pl.col("part").median()).abs() <= TERMS).mean()
    pairs = tied.group_by(PAIR).agg(same.alias("same"), pl.col("part").median(), pl.len().alias("many"))
    return pairs.filter(pl.col("many") > 1, pl.col("part") < 1, pl.col("same") >= MOSTLY).select(PAIR)


def in_parts(
    trades: pl.DataFrame, papers: pl.DataFrame, found: Settled, nights: tuple[date, date], parameters: TradeParameters
) -> Claims:
    """Claims of pairs whose parts do not add up; `nights` are the first and the last day of the window."""
    first = nights[0] - timedelta(days=max(found.usual.soonest, 0))
    paid, owed = _left(trades, papers, found)
    owed = owed.join(paid.select(PAIR).unique(), on=PAIR, how="semi")
    open_papers = owed.join(_whole(paid, owed), on="document_id", how="anti").select(
        "document_id", open=pl.lit(value=True)
    )
    dated = papers.filter(pl.col("issued_on").is_between(first, nights[1] - timedelta(days=LATEST_DAYS)))
    marked = dated.join(open_papers, on="document_id", how="left")
    marked = marked.with_columns(odd=pl.col("open").fill_null(value=False))
    excused = pl.concat([_by_terms(found), in_twins(found)])  # deposits and part shipments
    rows = marked.join(paid.select(PAIR).unique(), on=PAIR, how="semi").join(excused, on=PAIR, how="anti")
    if rows.is_empty():
        return NOTHING
    told = counted(rows.with_columns(usual=pl.lit(usual_rate(rows))), parameters.least_understated).filter(
        pl.col("level") == "pair",
        pl.col("chance") <= parameters.most_chance,
        pl.col("odd") >= pl.col("rows") * OPEN_SHARE,
    )
    return _told(paid, owed, marked, told, parameters)


def _told(
    paid: pl.DataFrame, owed: pl.DataFrame, rows: pl.DataFrame, told: pl.DataFrame, parameters: TradeParameters
) -> Claims:
    unit = (pl.col("importer") + "|" + pl.col("exporter")).alias("unit")
    sums = (
        paid.group_by(unit)
        .agg(pl.col("usd_minor").sum())
        .join(owed.group_by(unit).agg(pl.col("declared_minor").sum()), on="unit")
    )
    least = math.log1p(parameters.least_misvaluation)
    moved = pl.col("usd_minor") - pl.col("declared_minor")
    figures = (
        told.join(sums, on="unit")
        .with_columns(balance=(pl.col("usd_minor") / pl.col("declared_minor")).log(), moved_minor=moved.abs())
        .filter(
            pl.col("balance").abs().is_between(least, MOST_BALANCE),
            pl.col("moved_minor") >= parameters.least_moved_usd * 100,
        )
    )
    if figures.is_empty():
        return NOTHING
    named = suspects(rows, figures)
    share = named.group_by("level", "unit").agg(pl.col("share").max())
    key = ("in_parts|" + pl.col("level") + "|" + pl.col("unit")).alias("unit")
    payments = of_units(paid, figures).with_columns(
        key,
        role=pl.lit("in_parts"),
        document_id=pl.lit(None, dtype=pl.String),
        payer_account=pl.col("importer_account"),
        payee_account=pl.col("exporter_account"),
    )
    values = figures.join(share, on=("level", "unit")).with_columns(
        key, pattern=pl.lit("in_parts"), size=(pl.col("balance").exp() - 1).abs()
    )
    return claims(values, payments, named.with_columns(key))
