"""Which payments are for chemicals from China or Hong Kong, and which payments by others paid for them in turn."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.features import chemistry
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.carried import carried
from mirrorwatch.features.sides import sided

SOURCES = ("CN", "HK")  # where the advisories place the suppliers; of the supplier's account, never of a person
NOT_TRADE = ("card", "cash_deposit", "cash_withdrawal")
_MOSTLY = 0.7  # of an exporter's documents name chemicals: one in ten of anybody's may
_FEWEST_DOCUMENTS = 2
_HOPS = 2  # accounts in between, one after the other: what the advisories describe


@dataclass(frozen=True)
class Goods:
    """Payments for chemicals, one row a payment of `sided`, with `step` (0 the supplier's, 1 and 2 before it)."""

    known: pl.LazyFrame
    payments: pl.LazyFrame
    abroad: pl.DataFrame  # all payments from elsewhere into SOURCES that are no card's, with `chemical`, `said`
    chain: pl.DataFrame  # payments for chemicals with step, onward_id (null at step 0) and `said`


def exporters(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Parties whose documents mostly name chemicals: exporter_party_id."""
    about = documents.with_columns(chemistry.chemical_goods("hs_code").alias("chemical")).drop_nulls("chemical")
    shares = about.group_by("exporter_party_id").agg(pl.len().alias("papers"), pl.col("chemical").mean())
    chosen = shares.filter(pl.col("papers") >= _FEWEST_DOCUMENTS, pl.col("chemical") >= _MOSTLY)
    return chosen.select("exporter_party_id")


def _abroad(night: NightFrames, payments: pl.LazyFrame, known: pl.LazyFrame) -> pl.DataFrame:
    """Payments into SOURCES from another country with `chemical` (for chemicals) and `said` (papers or text say so)."""
    inbound = payments.filter(
        pl.col("beneficiary_country").is_in(SOURCES),
        pl.col("originator_country") != pl.col("beneficiary_country"),
        pl.col("originator_country") != "CN",
        ~pl.col("channel").is_in(NOT_TRADE),
    )
    tied = night.trade_documents.filter(chemistry.chemical_goods("hs_code")).select("transaction_id").drop_nulls()
    papers = tied.unique().with_columns(papers=pl.lit(value=True))
    dealers = exporters(night.trade_documents).with_columns(dealer=pl.lit(value=True))
    firm = pl.col("payee_party_type").fill_null("organisation") == "organisation"
    said = pl.col("papers").fill_null(value=False) | chemistry.names_chemicals("purpose")
    traded = chemistry.starts_with("payee_trade", chemistry.SUPPLIERS).fill_null(value=False)
    return (
        sided(inbound, known)
        .filter(~pl.col("payee_licensed"))
        .join(papers, on="transaction_id", how="left")
        .join(dealers, left_on="payee", right_on="exporter_party_id", how="left")
        .with_columns(said.alias("said"), (firm & (traded | pl.col("dealer").fill_null(value=False))).alias("dealer"))
        .with_columns((pl.col("dealer") | pl.col("said")).alias("chemical"))
        .drop("papers", "purpose")
        .sort("transaction_id")
        .collect()
    )


def _into(carriers: pl.DataFrame, payments: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Payments into the accounts of `carriers` (party_id): from another country, or any into a licensed one's."""
    accounts = known.join(carriers.lazy(), on="party_id", how="semi").select(beneficiary_account_id="account_id")
    rows = payments.join(accounts, on="beneficiary_account_id", how="semi")
    crossing = (pl.col("payer_at") != pl.col("payee_at")) | pl.col("payee_licensed")
    return sided(rows.filter(pl.col("channel") != "card"), known).filter(crossing, ~pl.col("payer_licensed"))


def _before(onward: pl.DataFrame, goods: Goods, parameters: PrecursorParameters) -> pl.DataFrame:
    """Payments that the payers of `onward` carried on; of a pair of parties at least so many."""
    carriers = onward.select(party_id="payer").unique()
    least = parameters.least_bulk_usd * 100 // 10  # small change at an exchange explains no purchase in bulk
    coming = _into(carriers, goods.payments, goods.known).filter(pl.col("usd_minor") >= least)
    found = carried(coming, onward.filter(pl.col("usd_minor") >= least), parameters.carrying)
    often = pl.len().over("payer", "payee") >= parameters.least_carried
    said = onward.select("said", onward_id="transaction_id")
    return found.drop("kept", "purpose").filter(often).join(said, on="onward_id", how="left")


def goods(night: NightFrames, known: pl.LazyFrame, parameters: PrecursorParameters) -> Goods:
    """Follow payments for chemicals back through up to two accounts in between."""
    payments = without_reversals(night.transactions)
    abroad = _abroad(night, payments, known)
    first = abroad.filter("chemical").drop("chemical", "dealer")
    first = first.with_columns(pl.lit(None, dtype=pl.String).alias("onward_id"))
    found, steps = Goods(known, payments, abroad, first), [first.with_columns(pl.lit(0).alias("step"))]
    for step in range(1, _HOPS + 1):
        before = _before(steps[-1], found, parameters)
        seen = pl.concat(steps).select("transaction_id")
        before = before.join(seen, on="transaction_id", how="anti").with_columns(pl.lit(step).alias("step"))
        steps.append(before.select(steps[0].columns))
    return Goods(known, payments, abroad, pl.concat(steps).sort("step", "transaction_id"))
