"""Sub-pattern: payments out of line with documents, which is how value crosses a border inside an invoice.

Paid far above the declared value (over-invoicing), far below it (under-invoicing), or declared at a value per parcel
far from what the same goods otherwise have. Part payments and joint payments that add up are no contradiction.
"""

import math
from datetime import date, timedelta

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, claims, counted, of_units, suspects, usual_rate
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR

MOSTLY_PAID, MOST_LAG = 0.7, 30  # share of the latest days to payment by which most have come; days
LEAST_PEERS = 30  # documents of one kind of goods, of others, before a value per parcel can be far off
LEAST_PEER_PAIRS = 5
# A parcel may be a packet or a pallet. Where values per parcel of one kind of goods scatter more than this (logarithm),
# they are no prices; and twenty times the price is another packing.
MOST_UNIT_SPREAD, TWICE, OTHER_PACKING = 0.4, 0.7, 3.0
FAR = 5  # robust standard deviations of the logarithm
TERMS_OF_PAYMENT = (0.1, 1 / 6, 0.15, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.5)  # deposits, or the rest to the balance
EXACT = 0.01
SMALLEST_PART = 0.05  # of an invoice: less is left out by a bank's charge, not by the terms of payment
TWINS = 0.5  # of a pair's documents that name no payment have the value of another: parts of one invoice
MOSTLY = 0.6  # of a pair's part payments
FAR_SHARE = 0.3  # of payments that look apart from their documents; freight on top is apart too, but never far


def _untied(found: Settled, started: date, run_date: date) -> pl.DataFrame:
    """Valued rows of untied documents whose payment should mostly lie in the window."""
    first = started - timedelta(days=max(found.usual.soonest, 0))
    last = run_date - timedelta(days=min(round(max(found.usual.latest, 0) * MOSTLY_PAID), MOST_LAG))
    return found.valued.filter(pl.col("how") != "tied", pl.col("issued_on").is_between(first, last))


def _in_parts(found: Settled) -> pl.DataFrame:
    """Pairs of which no guess is made: they pay a usual part of an invoice, or most of theirs have two documents."""
    paid = pl.col("usd_minor") / pl.col("declared_minor")
    part = pl.min_horizontal(paid, 1 - paid)
    usual = pl.any_horizontal((part - share).abs() <= EXACT for share in TERMS_OF_PAYMENT)
    by_part = found.valued.filter(pl.col("how") == "tied", paid < 1, usual).select(PAIR)
    return pl.concat([by_part, in_twins(found)]).unique()


def in_twins(found: Settled) -> pl.DataFrame:
    """Find pairs (importer, exporter) most of whose documents that name no payment have the value of another."""
    untied = found.valued.filter(pl.col("how") != "tied").select(*PAIR, "declared_minor")
    papers = pl.concat([untied, found.open_papers.select(*PAIR, "declared_minor")])
    twin = pl.len().over(*PAIR, "declared_minor") > 1
    twins = papers.with_columns(twin=twin).group_by(PAIR).agg(pl.col("twin").mean()).filter(pl.col("twin") >= TWINS)
    return twins.select(PAIR)


def _by_terms(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (tied) with instalment: of a pair that mostly pays one usual share of its invoices, or the rest to it.

    Judged by documents that name their payment, where a pair has such with a part paid.
    """
    paid = pl.col("usd_minor") / pl.col("declared_minor")
    part = pl.min_horizontal(paid, 1 - paid)
    short = rows.filter(paid.is_between(SMALLEST_PART, 1 - SMALLEST_PART)).with_columns(part=part)
    sure = short.filter(pl.col("tied") | ~pl.col("tied").any().over(PAIR))
    middle = pl.col("part").median()
    usual = pl.any_horizontal((middle - share).abs() <= EXACT for share in TERMS_OF_PAYMENT)
    pairs = sure.group_by(PAIR).agg(
        (usual & (((pl.col("part") - middle).abs() <= 2 * EXACT).mean() >= MOSTLY)).alias("instalment")
    )
    return rows.join(pairs, on=PAIR, how="left").with_columns(pl.col("instalment").fill_null(value=False))


def _odd(
    rows: pl.DataFrame, found: Settled, parameters: TradeParameters, signs: tuple[int, ...], *, guessed: bool = False
) -> pl.DataFrame:
    """`rows` with far (beyond what may be custom), odd (far; of `guessed` ones, merely apart) and usual."""
    bound = max(parameters.least_misvaluation, FAR * found.usual.spread)

    def off(least: float) -> pl.Expr:
        over = (pl.col("ratio") > least) & ~(pl.col("instalment") & ~pl.col("tied"))
        under = (pl.col("ratio") < -least) & ~pl.col("instalment")
        return pl.any_horizontal(over if sign > 0 else under for sign in signs) & ~pl.col("whole")

    apart = min(max(4 * found.usual.spread, 0.02), bound) if guessed else bound
    odd = rows.with_columns(odd=off(apart), far=off(bound), swings=pl.col("ratio").abs() > apart)
    rates = {kind: usual_rate(part) for (kind,), part in odd.group_by("tied")}
    return odd.with_columns(usual=pl.when("tied").then(rates.get(True, 0.0)).otherwise(rates.get(False, 0.0)))


def _unbalanced(rows: pl.DataFrame, found: pl.DataFrame, parameters: TradeParameters) -> pl.DataFrame:
    """Keep units of `found` (level, unit) where what lies above documents and what lies below do not add up to them.

    Two documents of one invoice, paid in a small part and a large one, lie far off on either side, and balance.
    """
    swings = of_units(rows.filter("swings"), found).group_by("level", "unit").agg(
        (pl.col("usd_minor").sum() / pl.col("declared_minor").sum()).log().alias("balance")
    )  # fmt: skip
    least = math.log1p(parameters.least_misvaluation)
    return found.join(swings, on=("level", "unit")).filter(pl.col("balance").abs() >= least)


def _side(rows: pl.DataFrame, pattern: str, least: int, parameters: TradeParameters) -> Claims:
    found = counted(rows, least).filter(pl.col("chance") <= parameters.most_chance)
    if found.is_empty():
        return NOTHING
    found = _unbalanced(rows, found, parameters)
    odd = of_units(rows.filter("odd"), found)
    moved = (pl.col("usd_minor") - pl.col("declared_minor")).abs().sum()
    factor = (pl.col("ratio").exp() - 1).abs().median()
    figures = odd.group_by("level", "unit").agg(
        moved.alias("moved_minor"),
        factor.alias("size"),
        pl.col("far").sum().alias("far"),
    )
    figures = found.join(figures, on=("level", "unit")).filter(
        pl.col("moved_minor") >= parameters.least_moved_usd * 100,
        pl.col("far") >= pl.max_horizontal(pl.lit(2), pl.col("odd") * FAR_SHARE),
    )
    named = suspects(rows, figures)
    share = named.group_by("level", "unit").agg(pl.col("share").max())
    key = (pl.lit(pattern) + "|" + pl.col("level") + "|" + pl.col("unit")).alias("unit")
    return claims(
        figures.join(share, on=("level", "unit")).with_columns(key, pattern=pl.lit(pattern)),
        odd.with_columns(
            key,
            role=pl.lit(pattern),
            payer_account=pl.col("importer_account"),
            payee_account=pl.col("exporter_account"),
        ),
        named.with_columns(key),
    )


def misvalued(found: Settled, started: date, run_date: date, parameters: TradeParameters) -> list[Claims]:
    """Over- and under-invoicing, of pairs and of firms with several partners.

    Where documents name no payment, which payment is theirs is a guess by value and time, and so is on which side it
    lies: those are judged on both sides together.
    """
    rows = found.valued.with_columns(tied=pl.col("how") == "tied")
    guessed = _untied(found, started, run_date).join(_in_parts(found), on=PAIR, how="anti")
    guessed = guessed.with_columns(tied=pl.lit(value=False))
    both = _by_terms(pl.concat([rows.filter("tied"), guessed]))
    loose = both.filter(~pl.col("tied"))
    return [
        _side(_odd(both, found, parameters, (1,)), "over_invoiced", parameters.least_misvalued, parameters),
        _side(_odd(both, found, parameters, (-1,)), "under_invoiced", parameters.least_understated, parameters),
        _side(
            _odd(loose, found, parameters, (1, -1), guessed=True),
            "unlike_documents",
            parameters.least_misvalued,
            parameters,
        ),
    ]


def priced_apart(found: Settled, papers: pl.DataFrame, parameters: TradeParameters) -> Claims:
    """Find declared values per parcel far from those of the same goods of others, again and again."""
    unit = (pl.col("declared_minor") / pl.col("parcels")).log()
    goods = papers.filter(pl.col("parcels") > 0, pl.col("hs_code").is_not_null()).with_columns(worth=unit)
    centre = pl.col("worth").median().over("hs_code")
    spread = (pl.col("worth") - centre).abs().median().over("hs_code") * 1.4826
    apart = (pl.col("worth") - centre).abs()
    far = (apart > pl.max_horizontal(FAR * spread, pl.lit(TWICE))) & (apart < OTHER_PACKING)
    judged = goods.filter(
        pl.struct(PAIR).n_unique().over("hs_code") >= LEAST_PEER_PAIRS,
        pl.len().over("hs_code") >= LEAST_PEERS,
        spread <= MOST_UNIT_SPREAD,
    )
    off = judged.with_columns(odd=far, apart=(pl.col("worth") - centre)).select("document_id", "odd", "apart")
    rows = found.valued.join(off, on="document_id", how="inner")
    if rows.is_empty():
        return NOTHING
    rows = rows.with_columns(
        ratio=pl.col("apart"), usual=pl.lit(usual_rate(rows)), far=pl.col("odd"), swings=pl.col("odd")
    )
    # what is out of line is the whole value, by the factor that its price per parcel differs
    rows = rows.with_columns(declared_minor=(pl.col("usd_minor") / pl.col("apart").exp()).round(0).cast(pl.Int64))
    return _side(rows, "price_apart", parameters.least_understated, parameters)
