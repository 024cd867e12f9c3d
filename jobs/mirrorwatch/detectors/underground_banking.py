"""Underground banking, seen from one side.

A mirror swap leaves two halves in two countries; most banks see one. On that side somebody's account takes in money
that their income cannot carry (cash brought by several people to several branches, tuition and living money from
abroad or family, payments of many strangers), and within hours or days it is gone again: to people and firms they have
no link with, to property, or into large card purchases. Firms that pay nothing a business pays, and live off cash or
pay many persons' cards, are judged in the same way; so are others to which a crew brings more cash than they declare,
and who pay it to persons.

Money is followed by time alone: what leaves is thought to be what came last, so parts, lumps, fees and money kept back
change nothing. Taxes, rent, schools, instalments, small card payments and cash drawn do not count as moved on, and
nothing does where three times as much leaves anyhow. All accounts of a holder in one country are one purse; holders
with the same payees, payers or depositors become one finding.
A holder who keeps or uses up what strangers paid in is not named: that is what a victim of cuckoo smurfing does.
No probability is stated: how often honest people pass on what they cannot have earned has no null model. Texts add a
little; name, nationality and country of a person are not read.
"""

import polars as pl

from mirrorwatch.detectors import underground_banking_values as told
from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.terms import scored
from mirrorwatch.detectors.underground_banking_links import crowds, linked
from mirrorwatch.detectors.underground_banking_money import Money, judged, money, trading
from mirrorwatch.detectors.underground_banking_parameters import UndergroundBankingParameters
from mirrorwatch.detectors.underground_banking_shortlist import passing, window_days
from mirrorwatch.detectors.underground_banking_terms import TERMS
from mirrorwatch.detectors.underground_banking_words import words
from mirrorwatch.detectors.writing import as_stood, findings
from mirrorwatch.features import purses
from mirrorwatch.features.activity import without_reversals

# Payees, counted as if all were paid the same, from which a holder pays more than one: what one firm gets again
# and again is a supplier's or a school's, if half of the money does not go to persons, property or shops.
SEVERAL, HALF = 1.6, 0.5
MOSTLY_APART = 0.7  # part that a firm of unknown turnover pays to persons and property: a firm pays firms
SHOWN = 10  # a tenth of a firm's money is left out of the evidence: a shop's takings beside what a crew brings
FEWEST = 2  # payments in, and out: one each is a purchase
# Cash that the holder brings, as far as is known, to one counter could be takings of a trade.
OTHERS, BRANCHES = 0.1, 1.5
UNRELATED = 0.85  # part of what leaves that goes to others than firms paid again and again: less may be suppliers


def _enough(parameters: UndergroundBankingParameters) -> pl.Expr:
    """How many times the income of the window the money must be."""
    firm = pl.col("subject") == "firm"
    own = (pl.col("by_others").fill_null(0) < OTHERS) & (pl.col("branches").fill_null(1) < BRANCHES)
    # Nobody else was ever seen at the counter, or it is not known who was, but suppliers are paid.
    supplied = own & _mostly("cash_minor") & (pl.col("by_others").is_not_null() | (pl.col("unrelated") < UNRELATED))
    funded = firm & (pl.col("card_share") >= parameters.least_form) & ~_mostly("firm_minor")
    return (
        pl.when(funded & (pl.col("persons") >= parameters.least_persons))
        .then(0.0)
        .when(supplied)
        .then(parameters.takings_multiple)
        .when(firm)
        .then(parameters.firm_multiple)
        .otherwise(parameters.least_multiple)
    )


def _mostly(source: str) -> pl.Expr:
    return pl.col(source) * 2 >= pl.col("unusual_minor")


def _of_strangers(parameters: UndergroundBankingParameters) -> pl.Expr:
    """Whether the payees are no supplier, school or staff: several, or persons and property, or fed by many hands."""
    apart = pl.col("apart")
    brought = _mostly("cash_minor") & (pl.col("by_others").fill_null(0) >= HALF)
    person = (pl.col("payees") >= SEVERAL) | (apart >= HALF) | brought
    many = pl.col("persons") >= parameters.least_persons
    undeclared = pl.col("income_multiple").is_null()
    firm = pl.when(undeclared).then(many & (apart >= MOSTLY_APART)).otherwise(many | _mostly("cash_minor"))
    return pl.when(pl.col("subject") == "firm").then(person & firm).otherwise(person)


def _gate(values: pl.DataFrame, parameters: UndergroundBankingParameters, slack: float = 1) -> pl.DataFrame:
    """Rows of `values` with enough payments, days and money that nothing declared carries.

    `slack`: part of the bounds that does for who is reported only beside others.
    """
    own = (pl.col("by_others").fill_null(0) < OTHERS) & (pl.col("branches").fill_null(1) < BRANCHES)
    lumps = own & _mostly("cash_minor") & (pl.col("days_both") < parameters.takings_days)
    crowd, leisure = pl.col("givers").fill_null(0) >= parameters.crowd, pl.col("rest_hours") > parameters.at_leisure
    occasion = (pl.col("gathered") >= parameters.occasion_share) & (crowd | leisure)
    return values.filter(
        pl.col("moved_share") >= parameters.least_moved_share * slack,
        pl.col("used_minor") <= pl.col("unusual_minor") * parameters.most_used,
        pl.col("form") >= parameters.least_form,
        (pl.col("income_multiple") >= _enough(parameters) * slack).fill_null(value=True),
        pl.min_horizontal("ins", "outs") >= FEWEST,
        pl.col("days_in") >= parameters.least_days_in * slack,
        pl.col("days_out") >= parameters.least_days * slack,
        pl.col("moved_minor") >= parameters.least_moved_usd * purses.CENTS,
        ~lumps,
        ~occasion,
        _of_strangers(parameters),
    )


def _front(parameters: UndergroundBankingParameters) -> pl.Expr:
    """Whether a firm with the costs of a business is a front: others bring it cash that its turnover cannot carry.

    At several branches, and it goes on to persons and property, where a business pays firms.
    """
    brought = _mostly("cash_minor") & (pl.col("by_others") >= HALF) & (pl.col("branches") >= BRANCHES)
    beyond = pl.col("income_multiple") >= parameters.takings_multiple
    return (brought & beyond & (pl.col("apart") >= MOSTLY_APART)).fill_null(value=False)


def _candidates(part: Money, own: pl.DataFrame, parameters: UndergroundBankingParameters) -> Money:
    """`part` with the best reading of each purse that could be reported (`alone`), or belong to a group that is."""
    values = told.values(part.legs.with_columns(scheme="number"), part.purses.with_columns(scheme="number"))
    strict = _gate(values, parameters).select("scheme", strict=True)
    known = scored(_gate(values, parameters, parameters.link_slack), TERMS).join(strict, on="scheme", how="left")
    known = known.filter(pl.col("score") >= parameters.link_score)
    alone = (pl.col("score") >= parameters.least_score) & (pl.col("outs") >= parameters.least_payments)
    trader = trading(own).with_columns(trader=True)
    best = (
        part.purses.join(
            known.select(
                "score",
                number="scheme",
                alone=alone & pl.col("strict").fill_null(value=False),
                front=_front(parameters),
            ),
            on="number",
            how="inner",
        )
        .join(trader, on="party_id", how="left")
        .filter(pl.col("trader").is_null() | pl.col("front"))
        .drop("trader", "front")
        .sort(pl.col("alone") * -1, pl.col("score") * -1, "number")
        .unique(purses.PURSE, keep="first", maintain_order=True)
        .drop("score")
        .sort("number")
    )
    return Money(part.legs.join(best, on="number", how="semi"), best)


def _telling(legs: pl.DataFrame) -> pl.DataFrame:
    """`legs` without the small change of firms: the largest payments each way that make up all but a tenth stay."""
    usd, way = pl.col("usd_minor"), ("scheme", "number", "sign")
    ordered = legs.sort(*way, "usd_minor", "transaction_id", descending=[False, False, False, True, False])
    before = (usd.cum_sum().over(way) - usd) * SHOWN < usd.sum().over(way) * (SHOWN - 1)
    return ordered.filter((pl.col("subject") != "firm") | before)


def _written(part: Money, run: NightFrames, parameters: UndergroundBankingParameters) -> pl.LazyFrame:
    """Write FINDINGS of purses that carry their `scheme`: one that can stand alone is in it, or all do together."""
    alone = part.purses.filter("alone").select("scheme").unique().with_columns(alone=pl.lit(value=True))
    values = scored(told.values(part.legs, part.purses), TERMS).join(alone, on="scheme", how="left")
    together = (pl.col("linked") > 1) & (pl.col("score") >= parameters.least_score)
    values = values.filter(pl.col("alone").fill_null(value=False) | together).drop("alone")
    holders = part.purses.group_by("scheme").agg(pl.col("party_id").unique().sort().alias("holders"))
    rows = values.join(holders, on="scheme", how="inner").with_columns(
        chance_probability=pl.lit(None, dtype=pl.Float64),
        subject_party_id=pl.col("holders").list.first(),
        rule_words=pl.lit(as_stood(run.rules, "fin_2025_a003")),
    )
    role = pl.when(pl.col("sign") == 1).then(pl.lit("in")).otherwise(pl.lit("out"))
    order = ("scheme", "number", "booked_at", "transaction_id")
    evidence = (
        _telling(part.legs)
        .with_columns(role=role)
        .sort(*order, "sign")
        .unique(("scheme", "transaction_id"), keep="first", maintain_order=True)
        .with_columns(
            group_no=pl.col("number").rank("dense").over("scheme").cast(pl.Int64),
            step_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("scheme", "number"),
        )
    )
    amounts = evidence.filter(pl.col("role") == "in").group_by("scheme").agg(amount_usd_minor=pl.col("usd_minor").sum())
    members = part.legs.select("scheme", "account_id", "party_id").unique()
    return findings(rows.join(amounts, on="scheme", how="inner"), members, evidence, TERMS, words(parameters))


def detect(night: NightFrames, parameters: UndergroundBankingParameters) -> pl.LazyFrame:
    """One finding a holder, or a group of holders, as FINDINGS, sorted by score and first account.

    Reads the transactions six times and keeps of them only the payments of the shortlisted holders.
    """
    payments = without_reversals(night.transactions)
    days = window_days(payments, night.run_date)
    known = purses.standing(night.accounts, night.parties, night.ownership, night.run_date).collect().lazy()
    own = judged(passing(payments, known, days, parameters), parameters)
    part = _candidates(money(own, night.run_date, days, parameters), own, parameters)
    schemes = linked(part, crowds(payments, part))
    grouped = Money(*(frame.join(schemes, on="number", how="inner") for frame in (part.legs, part.purses)))
    return _written(grouped, night, parameters)


DETECTOR = Detector(
    typology="underground_banking",
    version="2",
    title="Underground banking, seen from one side",
    summary="Accounts that take in more than their holder's income carries and pass it on to strangers within days.",
    parameters=UndergroundBankingParameters,
    sources=(
        Source("FinCEN, Advisory on Chinese money laundering networks", "FIN-2025-A003"),
        Source("FINTRAC, Operational alert on underground banking", "FINTRAC-2023-OA002"),
        Source("FINTRAC, Professional money laundering through trade and money services", "18/19-SIDEL-025"),
        Source("AUSTRAC, Detect and report cuckoo smurfing", "June 2021"),
    ),
    detect=detect,
    terms=TERMS,
    needs=(
        ("transactions", "conductor_party_id", "by_others", "cash that others bring looks like the holder's own"),
        ("transactions", "branch_id", "branches", "cash brought to many branches looks like cash at one"),
        ("transactions", "branch_region", "regions", "cash brought from afar looks like cash at home"),
        ("transactions", "purpose", "living_text", "tuition and living money is known by where it goes alone"),
        ("parties", "annual_turnover_usd", "income_multiple", "persons are held against others, firms against nothing"),
        ("parties", "industry_code", "payees", "schools and property payees are known by account type alone"),
        ("ownership", "", "payees", "a holder's own firms pass for strangers, and agents of licensed firms for mules"),
    ),
    look_alikes=(
        ("shops, restaurants and tradesmen who deposit takings and pay suppliers", "declared turnover carries them"),
        ("cash machine operators", "they draw cash; what they take in is settlement"),
        ("charities, rent collectors, brokers, schools", "their trade collects from a public"),
        ("taxi drivers and gig workers", "rent, fuel and cards are no strangers"),
        ("licensed money businesses and their recorded agents", "covered by licence or by ownership role agent"),
        ("escrow and client accounts", "the account type holds other people's money"),
        ("a wedding, a collection for a journey", "paid out on a day or two, within a few months' income"),
        ("students", "schools, rent, cards and cash drawn do not count as moved on"),
        ("expatriates and holders of accounts in two countries", "own accounts are one purse, each country by itself"),
        ("a car or a house sold", "one or two payments"),
        ("victims of cuckoo smurfing", "they keep or use up what came"),
        ("sellers on marketplaces", "small card payments, and payouts of a firm, do not count"),
    ),
)  # fmt: skip
