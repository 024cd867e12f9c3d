"""Sub-pattern: one shipment paid again by others, who have no document with the exporter and ordered nothing.

A payment belongs to a documented one when it is nearly as large and comes within days of it, from somebody on no
document of that exporter. Sums that several customers pay are a price list's, and say nothing. How often payments fit
by chance is learned from those of all exporters of the night.
"""

from datetime import timedelta

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, claims, counted, of_units, suspects, usual_rate
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import PAIR

DAYS = timedelta(days=10)  # from the documented payment: the papers are at hand while the goods are on their way
BEFORE = timedelta(days=3)


def _place(step: float) -> pl.Expr:
    """Give the class of size of a payment, a number: classes are `step` wide in logarithms."""
    return (pl.col("usd_minor").log() / step).floor().cast(pl.Int64)


def _documented(found: Settled, step: float) -> pl.DataFrame:
    """Payments of documents whose size only one importer of the exporter pays, once for each class that may fit."""
    rows = found.valued.filter(pl.col("how") != "near").select(
        *PAIR, "document_id", "importer_account", "exporter_account", "amount_minor", "usd_minor",
        paid_at="booked_at", paid_id="transaction_id", place=_place(step),
    )  # fmt: skip
    around = rows.with_columns(place=pl.concat_list(pl.col("place") - 1, "place", pl.col("place") + 1)).explode("place")
    payers = around.group_by("exporter", "place").agg(pl.col("importer").n_unique().alias("payers"))
    # a size counts as one importer's only where its neighbours are too
    listed = payers.filter(pl.col("payers") > 1).select("exporter", "place")
    return around.join(
        rows.join(listed, on=("exporter", "place"), how="anti").select("paid_id"), on="paid_id", how="semi"
    )


def _fitting(strange: pl.DataFrame, documented: pl.DataFrame, parameters: TradeParameters) -> pl.DataFrame:
    """Rows of `strange` with the documented payment that is nearest in time: document_id, paid_id."""
    both = strange.with_columns(place=_place(parameters.same_amount)).join(
        documented.select("exporter", "place", "document_id", "paid_id", "paid_at", paid_minor="usd_minor"),
        on=("exporter", "place"),
        how="inner",
    )
    late = pl.col("booked_at") - pl.col("paid_at")
    apart = (pl.col("usd_minor").log() - pl.col("paid_minor").log()).abs()
    near = both.filter(late.is_between(-BEFORE, DAYS), apart <= parameters.same_amount)
    return (
        near.with_columns(apart=late.abs())
        .sort("transaction_id", "apart", "paid_id")
        .unique("transaction_id", keep="first", maintain_order=True)
        .select("transaction_id", "document_id", "paid_id")
    )


def paid_by_others(trades: pl.DataFrame, papers: pl.DataFrame, found: Settled, parameters: TradeParameters) -> Claims:
    """Find exporters whose documented shipments strangers to the documents pay again, and those strangers."""
    strange = trades.join(papers.select(PAIR).unique(), on=PAIR, how="anti").join(
        found.valued.select("exporter").unique(), on="exporter", how="semi"
    )
    documented = _documented(found, parameters.same_amount)
    fitting = _fitting(strange, documented, parameters)
    rows = strange.join(fitting, on="transaction_id", how="left").with_columns(odd=pl.col("paid_id").is_not_null())
    told = counted(rows.with_columns(usual=pl.lit(usual_rate(rows))), parameters.least_repeats)
    told = told.filter(pl.col("level") != "importer", pl.col("chance") <= parameters.most_chance)
    several = told.filter(pl.col("level") == "exporter").select("unit")
    alone = pl.col("unit").str.split("|").list.last()
    told = told.filter((pl.col("level") == "exporter") | ~alone.is_in(several["unit"].implode()))
    if told.is_empty():
        return NOTHING
    return _told(rows, told, documented, parameters)


def _told(rows: pl.DataFrame, told: pl.DataFrame, documented: pl.DataFrame, parameters: TradeParameters) -> Claims:
    again = of_units(rows.filter("odd"), told)
    first = documented.unique("paid_id", keep="any").select(
        "importer_account", "exporter_account", "usd_minor", "amount_minor", "document_id",
        booked_at="paid_at", transaction_id="paid_id",
    )  # fmt: skip
    named = again.select("level", "unit", transaction_id="paid_id").unique()
    columns = [*first.columns, "level", "unit"]
    payments = pl.concat(
        [
            again.select(columns).with_columns(role=pl.lit("paid_again")),
            first.join(named, on="transaction_id", how="inner").select(columns).with_columns(role=pl.lit("paid")),
        ]
    ).rename({"importer_account": "payer_account", "exporter_account": "payee_account"})
    moved = again.group_by("level", "unit").agg(pl.col("usd_minor").sum().alias("moved_minor"))
    figures = told.join(moved, on=("level", "unit")).filter(pl.col("moved_minor") >= parameters.least_moved_usd * 100)
    values = figures.with_columns(
        pattern=pl.lit("paid_by_others"), share=pl.col("odd") / pl.col("rows"), size=pl.col("odd").cast(pl.Float64)
    )
    who = suspects(rows, told)
    sellers = again.select("level", "unit", party_id="exporter").unique()
    key = ("paid_by_others|" + pl.col("level") + "|" + pl.col("unit")).alias("unit")
    both = pl.concat([who.select("level", "unit", "party_id"), sellers]).unique()
    return claims(values.with_columns(key), payments.with_columns(key), both.with_columns(key))
