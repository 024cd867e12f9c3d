"""Buyers of chemicals in bulk who have no use for them: their figures, and who of them belong together.

A *buyer* is a party outside China and Hong Kong that pays for chemicals there, itself or through somebody who carries
its money on. Accounts in between are named with the buyer unless a licence covers them or their trade is chemicals.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import binom

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.precursor_procurement_goods import FEW_PAYERS, NOT_TRADE, SOURCES, Goods
from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.detectors.precursor_procurement_terms import BULK
from mirrorwatch.detectors.terms import scored
from mirrorwatch.features import activity, chemistry, contacts, running_costs
from mirrorwatch.features.chains import component_of
from mirrorwatch.features.sides import sided

_ADDRESS_CROWD = 6  # organisations at one address beyond which it is an agent's or an office tower's
_YEAR = 365
_IDLE_KINDS = 1  # kinds of running cost up to which nothing is run: an account fee is one
_HIDDEN = (
    8  # tenths of the money for chemicals that went through accounts in between: no way of shopping, but of hiding
)
_CARRIED, _TIMES = ("carried_minor", "followed_minor"), 3  # sums that fit by chance do so once or twice
_LEAST_CHANCE = 1e-6
# Ties that a night is taken to have beside those it shows, one in twenty of them chemical: a small night knows little.
_PRIOR_TIES, _PRIOR_CHEMICAL = 20, 1


@dataclass(frozen=True)
class Schemes:
    """`values`: one row a scheme with every term of BULK; `members` and `evidence` as `writing` asks for them."""

    values: pl.DataFrame
    members: pl.DataFrame
    evidence: pl.DataFrame


def _related(side: str) -> pl.Expr:
    person = pl.col(f"{side}_party_type").fill_null("organisation") == "person"
    return chemistry.unrelated(f"{side}_trade", person).alias("unrelated_trade")


def _buying(goods: Goods) -> pl.DataFrame:
    """Payments for chemicals of parties that are neither licensed nor at home where the suppliers are."""
    return goods.chain.filter(~pl.col("payer_licensed"), ~pl.col("payer_at").is_in(SOURCES)).with_columns(
        _related("payer")
    )


def _bought(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a buyer: how much, how often, from how many and by whom carried."""
    usd, carried = pl.col("usd_minor"), pl.col("step") > 0
    return rows.group_by("payer").agg(
        usd.sum().alias("chemical_minor"),
        usd.filter(carried).sum().alias("carried_minor"),
        usd.filter(carried, pl.col("mostly")).sum().alias("followed_minor"),
        usd.filter(pl.col("said")).sum().alias("said_minor"),
        pl.len().cast(pl.Int64).alias("payments"),
        pl.col("payee").n_unique().cast(pl.Int64).alias("suppliers"),
        pl.col("payee_at").n_unique().cast(pl.Int64).alias("countries"),
        pl.col("unrelated_trade").first(),
        pl.col("booked_at").min().alias("first_at"),
    )


def _paid_abroad(goods: Goods, buyers: pl.DataFrame) -> pl.DataFrame:
    """One row a buyer and payee of what it paid firms abroad: payer, payee, payee_at, usd_minor."""
    accounts = goods.known.join(buyers.lazy().select(party_id="payer"), on="party_id", how="semi")
    rows = goods.payments.filter(
        pl.col("originator_country") != pl.col("beneficiary_country"), ~pl.col("channel").is_in(NOT_TRADE)
    ).join(accounts.select(originator_account_id="account_id"), on="originator_account_id", how="semi")
    firm = pl.col("payee_party_type").fill_null("organisation") == "organisation"
    return (
        sided(rows, goods.known)
        .filter(firm, ~pl.col("payee_licensed"))
        .group_by("payer", "payee", "payee_at")
        .agg(pl.col("usd_minor").sum())
        .collect()
    )


def _usual(goods: Goods) -> pl.DataFrame:
    """Ties of importers without a use for chemicals to firms in SOURCES: payer, payee, chemical. The night's peers."""
    firm = pl.col("payee_party_type").fill_null("organisation") == "organisation"
    return (
        goods.abroad.with_columns(_related("payer"))
        .filter(firm, ~pl.col("payer_licensed"), ~pl.col("payer_at").is_in(SOURCES), pl.col("unrelated_trade") > 0)
        .group_by("payer", "payee")
        .agg(pl.col("chemical").any())
    )


def _by_chance(table: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """`table` with `chance`: of as many suppliers being chemical, had they been drawn as its peers' were.

    `usual` holds the ties of peers who are not themselves mostly buyers of chemicals: several fronts in one night do
    not make each other usual.
    """
    ties, chemical = usual.height, int(usual["chemical"].sum())
    share = (chemical + _PRIOR_CHEMICAL) / (ties + _PRIOR_TIES)
    known = table.with_columns(number=pl.max_horizontal("partners", "suppliers")).sort("payer")
    tail = binom.sf(known["suppliers"].to_numpy() - 1, known["number"].to_numpy(), share)
    return known.with_columns(pl.Series("chance", np.asarray(tail), dtype=pl.Float64).clip(_LEAST_CHANCE, 1.0))


def _with_peers(
    table: pl.DataFrame, usual: pl.DataFrame, costs: pl.DataFrame, parameters: PrecursorParameters
) -> pl.DataFrame:
    """`table` with its chance, and how many peers there are, and how many of them run nothing either."""
    mostly = pl.col("chemical_share") >= parameters.least_chemical_share
    buyers = table.filter(mostly, pl.col("payments") >= parameters.least_bulk_payments).select("payer")
    idle = usual.select("payer").unique().join(costs, on="payer", how="left").filter(_idle())
    counted = _by_chance(table, usual.join(buyers, on="payer", how="anti"))
    return counted.with_columns(peers=pl.lit(usual["payer"].n_unique()), idle_peers=pl.lit(idle.height))


def _idle() -> pl.Expr:
    return (pl.col("running_costs") <= _IDLE_KINDS).fill_null(value=True)


def _running_costs(night: NightFrames, goods: Goods, buyers: pl.DataFrame) -> pl.DataFrame:
    """One row a buyer that is an organisation: payer, running_costs (kinds)."""
    accounts = goods.known.filter(pl.col("account_type") == "business").join(
        buyers.lazy().select(party_id="payer"), on="party_id", how="semi"
    )
    alone = pl.LazyFrame(schema={"party_id": pl.String(), "group_id": pl.String()})
    others = activity.counterparties(goods.known, night.parties, alone)
    legs = activity.legs(goods.payments, accounts, others)
    kinds = running_costs.footprint(running_costs.payees(legs)).select(payer="party_id", running_costs="kinds")
    return kinds.with_columns(pl.col("running_costs").cast(pl.Float64)).collect()


def _sharing(goods: Goods, night: NightFrames, buyers: pl.DataFrame) -> pl.DataFrame:
    """Pairs of buyers with one supplier and one telephone, e-mail or address: payer, payer_to."""
    mine = night.parties.join(buyers.lazy().select(party_id="payer"), on="party_id", how="semi")
    crowds = contacts.marks(night.parties, ("address",)).group_by("mark").agg(pl.len().alias("crowd"))
    marks = (
        contacts.marks(mine, ("phone", "email", "address"))
        .join(crowds, on="mark", how="left")
        .filter(pl.col("crowd").fill_null(1) <= _ADDRESS_CROWD)
        .select(payer="party_id", mark="mark")
        .collect()
    )
    groups = goods.known.select(payer="party_id", group="group_id").unique().collect()
    paid = _buying(goods).select("payer", "payee").unique().join(groups, on="payer", how="inner")
    marked = paid.join(marks, on="payer", how="inner")
    both = marked.join(marked, on=("payee", "mark"), how="inner", suffix="_to")
    return both.filter(pl.col("group") != pl.col("group_to")).select("payer", "payer_to").unique().sort(pl.all())


def _values(night: NightFrames, goods: Goods, parameters: PrecursorParameters) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row a buyer with every term of BULK, and the pairs that share a contact."""
    rows = _buying(goods).filter((pl.col("unrelated_trade") > 0).fill_null(value=True))
    bought = _bought(rows).filter(pl.col("chemical_minor") >= parameters.least_bulk_usd * 100)
    sharing = _sharing(goods, night, bought)
    abroad = _paid_abroad(goods, bought)
    carried = rows.filter(pl.col("step") > 0, pl.col("payee_licensed")).group_by("payer")
    ramped = carried.agg(pl.col("usd_minor").sum().alias("ramped"))  # paid at home, or to a bank: in no sum abroad
    sums = abroad.group_by("payer").agg(
        pl.col("usd_minor").sum().alias("abroad_minor"),
        pl.col("payee").n_unique().cast(pl.Int64).alias("partners"),
        pl.col("payee_at").n_unique().cast(pl.Int64).alias("places"),
    )
    usual = _usual(goods)
    both = pl.concat([bought.select("payer"), usual.select("payer")]).unique()
    costs = _running_costs(night, goods, both)
    table = (
        bought.join(sums, on="payer", how="left")
        .join(ramped, on="payer", how="left")
        .with_columns(pl.col("abroad_minor", "partners", "places", "ramped").fill_null(0))
        .join(costs, on="payer", how="left")
        .join(_declared(night, bought), on="payer", how="left")
    )
    spent = pl.max_horizontal(pl.col("abroad_minor") + pl.col("ramped"), "chemical_minor")
    table = table.with_columns(spent_minor=spent).with_columns(
        chemical_share=pl.col("chemical_minor") / pl.col("spent_minor")
    )
    peered = _with_peers(table, usual, costs, parameters)
    return _terms(peered, sharing, _places(goods, usual), night).sort("payer"), sharing


def _declared(night: NightFrames, buyers: pl.DataFrame) -> pl.DataFrame:
    wanted = night.parties.select(payer="party_id", turnover=pl.col("annual_turnover_usd").cast(pl.Float64))
    return wanted.join(buyers.lazy().select("payer"), on="payer", how="semi").collect()


def _places(goods: Goods, usual: pl.DataFrame) -> float | None:
    """Countries of suppliers that importers with a supplier in SOURCES have on average; null where there are none."""
    importers = usual.select("payer").unique()
    if importers.is_empty():
        return None
    each = _paid_abroad(goods, importers).group_by("payer").agg(pl.col("payee_at").n_unique())
    return int(each["payee_at"].sum()) / max(each.height, 1)


def _terms(table: pl.DataFrame, sharing: pl.DataFrame, usual_places: float | None, night: NightFrames) -> pl.DataFrame:
    shares = pl.col("payer").is_in(sharing["payer"].implode())
    start = night.transactions.select(pl.col("booking_date").min()).collect().item()
    days = (night.run_date - start).days + 1 if start is not None else 1
    yearly = pl.col("chemical_minor") / 100 * _YEAR / days
    usual = pl.lit(usual_places, dtype=pl.Float64)
    return table.with_columns(
        (pl.col("carried_minor") / pl.col("chemical_minor")).alias("carried_on"),
        shares.cast(pl.Float64).alias("shared_contact"),
        (pl.col("chemical_minor") / 100).alias("chemical_usd"),
        (-pl.col("chance").log10()).alias("beyond_chance"),
        pl.col("payments").cast(pl.Float64).alias("chemical_payments"),
        pl.when(pl.col("unrelated_trade") == 1)
        .then(pl.col("said_minor") / pl.col("chemical_minor"))
        .alias("said_chemical"),
        (usual - pl.max_horizontal("places", "countries")).alias("fewer_countries"),
        pl.when(pl.col("turnover") > 0).then(yearly / pl.col("turnover")).alias("beyond_turnover"),
    )


def _habit(parameters: PrecursorParameters) -> pl.Expr:
    """Whether who has no use for chemicals buys them again and again, whatever else they buy abroad.

    Through accounts in between, the fewer times where these pass on most of what they are paid; or many times.
    """
    times = pl.col("payments")
    by_others, wholly = (pl.col(name) * 10 >= pl.col("chemical_minor") * _HIDDEN for name in _CARRIED)
    hidden = (by_others & (times >= _TIMES + 1)) | (wholly & (times >= _TIMES))
    often = (times >= parameters.habit_payments) & (pl.col("chemical_share") >= parameters.least_habit_share)
    return ((pl.col("unrelated_trade") == 1) & (hidden | often)).fill_null(value=False)


def _kept(table: pl.DataFrame, sharing: pl.DataFrame, parameters: PrecursorParameters) -> pl.DataFrame:
    """Buyers that are reported, and those who share a contact and a supplier with one of them."""
    enough = (pl.col("payments") >= parameters.least_bulk_payments) | (pl.col("shared_contact") > 0)
    mostly = (pl.col("chemical_share") >= parameters.least_chemical_share) | _habit(parameters)
    # Where importers' suppliers are a mixed lot, some have a chemical one by chance and no other abroad. Who runs
    # nothing is held against those only who run nothing either.
    alike = pl.when(_idle()).then("idle_peers").otherwise("peers")
    rare = pl.col("chance") * alike <= parameters.most_expected
    able = scored(table, BULK).filter(
        enough, mostly, rare | (pl.col("carried_on") > 0) | (pl.col("shared_contact") > 0)
    )
    bound = pl.when(_habit(parameters)).then(parameters.habit_score).otherwise(parameters.bulk_score)
    sure = able.filter(pl.col("score") >= bound).select("payer")
    beside = sharing.join(sure.select(payer_to="payer"), on="payer_to", how="semi").select("payer")
    return able.join(pl.concat([sure, beside]), on="payer", how="semi")


def _through(paid: pl.DataFrame) -> pl.DataFrame:
    """Pairs of buyers with one account in between that serves few: payer, payer_to. More are a trader's customers."""
    chemical = chemistry.starts_with("payee_trade", chemistry.USERS).fill_null(value=False)
    between = paid.filter(pl.col("step") > 0, ~pl.col("payee_licensed"), ~chemical)
    few = between.filter(pl.col("payer").n_unique().over("payee") <= FEW_PAYERS)
    return few.select("payer", payer_to=pl.col("payer").min().over("payee"))


def _between(kept: pl.DataFrame, goods: Goods) -> pl.DataFrame:
    """Payments, of any kind, from one buyer to another: payer, payer_to."""
    own = goods.known.join(kept.lazy().select(party_id="payer"), on="party_id", how="semi")
    rows = goods.payments
    for side in ("originator_account_id", "beneficiary_account_id"):
        rows = rows.join(own.select(pl.col("account_id").alias(side)), on=side, how="semi")
    return sided(rows, goods.known).select("payer", payer_to="payee").unique().collect()


def _owned(paid: pl.DataFrame) -> pl.DataFrame:
    """Pairs of buyers with one supplier and one owner: payer, payer_to."""
    return paid.select("payer", payer_to=pl.col("payer").min().over("payee", "payer_group_id"))


def _grouped(kept: pl.DataFrame, sharing: pl.DataFrame, goods: Goods) -> pl.DataFrame:
    """`kept` with `scheme`: buyers who share a contact or an owner and a supplier, a carrier, or pay each other.

    A supplier in common alone makes no scheme: a chemical firm sells to whoever orders, and they are strangers.
    """
    paid = _buying(goods).join(kept.select("payer"), on="payer", how="semi")
    edges = pl.concat([sharing, _between(kept, goods), _through(paid), _owned(paid)]).unique()
    edges = edges.join(kept.select("payer"), on="payer", how="semi")
    edges = edges.join(kept.select(payer_to="payer"), on="payer_to", how="semi")
    return kept.join(component_of(kept, edges, ("payer",), "scheme"), on="payer", how="inner")


def _members(grouped: pl.DataFrame, goods: Goods) -> pl.DataFrame:
    """Accounts that the buyers paid from, and those in between that carried the money on."""
    rows = _evidence(grouped, goods)
    chemical = chemistry.starts_with("payee_trade", chemistry.USERS).fill_null(value=False)
    between = rows.filter(pl.col("step") > 0, ~pl.col("payee_licensed"), ~chemical)
    buyers = rows.join(grouped.select("payer", "scheme"), on=("payer", "scheme"), how="semi")
    return pl.concat(
        [
            buyers.select("scheme", account_id="payer_account", party_id="payer"),
            between.select("scheme", account_id="payee_account", party_id="payee"),
        ]
    ).unique()


def _evidence(grouped: pl.DataFrame, goods: Goods) -> pl.DataFrame:
    """Payments of the buyers, and those onward that they paid for, each once a scheme."""
    own = goods.chain.join(grouped.select("payer", "scheme"), on="payer", how="inner")
    found = [own]
    for _ in range(2):
        onward = found[-1].filter(pl.col("onward_id").is_not_null()).select("scheme", transaction_id="onward_id")
        found.append(goods.chain.join(onward.unique(), on="transaction_id", how="inner").select(own.columns))
    rows = pl.concat(found).unique(("scheme", "transaction_id"), keep="first")
    return rows.sort("scheme", "booked_at", "transaction_id")


def _sold(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a scheme: what the suppliers were paid, by whichever way; nothing that was carried on counts twice.

    `carried_of_sum` and `said_of_sum`: shares of that sum, where the terms are those of the buyer with the most.
    """
    usd, at_last = pl.col("usd_minor"), pl.col("step") == 0
    amount = usd.filter(at_last).sum()
    last = rows.group_by("scheme").agg(
        amount.alias("amount_usd_minor"),
        (usd.filter(pl.col("step") == 1).sum() / amount).clip(0, 1).alias("carried_of_sum"),  # a fee comes on top
        (usd.filter(at_last, pl.col("said")).sum() / amount).alias("said_of_sum"),
        at_last.sum().cast(pl.Float64).alias("chemical_payments"),
        pl.col("payee").filter(at_last).unique().sort().alias("sellers"),
    )
    return last.with_columns((pl.col("amount_usd_minor") / 100).alias("chemical_usd"))


def schemes(night: NightFrames, goods: Goods, parameters: PrecursorParameters) -> Schemes:
    """Schemes of buyers in bulk; the best-known value of its buyers is a scheme's, sums are added."""
    table, sharing = _values(night, goods, parameters)
    grouped = _grouped(_kept(table, sharing, parameters), sharing, goods)
    figured = ("chemical_usd", "chemical_payments", "running_costs")
    values = grouped.group_by("scheme").agg(
        *(pl.col(term.code).max() for term in BULK if term.code not in figured),
        pl.col("running_costs").min(),
        pl.col("chance").min().alias("chance_probability"),
        pl.col("payer").sort_by("chemical_minor", "payer", descending=[True, False]).first().alias("subject_party_id"),
        pl.col("payer").sort().alias("buyers_named"),
        pl.col("suppliers").max(),
        (pl.col("chemical_minor").sum() / pl.col("spent_minor").sum()).alias("share_of_sum"),
    )
    rows = _evidence(grouped, goods)
    examined = max(table.height, 1)
    values = values.join(_sold(rows), on="scheme", how="left").with_columns(
        (pl.col("chance_probability") * examined).clip(_LEAST_CHANCE, 1.0).round_sig_figs(4)
    )
    role = pl.when(pl.col("step") == 0).then(pl.lit("purchase")).otherwise(pl.lit("carried"))
    shown = rows.select(
        "scheme", "transaction_id", role.alias("role"), "booked_at",
        group_no=pl.lit(1, dtype=pl.Int64), step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme"),
    )  # fmt: skip
    return Schemes(scored(values, BULK).sort("scheme"), _members(grouped, goods), shown)
