"""Sub-pattern: phantom shipments, payments for goods of which no document tells though such goods have documents.

Judged only where the source holds documents for most of the night's goods payments; below that it is blind. Whoever
sells services has no goods to document: the payee must be an exporter by other documents or by its trade.
"""

import polars as pl

from mirrorwatch.detectors.trade_based_claims import NOTHING, Claims, claims, lacking, of_units, suspects
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features.invoices import Settled
from mirrorwatch.features.trade import GOODS

# A firm without documents from many partners, or that both buys and sells abroad without any, is an agent, or keeps its
# documents elsewhere: of it only pairs are judged.
MOST_PARTNERS = 4
TRIFLE = 0.2  # share of the median goods payment, under which samples, spare parts and fees need no document


def goods_trades(trades: pl.DataFrame, papers: pl.DataFrame, found: Settled, known: pl.DataFrame) -> pl.DataFrame:
    """Payments for goods (importer, exporter, had, odd): across a border, to whoever deals in goods."""
    dealers = pl.concat(
        [
            papers.select(party_id="exporter"),
            known.filter(pl.col("division").is_in(GOODS)).select("party_id"),
        ]
    ).unique()
    agents = known.filter("agent").select("party_id").unique()
    papered = found.valued.select("transaction_id").unique().with_columns(had=pl.lit(value=True))
    ends = pl.col("corridor").str.split(">")
    rows = (
        trades.filter(ends.list.first() != ends.list.last())
        .join(dealers, left_on="exporter", right_on="party_id", how="semi")
        .join(agents, left_on="exporter", right_on="party_id", how="anti")
        .join(agents, left_on="importer", right_on="party_id", how="anti")
        .join(papered, on="transaction_id", how="left")
        .with_columns(pl.col("had").fill_null(value=False))
        .with_columns(odd=~pl.col("had"))
    )
    return rows.filter(pl.col("usd_minor") >= TRIFLE * pl.col("usd_minor").median())


def coverage(rows: pl.DataFrame) -> float:
    """Share of `goods_trades` that have a document; 0 where there are none."""
    return float(rows["had"].sum()) / rows.height if rows.height else 0.0


def phantom(rows: pl.DataFrame, parameters: TradeParameters) -> Claims:
    """Find pairs and firms whose payments for goods have fewer documents than custom explains."""
    if coverage(rows) < parameters.least_coverage:
        return NOTHING
    told = lacking(rows, parameters.least_undocumented)
    between = rows.select(unit="importer").join(rows.select(unit="exporter"), on="unit", how="semi").unique()
    firm = pl.col("level") != "pair"
    found = told.join(between.with_columns(between=pl.lit(value=True)), on="unit", how="left").filter(
        pl.col("chance") <= parameters.most_chance,
        pl.col("had") * 4 <= pl.col("rows"),
        ~firm | (pl.col("between").is_null() & (pl.col("partners") <= MOST_PARTNERS)),
    )
    if found.is_empty():
        return NOTHING
    odd = of_units(rows.filter("odd"), found)
    figures = odd.group_by("level", "unit").agg(pl.col("usd_minor").sum().alias("moved_minor"))
    figures = found.join(figures, on=("level", "unit")).filter(
        pl.col("moved_minor") >= parameters.least_moved_usd * 100
    )
    named = suspects(rows, figures, partners=False)
    share = named.group_by("level", "unit").agg(pl.col("share").max())
    key = ("undocumented|" + pl.col("level") + "|" + pl.col("unit")).alias("unit")
    return claims(
        figures.join(share, on=("level", "unit")).with_columns(
            key, pattern=pl.lit("undocumented"), size=pl.col("odd").cast(pl.Float64)
        ),
        odd.with_columns(
            key,
            role=pl.lit("undocumented"),
            document_id=pl.lit(None, dtype=pl.String),
            payer_account=pl.col("importer_account"),
            payee_account=pl.col("exporter_account"),
        ),
        named.with_columns(key),
    )
