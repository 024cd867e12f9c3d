"""Sub-pattern: phantom shipments, payments for goods of which no document tells though such goods have documents.

A document that states no parcel at all tells of no goods either, where hardly any document of the night does so.
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
# Up to so many documents of pairs that have another kind too state no parcels: of more, 0 says that nobody counted.
EMPTY_SHARE = 0.02
HARDLY_ANY = 2  # parcels: no better, beside documents of none between the same two
PARTNER_ROWS, PARTNER_LACKS = 3, 0.9  # undocumented payments of a partner, and their share of its own, to be named too
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
    papered = found.valued.join(_empty(papers), on="document_id", how="anti")
    papered = papered.select("transaction_id").unique().with_columns(had=pl.lit(value=True))
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


def _empty(papers: pl.DataFrame) -> pl.DataFrame:
    """Documents (document_id) that state a shipment of nothing or hardly anything, where hardly any others do."""
    counted = papers.drop_nulls("parcels").with_columns(empty=pl.col("parcels") == 0)
    mixed = counted.filter(~pl.col("empty").all().over("importer", "exporter"))
    share = float(mixed["empty"].sum()) / mixed.height if mixed.height else 1.0
    hardly = (pl.col("parcels") <= HARDLY_ANY) & pl.col("empty").any().over("importer", "exporter")
    return counted.filter(hardly, pl.lit(share <= EMPTY_SHARE)).select("document_id")


def coverage(rows: pl.DataFrame) -> float:
    """Share of `goods_trades` that have a document; 0 where there are none."""
    return float(rows["had"].sum()) / rows.height if rows.height else 0.0


def _partners(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Buyers (level, unit, party_id, share) who pay an exporter of `found` and have hardly any document themselves."""
    own = rows.group_by(party_id="importer").agg((pl.col("odd").sum() / pl.len()).alias("share"))
    odd = of_units(rows.filter("odd"), found.filter(pl.col("level") == "exporter"))
    many = (
        odd.rename({"importer": "party_id"})
        .group_by("level", "unit", "party_id")
        .agg(pl.len().alias("odd"))
        .join(own, on="party_id")
    )
    often = many.filter(pl.col("odd") >= PARTNER_ROWS, pl.col("share") >= PARTNER_LACKS)
    return often.select("level", "unit", "party_id", "share")


def phantom(rows: pl.DataFrame, unbacked: pl.DataFrame, parameters: TradeParameters) -> Claims:
    """Find pairs and firms whose payments for goods have fewer documents than custom explains.

    Whoever buys of such an exporter and has hardly a document either is named with it. Payments to `unbacked`
    (party_id) are left out: their income tells of those sellers, and their customers are nobody's accomplices.
    """
    if coverage(rows) < parameters.least_coverage:
        return NOTHING
    rows = rows.join(unbacked, left_on="exporter", right_on="party_id", how="anti")
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
    named = pl.concat([suspects(rows, figures, partners=False), _partners(rows, figures)]).unique()
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
