"""Who pays for property: one row a payer and payee, with what is unusual about each."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.real_estate_parameters import PropertyParameters
from mirrorwatch.features import activity, contacts, real_property, running_costs
from mirrorwatch.features.sides import sided
from mirrorwatch.features.ties import current_ownership
from mirrorwatch.rulebook import Held, Use

NOT_PAID = ("card", "cash_deposit", "cash_withdrawal", "p2p", "crypto")
DRAFTS = ("cashiers_check", "money_order")
CHECKS = (*DRAFTS, "check")
# Uses of rules whose sum a payer may stay under, and the instruments that each speaks of: reports of the cash behind
# one (a wire leaves the same record whatever its sum), and records of those sold for cash.
THRESHOLDS: dict[Use, tuple[str, ...]] = {"cash_report": CHECKS, "instrument_record": DRAFTS}
TIE = ("payer", "payee")
_EVEN = 10  # largest over smallest, in tenths of the smallest less ten: within a tenth is a rent
_KINDS = 1  # kinds of running cost up to which a company has no business: an account fee is one
# Tenths of what a payer pays that came from one source, from and to: what it was given to pay, less or with a fee.
_LEAST_FUNDED, _MOST_OF_PRICE = 7, 14
_YOUNG_DAYS = 365
_CROWD = 20  # parties at one contact above which it is an agent's
_MOST_FUNDED = 15  # payees of a source over the window: more is an employer, a lender or a marketplace
_BUSINESS = 3  # kinds of running cost from which a payment is one of a going concern
_MONTHS = 12
_MOST_PAYMENTS = 200  # of a firm over the window: more is a business, and need not be read
_FEWEST_TOLD = 3  # payers whose texts make somebody of no known trade a payee for property
_YEARS = 2  # of income: more is not saved up by several of one family at once
_WEEKS = 21  # days within which repeated payments are no instalments


@dataclass(frozen=True)
class Payers:
    """`rows`: payments for property, one row each, standing ones left out; `ties`: one row a payer and payee."""

    rows: pl.DataFrame
    ties: pl.DataFrame
    links: pl.DataFrame  # payee, payer, payer_to: payers of one payee with a contact or a source in common


def thresholds(night: NightFrames) -> list[tuple[Held, tuple[str, ...]]]:
    """Rules in force whose sum one payment can stay under, each with the instruments that it speaks of.

    None that adds up one person's month: no single sum stays under that, and nearness is chance.
    """
    held = [(rule, drawn) for use, drawn in THRESHOLDS.items() for rule in night.rules.used_as(use)]
    return [(rule, drawn) for rule, drawn in held if rule.version.adds_up != "month"]


def _near(night: NightFrames, share: float) -> pl.Expr:
    """Whether a payment lies just under a threshold that held for its payee's country, in that currency."""
    near = pl.lit(value=False)
    for rule, channels in thresholds(night):
        here = (pl.col("payee_at") == rule.rule.jurisdiction) & (pl.col("currency") == rule.version.currency)
        under = (pl.col("amount_minor") >= rule.minor * share) & (pl.col("amount_minor") < rule.least_minor)
        near |= here & pl.col("channel").is_in(channels) & under
    return near


def paid(
    night: NightFrames, known: pl.LazyFrame, payments: pl.LazyFrame, parameters: PropertyParameters
) -> pl.DataFrame:
    """Payments to whoever takes money for property, with `near` and `draft` (tenths); rents are left out."""
    takers = known.filter(real_property.is_property("trade", "account_type") & (pl.col("account_type") != "government"))
    said = real_property.speaks_of_property("purpose") | real_property.speaks_of_mortgage("purpose")
    whom = takers.select(beneficiary_account_id="account_id", taker=pl.lit(value=True))
    wanted = pl.col("taker").fill_null(value=False) | said
    rows = (
        sided(
            payments.filter(~pl.col("channel").is_in(NOT_PAID))
            .join(whom, on="beneficiary_account_id", how="left")
            .filter(wanted)
            .drop("taker"),
            known,
        )
        .filter(~pl.col("payer_licensed"), (pl.col("payer_account_type") != "escrow").fill_null(value=True))
        .with_columns(
            taker=real_property.is_property("payee_trade", "payee_account_type"),
            mortgage=real_property.speaks_of_mortgage("purpose"),
            near=_near(night, parameters.near_share),
            draft=pl.when(pl.col("channel").is_in(DRAFTS))
            .then(10)
            .when(pl.col("channel") == "check")
            .then(5)
            .otherwise(0),
        )
        # a lender is a payee for its mortgages only; others by what most of their payers say
        .filter(pl.col("taker") | (pl.col("mortgage") == pl.col("payee_licensed")))
        .collect()
    )
    usual = _mostly(rows)
    span = pl.col("booked_at").max() - pl.col("booked_at").min()
    even = pl.col("usd_minor").max() * _EVEN <= pl.col("usd_minor").min() * (_EVEN + 1)
    standing = (pl.len().over(TIE) > 1) & (span >= pl.duration(days=parameters.span_days)).over(TIE) & even.over(TIE)
    own = _seats(night).select(payer="party_id", payee="owned_party_id").collect()
    enough = pl.col("usd_minor").sum().over(TIE) >= parameters.least_paid_usd * 100
    return usual.filter(~standing, enough).join(own, on=TIE, how="anti").sort("transaction_id")


def _mostly(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep payees by trade, and those that three payers or more tell of property: one text alone is anybody's."""
    told = pl.col("payer").n_unique().over("payee") >= _FEWEST_TOLD
    organisation = pl.col("payee_party_type").fill_null("organisation") == "organisation"
    return rows.filter(pl.col("taker") | (told & organisation))


def _ties(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a payer and payee: sums and shares in whole numbers."""
    usd, span = pl.col("usd_minor"), pl.col("booked_at").max() - pl.col("booked_at").min()
    person = pl.col("payer_party_type").fill_null("person") == "person"
    abroad = pl.when(pl.col("payer_at") == pl.col("payee_at")).then(0).when(person).then(5).otherwise(10)
    return rows.group_by(TIE).agg(
        usd.sum().alias("paid_minor"),
        pl.len().cast(pl.Int64).alias("payments"),
        pl.col("near").sum().cast(pl.Int64),
        (usd // 10 * pl.col("draft")).sum().alias("draft_minor"),
        abroad.max().alias("foreign"),
        person.first().alias("person"),
        pl.col("payer_group_id").first().alias("group"),
        pl.col("payer_trade").first().alias("trade"),
        pl.col("booked_at").min().alias("first_at"),
        pl.col("booked_at").max().alias("last_at"),
        ((pl.len() > 1) & (span <= pl.duration(days=_WEEKS))).alias("again"),
        (usd.filter(pl.col("mortgage")).sum() * 2 > usd.sum()).alias("mortgage"),
    )


def _declared(night: NightFrames, ties: pl.DataFrame) -> pl.DataFrame:
    """One row a payer: income (USD a year), age in days, and whether a person is on record as its `owned` holder."""
    about = night.parties.select(
        payer="party_id",
        income=pl.when(pl.col("annual_turnover_usd") > 0).then(pl.col("annual_turnover_usd").cast(pl.Float64)),
        age=(pl.lit(night.run_date) - pl.col("born_or_incorporated_on")).dt.total_days(),
    )
    people = night.parties.filter(pl.col("party_type") == "person").select(owner_party_id="party_id")
    held = current_ownership(night.ownership, night.run_date).filter(pl.col("role") == "shareholder")
    owned = held.join(people, on="owner_party_id", how="semi").select(payer="owned_party_id", owned=True).unique()
    rows = ties.lazy().select("payer").unique().join(about, on="payer", how="left").join(owned, on="payer", how="left")
    return rows.with_columns(pl.col("owned").fill_null(value=False)).collect()


def _purchasers(known: pl.LazyFrame, payments: pl.LazyFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Rows of `ties` that may be a purchase: a person's month of income or more, a firm's that pays few.

    Less is a rent or a repair, and who pays hundreds runs a business: none of their other payments need be read.
    """
    firms = known.join(
        ties.lazy().filter(~pl.col("person")).select(party_id="payer").unique(), on="party_id", how="semi"
    ).select(originator_account_id="account_id", payer="party_id")
    paid = payments.join(firms, on="originator_account_id", how="inner").group_by("payer").agg(pl.len().alias("number"))
    busy = paid.filter(pl.col("number") > _MOST_PAYMENTS).select("payer").collect()
    large = (pl.col("paid_minor") * _MONTHS >= pl.col("income") * 100).fill_null(value=True)
    return ties.filter(~pl.col("person") | large).join(busy, on="payer", how="anti")


def _lives(night: NightFrames, known: pl.LazyFrame, payments: pl.LazyFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """One row a payer: `others` it deals with, and `kinds` of running cost."""
    accounts = known.join(ties.lazy().select(party_id="payer").unique(), on="party_id", how="semi")
    alone = pl.LazyFrame(schema={"party_id": pl.String(), "group_id": pl.String()})
    legs = activity.legs(payments, accounts, activity.counterparties(known, night.parties, alone)).collect().lazy()
    met = legs.filter(pl.col("other") != activity.CASH).group_by(payer="party_id")
    kinds = running_costs.footprint(running_costs.payees(legs)).select("kinds", payer="party_id")
    others = met.agg(others=pl.col("other").n_unique())
    return others.join(kinds, on="payer", how="left").with_columns(pl.col("kinds").fill_null(0)).collect()


def _sources(known: pl.LazyFrame, payments: pl.LazyFrame, ties: pl.DataFrame, days: int) -> pl.DataFrame:
    """Money that came into payers' accounts in the days before they paid: payer, payee, source, in_minor."""
    accounts = known.join(ties.lazy().select(party_id="payer").unique(), on="party_id", how="semi")
    names = known.select(originator_account_id="account_id", source="party_id", licensed="licensed", of="group_id")
    coming = (
        payments.join(
            accounts.select("group_id", beneficiary_account_id="account_id", payer="party_id"),
            on="beneficiary_account_id",
            how="inner",
        )
        .join(names, on="originator_account_id", how="left")
        .filter(pl.col("of").is_null() | (pl.col("of") != pl.col("group_id")))
        .with_columns(pl.coalesce("source", "originator_account_id", pl.lit(activity.CASH)).alias("source"))
        .select("payer", "source", "booked_at", "usd_minor", pl.col("licensed").fill_null(value=False))
        .collect()
    )
    window = ties.select(*TIE, "last_at", since=pl.col("first_at") - timedelta(days=days))
    return (
        coming.join(window, on="payer", how="inner")
        .filter(pl.col("booked_at").is_between("since", "last_at"), pl.col("source") != pl.col("payee"))
        .group_by(*TIE, "source", "licensed")
        .agg(pl.col("usd_minor").sum().alias("in_minor"))
    )


def _few_payees(known: pl.LazyFrame, payments: pl.LazyFrame, sources: pl.DataFrame, least_usd: int) -> pl.DataFrame:
    """Find sources that pay few people `least_usd` or more: source. Employers, lenders and marketplaces pay many."""
    names = known.select(originator_account_id="account_id", source="party_id")
    # an account that nobody describes is a source by itself
    paid = (
        payments.select("originator_account_id", "beneficiary_account_id", "usd_minor")
        .join(names, on="originator_account_id", how="left")
        .with_columns(pl.coalesce("source", "originator_account_id").alias("source"))
        .join(sources.lazy().select("source").unique(), on="source", how="semi")
        .group_by("source", "beneficiary_account_id")
        .agg(pl.col("usd_minor").sum())
    )
    counted = paid.group_by("source").agg((pl.col("usd_minor") >= least_usd * 100).sum().alias("payees"))
    return counted.filter(pl.col("payees") <= _MOST_FUNDED).select("source").collect()


def _links(
    night: NightFrames,
    known: pl.LazyFrame,
    payments: pl.LazyFrame,
    ties: pl.DataFrame,
    sources: pl.DataFrame,
    least_usd: int,
) -> pl.DataFrame:
    """Pairs of payers of one payee, of two homes: firms with a contact in common, anybody with sources in common.

    What those who fund others of the payee's payers too sent a payer must be what it paid, whether one of them or all.
    """
    firms = ties.lazy().filter(~pl.col("person")).select(party_id="payer").unique()
    marks = contacts.shared(contacts.marks(night.parties.join(firms, on="party_id", how="semi")), _CROWD)
    sums = ties.select(*TIE, "paid_minor", "home")
    shared = (
        sources.filter(~pl.col("licensed"), pl.col("source") != activity.CASH)
        .join(sums, on=TIE, how="inner")
        .filter(pl.col("in_minor") <= pl.col("paid_minor") * _MOST_OF_PRICE // 10)
    )
    shared = shared.join(_few_payees(known, payments, shared, least_usd), on="source", how="semi")
    shared = shared.filter(pl.col("home").n_unique().over("payee", "source") > 1)
    part = pl.col("in_minor").sum().over(TIE) * 10
    funded = shared.filter(part.is_between(pl.col("paid_minor") * _LEAST_FUNDED, pl.col("paid_minor") * _MOST_OF_PRICE))
    held = pl.concat(
        [
            sums.join(marks.select("mark", payer="party_id"), on="payer", how="inner").select(*TIE, "home", "mark"),
            funded.select(*TIE, "home", mark="source"),
        ]
    )
    both = held.join(held, on=("payee", "mark"), how="inner", suffix="_to").filter(pl.col("home") != pl.col("home_to"))
    return both.select("payee", "payer", "payer_to").unique().sort(pl.all())


def payers(night: NightFrames, known: pl.LazyFrame, payments: pl.LazyFrame, parameters: PropertyParameters) -> Payers:
    """Whoever pays for property, with the facts about each."""
    rows = paid(night, known, payments, parameters)
    ties = _ties(rows).join(_homes(night, rows), on="payer", how="left")
    ties = ties.join(_declared(night, ties), on="payer", how="left").sort(TIE)
    ties = ties.with_columns(pl.col("home").fill_null(pl.col("group")))
    able = _purchasers(known, payments, ties)
    lives = _lives(night, known, payments, able)
    going = lives.filter(pl.col("kinds") >= _BUSINESS).select("payer")
    able = able.filter("person").vstack(able.filter(~pl.col("person")).join(going, on="payer", how="anti"))
    sources = _sources(known, payments, able, parameters.fund_days)
    fresh = sources.group_by(TIE).agg(pl.col("in_minor").sum().alias("fresh_minor"))
    table = (
        ties.join(able.select(*TIE, purchase=True), on=TIE, how="left")
        .join(lives, on="payer", how="left")
        .join(fresh, on=TIE, how="left")
        .with_columns(pl.min_horizontal(pl.col("fresh_minor").fill_null(0), "paid_minor"))
        .with_columns(pl.col("purchase").fill_null(value=False))
    )
    links = _links(night, known, payments, able, sources, parameters.least_paid_usd)
    return Payers(rows, _judged(table, links, parameters).sort(TIE), links)


def _homes(night: NightFrames, rows: pl.DataFrame) -> pl.DataFrame:
    """One row a payer who is connected with another: payer, home.

    Persons by an address, telephone or e-mail, for they know each other honestly (firms that share one are another
    matter); anybody by a share or a seat in the same company, however small.
    """
    mine = rows.lazy().select(party_id="payer").unique()
    people = night.parties.filter(pl.col("party_type") == "person").join(mine, on="party_id", how="semi")
    seats = _seats(night)
    firms = seats.select("party_id", mark="owned_party_id")
    own = seats.select(party_id="owned_party_id", mark="owned_party_id").unique()
    owned = pl.concat([firms, own]).join(mine, on="party_id", how="semi").with_columns(kind=pl.lit("company"))
    marks = pl.concat([contacts.marks(people, ("address", "phone", "email")), owned.select("party_id", "kind", "mark")])
    found = contacts.circles(contacts.shared(marks, _CROWD))
    return found.select(payer="party_id", home=pl.format("home {}", "circle"))


def _seats(night: NightFrames) -> pl.LazyFrame:
    """Who owns or directs whom: party_id, owned_party_id; agents left out, they serve anybody."""
    held = current_ownership(night.ownership, night.run_date).filter(pl.col("role") != "agent")
    return held.select("owned_party_id", party_id="owner_party_id").unique()


def _judged(table: pl.DataFrame, links: pl.DataFrame, parameters: PropertyParameters) -> pl.DataFrame:
    """`table` with `opaque` (tenths), `beyond`, `far_beyond`, `linked`, `private` (no going concern), `points`."""
    # nobody whose other payments were not read is called opaque
    few = (pl.col("others") <= parameters.most_counterparties).fill_null(value=False) & pl.col("purchase")
    idle = (pl.col("kinds") <= _KINDS) & (pl.col("others") <= parameters.firm_counterparties)
    shell = ~pl.col("person") & idle.fill_null(value=False) & pl.col("purchase")
    opaque = (
        pl.when(shell & ~pl.col("owned")).then(10).when(shell).then(5).when(pl.col("person") & few).then(8).otherwise(0)
    )
    young = ~pl.col("person") & (pl.col("age") < _YOUNG_DAYS).fill_null(value=False)
    linked = links.select(*TIE, linked=pl.lit(value=True)).unique()
    known = table.join(linked, on=TIE, how="left").with_columns(
        opaque.alias("opaque"),
        (pl.col("paid_minor") > pl.col("income") * 100).alias("beyond"),
        (pl.col("paid_minor") > pl.col("income") * 100 * _YEARS).alias("far_beyond"),
        pl.col("linked").fill_null(value=False),
        drafted=pl.col("draft_minor") * 2 >= pl.col("paid_minor"),
        fresh=pl.col("fresh_minor") * 10 >= pl.col("paid_minor") * 9,
    )
    points = (
        (3, pl.col("opaque")),
        (2, pl.col("foreign")),
        (35, pl.col("linked")),
        (25, pl.col("near") > 1),
        (20, (pl.col("near") == 1) & pl.col("drafted")),
        (15, pl.col("drafted")),
    )
    half = (pl.col("beyond").fill_null(value=False), pl.col("again"), young, pl.col("fresh"))
    total = pl.sum_horizontal(weight * value.cast(pl.Int64) for weight, value in points)
    total += pl.sum_horizontal(10 * value.cast(pl.Int64) for value in half)
    return known.with_columns(
        pl.when("purchase").then(total).otherwise(0).alias("points"),
        (pl.col("person") | pl.col("purchase")).alias("private"),
    )
