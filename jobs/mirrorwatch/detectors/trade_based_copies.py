"""Sub-pattern: one shipment paid again on papers made out anew, with the same goods at slightly other values.

Goods and parcels of a document are those of an earlier one of the same two parties, days before, and its value is a
little different. Honest orders repeat too: those of one kind of goods, at one price or on even days are left out, and
the rest is held against how often the documents of other pairs repeat each other on the same night.
"""

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, claims, counted, usual_rate
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR

SAME_PRICE, MOST_CHANGE = 0.001, 0.1  # logarithm between the values: less is one price, more another order
COPY_DAYS = 30  # between a document and its copy
EVEN = 0.3  # deviation of the days between orders over their mean: a standing order's, weekends included
LEAST_COPIES, LEAST_SHIPMENTS = 3, 2  # of one kind of goods alone, orders may just be alike
GOODS = (*PAIR, "hs_code", "parcels", "origin_country", "destination_country")


def _marked(papers: pl.DataFrame) -> pl.DataFrame:
    """Documents that state goods and parcels, with odd: whether they repeat an earlier one of the same two parties."""
    told = papers.filter(pl.col("parcels") > 1, pl.col("hs_code").is_not_null()).sort("issued_on", "document_id")
    change = (pl.col("declared_minor").log() - pl.col("declared_minor").log().shift(1).over(GOODS)).abs()
    days = (pl.col("issued_on") - pl.col("issued_on").shift(1).over(GOODS)).dt.total_days()
    steps = told.with_columns(change=change, days=days)
    even = (pl.col("days").count() > 1) & (pl.col("days").std() / pl.col("days").mean() <= EVEN)
    return steps.with_columns(
        odd=pl.col("change").is_between(SAME_PRICE, MOST_CHANGE).fill_null(value=False)
        & (pl.col("days") <= COPY_DAYS)
        & ~even.over(GOODS).fill_null(value=False)
    )


def copied(papers: pl.DataFrame, found: Settled, parameters: TradeParameters) -> Claims:
    """Find pairs whose documents repeat each other beyond the night's custom, and the payments that belong to them."""
    rows = _marked(papers)
    if rows.is_empty():
        return NOTHING
    several = rows.filter("odd").group_by(unit=pl.col("importer") + "|" + pl.col("exporter"))
    kinds = several.agg(pl.struct(GOODS).n_unique().alias("kinds"))
    told = (
        counted(rows.with_columns(usual=pl.lit(usual_rate(rows))), LEAST_COPIES)
        .filter(pl.col("level") == "pair", pl.col("chance") <= parameters.most_chance)
        .join(kinds.filter(pl.col("kinds") >= LEAST_SHIPMENTS), on="unit", how="inner")
    )
    pair = (pl.col("importer") + "|" + pl.col("exporter")).alias("unit")
    again = rows.filter(pl.col("odd").any().over(GOODS)).select("document_id", "odd")
    paid = (
        found.valued.join(again, on="document_id", how="inner").with_columns(pair).join(told.select("unit"), on="unit")
    )
    moved = paid.group_by("unit").agg(pl.col("usd_minor").filter("odd").sum().alias("moved_minor"))
    figures = told.join(moved, on="unit").filter(pl.col("moved_minor") >= parameters.least_moved_usd * 100)
    if figures.is_empty():
        return NOTHING
    key = ("paid_again|copies|" + pl.col("unit")).alias("unit")
    payments = paid.join(figures.select("unit"), on="unit", how="semi").with_columns(
        key,
        role=pl.lit("paid_again"),
        payer_account=pl.col("importer_account"),
        payee_account=pl.col("exporter_account"),
    )
    values = figures.with_columns(
        key, pattern=pl.lit("paid_again"), share=pl.col("odd") / pl.col("rows"), size=pl.col("odd").cast(pl.Float64)
    )
    # the one makes the papers out again and the other pays on them
    both = pl.concat([payments.select("unit", party_id=pl.col(side)) for side in PAIR])
    return claims(values, payments, both)
