"""Which payments are for chemicals from China or Hong Kong, and which payments by others paid for them in turn."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.features import chemistry
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.carried import carried, forwarded
from mirrorwatch.features.sides import sided

SOURCES = ("CN", "HK")  # where the advisories place the suppliers; of the supplier's account, never of a person
NOT_TRADE = ("card", "cash_deposit", "cash_withdrawal")
_MOSTLY = 0.7  # of an exporter's documents name chemicals: one in ten of anybody's may
_FEWEST_DOCUMENTS = 2
_RAMP_BUYERS = 8  # who paid one firm in virtual currency: an exchange has customers
FEW_PAYERS = 6  # of an account in between: more is a trader with customers
# Hundredths of what came into an account in between that went on for chemicals: it keeps a fee, or has not yet paid the
# last of it, and adds nothing.
_LEAST_PASSED, _MOST_PASSED = 82, 105
_MOSTLY_CARRIED = 6  # tenths of what one paid another: fewer that fit are a trader's customer by chance
_HOPS = 2  # accounts in between, one after the other: what the advisories describe


@dataclass(frozen=True)
class Goods:
    """Payments for chemicals, one row a payment of `sided`, with `step` (0 the supplier's, 1 and 2 before it)."""

    known: pl.LazyFrame
    payments: pl.LazyFrame
    abroad: pl.DataFrame  # all payments from elsewhere into SOURCES that are no card's, with `chemical`, `said`
    chain: pl.DataFrame  # payments for chemicals with step, onward_id (null at step 0), `said` and `mostly`


def with_ramps(known: pl.LazyFrame, payments: pl.LazyFrame) -> pl.LazyFrame:
    """`known` with `licensed` also for whoever sells virtual currency to several: an exchange, licensed or not."""
    sold = payments.filter(pl.col("channel") == "crypto").group_by(account_id="beneficiary_account_id")
    buyers = sold.agg(pl.col("originator_account_id").n_unique().alias("buyers"))
    firm = pl.col("party_type").fill_null("organisation") == "organisation"
    ramp = firm & (pl.col("buyers") >= _RAMP_BUYERS).fill_null(value=False)
    return (
        known.join(buyers, on="account_id", how="left")
        .with_columns(pl.col("licensed") | ramp.any().over("party_id"))
        .drop("buyers")
    )


def exporters(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Parties whose documents mostly name chemicals: exporter_party_id."""
    about = documents.with_columns(chemistry.chemical_goods("hs_code").alias("chemical")).drop_nulls("chemical")
    shares = about.group_by("exporter_party_id").agg(pl.len().alias("papers"), pl.col("chemical").mean())
    chosen = shares.filter(pl.col("papers") >= _FEWEST_DOCUMENTS, pl.col("chemical") >= _MOSTLY)
    return chosen.select("exporter_party_id")


def additives(documents: pl.LazyFrame) -> pl.LazyFrame:
    """Pairs whose documents, two at least, all name additives of food: payer, payee (parties)."""
    pairs = documents.group_by(payer="importer_party_id", payee="exporter_party_id")
    told = pairs.agg(pl.len().alias("papers"), chemistry.additive("hs_code").fill_null(value=False).all().alias("food"))
    return told.filter(pl.col("papers") >= _FEWEST_DOCUMENTS, pl.col("food")).select("payer", "payee")


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
    # one document in ten of anybody's may name chemicals: it takes two, and half of what a buyer pays the supplier
    number = pl.col("said").sum().over("payer", "payee")
    often = pl.col("said") & (number >= _FEWEST_DOCUMENTS) & (2 * number >= pl.len().over("payer", "payee"))
    traded = chemistry.starts_with("payee_trade", chemistry.SUPPLIERS).fill_null(value=False)
    cook = chemistry.starts_with("payer_trade", chemistry.FOOD_MAKERS).fill_null(value=False)
    food = additives(night.trade_documents).with_columns(food=pl.lit(value=True))
    return (
        sided(inbound, known)
        .filter(~pl.col("payee_licensed"))
        .join(food, on=("payer", "payee"), how="left")
        .filter(~(cook & pl.col("food").fill_null(value=False)))
        .drop("food")
        .join(papers, on="transaction_id", how="left")
        .join(dealers, left_on="payee", right_on="exporter_party_id", how="left")
        .with_columns(said.alias("said"), (firm & (traded | pl.col("dealer").fill_null(value=False))).alias("dealer"))
        .with_columns((pl.col("dealer") | often).alias("chemical"))
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


def _passing(coming: pl.DataFrame, onward: pl.DataFrame) -> pl.DataFrame:
    """Rows of `coming` into unlicensed parties that few pay, whose payments onward make up about all of it."""
    came = (
        coming.filter(~pl.col("payee_licensed"))
        .group_by("payee")
        .agg(pl.col("usd_minor").sum().alias("in_minor"), pl.col("payer").n_unique().alias("payers"))
    )
    went = onward.group_by(payee="payer").agg(pl.col("usd_minor").sum().alias("out_minor"))
    part = pl.col("out_minor") * 100
    passing = came.join(went, on="payee", how="inner").filter(
        pl.col("payers") <= FEW_PAYERS,
        part.is_between(pl.col("in_minor") * _LEAST_PASSED, pl.col("in_minor") * _MOST_PASSED),
    )
    dealer = chemistry.starts_with("payee_trade", chemistry.USERS).fill_null(value=False)
    return coming.filter(~dealer).join(passing.select("payee"), on="payee", how="semi")


def _before(onward: pl.DataFrame, goods: Goods, parameters: PrecursorParameters) -> pl.DataFrame:
    """Payments that the payers of `onward` carried on; of a pair of parties at least so many."""
    carriers = onward.select(party_id="payer").unique()
    least = parameters.least_bulk_usd * 100 // 10  # small change at an exchange explains no purchase in bulk
    large = pl.col("usd_minor") >= least
    onward = onward.filter(large)
    coming = _into(carriers, goods.payments, goods.known).filter(large).drop("purpose")
    fitting = carried(coming, onward, parameters.carrying).drop("kept")
    every = coming.collect()
    split = forwarded(_passing(every, onward), onward, parameters.carry_days).select(fitting.columns)
    found = pl.concat([fitting, split]).unique("transaction_id", keep="first", maintain_order=True)
    often = pl.len().over("payer", "payee") >= parameters.least_carried
    said = onward.select("said", onward_id="transaction_id")
    sums = every.group_by("payer", "payee").agg(pl.col("usd_minor").sum().alias("whole_minor"))
    mostly = pl.col("usd_minor").sum().over("payer", "payee") * 10 >= pl.col("whole_minor") * _MOSTLY_CARRIED
    return (
        found.filter(often)
        .join(said, on="onward_id", how="left")
        .join(sums, on=("payer", "payee"), how="left")
        .with_columns(mostly.alias("mostly"))
        .drop("whole_minor")
    )


def goods(night: NightFrames, known: pl.LazyFrame, parameters: PrecursorParameters) -> Goods:
    """Follow payments for chemicals back through up to two accounts in between."""
    payments = without_reversals(night.transactions)
    abroad = _abroad(night, payments, known)
    first = abroad.filter("chemical").drop("chemical", "dealer")
    first = first.with_columns(pl.lit(None, dtype=pl.String).alias("onward_id"), mostly=pl.lit(value=False))
    found, steps = Goods(known, payments, abroad, first), [first.with_columns(pl.lit(0).alias("step"))]
    for step in range(1, _HOPS + 1):
        before = _before(steps[-1], found, parameters)
        seen = pl.concat(steps).select("transaction_id")
        before = before.join(seen, on="transaction_id", how="anti").with_columns(pl.lit(step).alias("step"))
        steps.append(before.select(steps[0].columns))
    return Goods(known, payments, abroad, pl.concat(steps).sort("step", "transaction_id"))
