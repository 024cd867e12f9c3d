"""Payees in China or Hong Kong whom one telephone or e-mail reaches, and what buyers abroad pay them in small sums."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.precursor_procurement_bulk import Schemes
from mirrorwatch.detectors.precursor_procurement_goods import SOURCES
from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.detectors.precursor_procurement_terms import RETAIL
from mirrorwatch.detectors.terms import scored
from mirrorwatch.features import contacts
from mirrorwatch.features.carried import Carrying, carried
from mirrorwatch.features.sides import sided

_CASH = ("cash_deposit", "cash_withdrawal")
_SEVERAL_PAYEES = 3  # that one buyer paid: enough by itself, without many buyers
_MANY_PARTIES = 3  # at one address as well as one telephone: more than a couple
_RAMP_DAYS = 3  # days from a purchase of virtual currency to its payment out
_RAMP_KEPT = 600  # basis points that an exchange keeps, spread included
_REPEATED = 2  # purchases that make a buyer a suspect: one may be a mistake


def _circles(night: NightFrames, known: pl.LazyFrame, crowd: int) -> pl.DataFrame:
    """Unlicensed parties with an account in SOURCES that share a contact: payee, circle, home (who counts as one)."""
    there = known.filter(pl.col("country").is_in(SOURCES), ~pl.col("licensed"), pl.col("account_type") != "escrow")
    owners = there.select("party_id", "group_id").unique()
    parties = night.parties.join(owners, on="party_id", how="semi")
    found = contacts.circles(contacts.shared(contacts.marks(parties), crowd))
    at = contacts.marks(parties, ("address",)).select("party_id", at="mark")
    homes = owners.collect().join(found, on="party_id", how="inner").join(at.collect(), on="party_id", how="left")
    # One address, or one owner, is one household or company, whose members know each other honestly. Two whose address
    # is unknown may be a couple and count as one.
    unknown = pl.when(pl.len().over("circle") < _MANY_PARTIES).then(pl.lit("")).otherwise("group_id")
    homes = homes.with_columns(home=pl.coalesce("at", unknown))
    return homes.select("circle", payee="party_id", home=pl.col("home").min().over("circle", "group_id"))


def _receipts(known: pl.LazyFrame, payments: pl.LazyFrame, circles: pl.DataFrame) -> pl.DataFrame:
    """Payments from abroad, or in virtual currency, to the payees of `circles`, with `ramp` (paid by an exchange)."""
    accounts = known.join(circles.lazy().select(party_id="payee"), on="party_id", how="semi")
    inbound = payments.filter(pl.col("beneficiary_country").is_in(SOURCES), ~pl.col("channel").is_in(_CASH)).join(
        accounts.select(beneficiary_account_id="account_id"), on="beneficiary_account_id", how="semi"
    )
    abroad = pl.col("payer_at") != pl.col("payee_at")
    rows = sided(inbound, known).filter(abroad | (pl.col("channel") == "crypto")).drop("purpose").collect()
    ramp = pl.col("payer_licensed")
    return rows.join(circles, on="payee", how="inner").with_columns(ramp.alias("ramp")).sort("transaction_id")


def _behind(small: pl.DataFrame, known: pl.LazyFrame, payments: pl.LazyFrame) -> pl.DataFrame:
    """Purchases at an exchange that its payments to the payees explain, by buyers most of whose purchases those are."""
    onward = small.filter("ramp")
    exchanges = known.join(onward.lazy().select(party_id="payer").unique(), on="party_id", how="semi")
    coming = sided(
        payments.filter(~pl.col("channel").is_in(_CASH)).join(
            exchanges.select(beneficiary_account_id="account_id"), on="beneficiary_account_id", how="semi"
        ),
        known,
    ).filter(~pl.col("payer_licensed"))
    sums = coming.group_by("payer", "payee").agg(pl.len().alias("all")).collect()
    found = carried(coming, onward, Carrying(_RAMP_DAYS, 0, _RAMP_KEPT)).drop("kept", "purpose")
    often = found.group_by("payer", "payee").agg(pl.len().alias("matched")).join(sums, on=("payer", "payee"))
    sure = often.filter(pl.col("matched") > _REPEATED, pl.col("matched") * 2 > pl.col("all"))
    places = small.select("circle", "home", onward_id="transaction_id", seller="payee")
    return found.join(sure, on=("payer", "payee"), how="semi").join(places, on="onward_id", how="left")


def _values(receipts: pl.DataFrame, small: pl.DataFrame, behind: pl.DataFrame) -> pl.DataFrame:
    """One row a circle with every term of RETAIL and the figures that its gate and its words need."""
    bought = pl.concat(
        [
            small.filter(~pl.col("ramp")).select("circle", "home", "payer", "usd_minor", seller="payee"),
            behind.select("circle", "home", "payer", "usd_minor", "seller"),
        ]
    )
    each = bought.group_by("circle", "payer").agg(
        pl.col("home").n_unique().alias("homes"),
        pl.col("seller").n_unique().alias("sellers"),
        pl.len().alias("bought"),
        (pl.col("usd_minor").max() * 10 > pl.col("usd_minor").min() * 11).alias("uneven"),
    )
    again = each.filter(pl.col("bought") > 1)
    buyers = each.group_by("circle").agg(
        pl.len().cast(pl.Int64).alias("direct"),
        (pl.col("homes") > 1).sum().cast(pl.Int64).alias("crossing"),
        pl.col("homes").max().alias("most_homes"),
    )
    uneven = again.group_by("circle").agg(pl.col("uneven").cast(pl.Float64).mean().alias("uneven_sums"))
    virtual = pl.col("ramp") | (pl.col("channel") == "crypto")
    of = small.group_by("circle").agg(
        pl.col("payee").n_unique().alias("parties"),
        pl.col("home").n_unique().cast(pl.Float64).alias("payees"),
        pl.len().cast(pl.Float64).alias("purchases"),
        virtual.cast(pl.Float64).mean().alias("by_ramp"),
        pl.col("ramp").sum().cast(pl.Int64).alias("ramped"),
        pl.col("usd_minor").sum().alias("amount_usd_minor"),
    )
    every = receipts.group_by("circle").agg(pl.len().alias("received"))
    known = behind.group_by("circle").agg(pl.len().cast(pl.Int64).alias("traced"))
    hidden = pl.col("ramped") - pl.col("traced").fill_null(0)
    return (
        of.join(buyers, on="circle", how="left")
        .join(uneven, on="circle", how="left")
        .join(every, on="circle", how="left")
        .join(known, on="circle", how="left")
        .with_columns(pl.col("direct", "crossing", "most_homes").fill_null(0), hidden.alias("hidden"))
        .with_columns(
            (pl.col("direct") + pl.col("hidden") // 2).cast(pl.Float64).alias("buyers"),
            (pl.col("crossing") / pl.col("direct").clip(1)).alias("cross_buyers"),
            (pl.col("purchases") / pl.col("received")).alias("retail_share"),
        )
    )


def schemes(
    night: NightFrames, known: pl.LazyFrame, payments: pl.LazyFrame, parameters: PrecursorParameters
) -> Schemes:
    """Schemes of payees for retail purchases, with the buyers who came back."""
    circles = _circles(night, known, parameters.contact_crowd)
    receipts = _receipts(known, payments, circles)
    size = (parameters.least_retail_usd * 100, parameters.most_retail_usd * 100)
    small = receipts.filter(pl.col("usd_minor").is_between(*size))
    behind = _behind(small, known, payments)
    table = scored(_values(receipts, small, behind), RETAIL).rename({"circle": "scheme"})
    enough = (pl.col("buyers") >= parameters.least_buyers) | (pl.col("most_homes") >= _SEVERAL_PAYEES)
    apart = (pl.col("payees") > 1) | (
        (pl.col("parties") >= _MANY_PARTIES) & (pl.col("buyers") >= 2 * parameters.least_buyers)
    )
    kept = table.filter(
        enough,
        apart,
        pl.col("purchases") >= parameters.least_purchases,
        pl.col("buyers") <= parameters.most_buyers,
        pl.col("score") >= parameters.retail_score,
    )
    return _written(kept, small, behind)


def _written(kept: pl.DataFrame, small: pl.DataFrame, behind: pl.DataFrame) -> Schemes:
    columns = ["circle", "transaction_id", "booked_at", "payer", "payer_account", "ramp"]
    rows = pl.concat(
        [
            small.select(*columns, "payee", "payee_account", role=pl.lit("purchase")),
            behind.with_columns(ramp=pl.lit(value=False)).select(
                *columns, payee="seller", payee_account=pl.lit(None, dtype=pl.String), role=pl.lit("ramp")
            ),
        ]
    ).rename({"circle": "scheme"}).join(kept.select("scheme"), on="scheme", how="semi")  # fmt: skip
    again = rows.filter(~pl.col("ramp"), pl.len().over("scheme", "payer") >= _REPEATED)
    sellers = rows.filter(pl.col("role") == "purchase").select("scheme", account_id="payee_account", party_id="payee")
    members = pl.concat([sellers, again.select("scheme", account_id="payer_account", party_id="payer")]).unique()
    order = rows.unique(("scheme", "transaction_id")).sort("scheme", "booked_at", "transaction_id")
    evidence = order.select(
        "scheme", "transaction_id", "role", "booked_at",
        group_no=pl.lit(1, dtype=pl.Int64), step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme"),
    )  # fmt: skip
    busiest = (
        sellers.group_by("scheme", "party_id")
        .agg(number=pl.len())
        .sort("scheme", "number", "party_id", descending=[False, True, False])
    )
    subject = busiest.unique("scheme", keep="first", maintain_order=True).select("scheme", subject_party_id="party_id")
    named = again.group_by("scheme").agg(pl.col("payer").n_unique().alias("named_buyers"))
    payees = sellers.group_by("scheme").agg(pl.col("party_id").unique().sort().alias("sellers"))
    values = kept.with_columns(chance_probability=pl.lit(None, dtype=pl.Float64))
    for more in (subject, named, payees):
        values = values.join(more, on="scheme", how="left")
    return Schemes(values.with_columns(pl.col("named_buyers").fill_null(0)).sort("scheme"), members, evidence)
