"""Which money of a purse is unusual on its way in, which on its way out, and what was gone again soon.

`source` of a leg in: cash, abroad, stranger (a person met a few times), kin (a person who
pays again and again, or writes that it is for a living), firm
(only where the holder is a firm); null for wages, pensions, rent and dues, and what licensed firms
bring at home.
`use` of a leg out: transfer (to a person, firm or property payee), spend (a large card payment), cards (a firm pays a
person's card); null for taxes, banks, schools, rent, instalments, small card payments and cash drawn.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from mirrorwatch.detectors.underground_banking_parameters import UndergroundBankingParameters
from mirrorwatch.detectors.underground_banking_shortlist import monthly
from mirrorwatch.features import moved_on, running_costs
from mirrorwatch.features.edges import MOST_PAYMENTS, MOST_TIE_DAYS
from mirrorwatch.features.purses import CENTS, DAYS_A_YEAR, PURSE, SCHOOL_MERCHANTS

# The same two parties, five days apart or more, within 30 % of each other: wages with overtime.
INSTALMENT_DAYS, INSTALMENT_RATIO = 5, 1.3
# Months of usual income that a wage may be: a few people earn three times what others do, and declare nothing.
MOST_WAGE = 3
# Once a month, a few days more or less, and nearly the same: rent that a tenant brings or a collector passes on.
MONTH_DAYS, BILL_RATIO = 24, 1.1
# Rent and a mortgage take a third of an income; three fifths leave room for a dear town.
MOST_RENT = 0.6
MOST_KINDS = 2  # kinds of running cost that are bought for appearance: a telephone and an office
CASH_FED = 0.5  # part of all receipts from which a firm lives off cash
LIVING = (
    r"tuition|school fee|college|universit|living (?:exp|cost|allow)|student|stud(?:y|ies)\b|education|maintenance|"
    r"学费|生活费|留学|matr[ií]cula|colegiatura|manutenci|estudi|studium|unterhalt|scolarit|étud"
)
# Money of one kind is followed by itself, lest a salary's friend hide a mule, and then all together.
READINGS = {
    "all": (("cash", "abroad", "stranger", "kin", "firm"), ("transfer", "spend", "cards")),
    "cash": (("cash",), ("transfer", "spend", "cards")),
    "living": (("abroad", "kin"), ("transfer",)),
    "crowd": (("stranger",), ("transfer", "spend", "cards")),
    "cards": (("stranger", "abroad", "kin"), ("spend", "cards")),
}
SAVED_UP = 2  # times as long as others may the money of many strangers rest before it is enough for a purchase


@dataclass(frozen=True)
class Money:
    """`legs` that took part, and one row a purse and reading (`number`) of `purses` with what they come to."""

    legs: pl.DataFrame
    purses: pl.DataFrame


def _habits(own: pl.DataFrame) -> pl.DataFrame:
    """`own` legs with `loose` (the two hardly deal with each other) and `instalment`."""
    # Numbers of 64 bits in place of texts; should two ties ever share one, both only look less like strangers.
    own = own.with_columns(
        tie=pl.struct(*PURSE, "sign", "other").hash(),
        hand=pl.struct(*PURSE, "sign", "conductor_party_id", "amount_minor").hash(),
    )
    tie, hand = "tie", "hand"
    day = pl.col("booked_at").dt.date()
    span = (day.max() - day.min()).dt.total_days().over(tie)
    low, high = pl.col("amount_minor").min().over(tie), pl.col("amount_minor").max().over(tie)
    number = pl.len().over(tie)
    even = high <= BILL_RATIO * low
    once_a_month = (span >= MONTH_DAYS) & even & (number <= span // MONTH_DAYS + 1)
    cash_span = (day.max() - day.min()).dt.total_days().over(hand)
    rented = (cash_span >= MONTH_DAYS) & pl.col("conductor_party_id").is_not_null() & (pl.col("kind") == "cash")
    return own.with_columns(
        standing=(once_a_month & (pl.col("kind") != "cash"))
        | (rented & (pl.len().over(hand) <= cash_span // MONTH_DAYS + 1)),
        loose=(number <= MOST_PAYMENTS) & (span <= MOST_TIE_DAYS) & (pl.col("kind") != "cash"),
        bill=(span >= INSTALMENT_DAYS) & even & (pl.col("usd_minor") <= MOST_RENT * monthly()),
        instalment=(span >= INSTALMENT_DAYS) & (high <= INSTALMENT_RATIO * low) & (pl.col("kind") != "cash"),
        monthly_minor=monthly(),
    )


def living() -> pl.Expr:
    """Whether the text speaks of tuition or living expenses."""
    return pl.col("purpose").str.to_lowercase().str.contains(LIVING).fill_null(value=False)


def _wages() -> pl.Expr:
    """Whether a person is paid again and again by a firm, in sums that a wage could be."""
    employer = pl.col("kind").is_in(("firm", "school", "property")) & (pl.col("subject") == "person")
    return employer & pl.col("instalment") & (pl.col("usd_minor") <= MOST_WAGE * pl.col("monthly_minor"))


def _source() -> pl.Expr:
    kind, firm = pl.col("kind"), pl.col("subject") == "firm"
    return (
        pl.when(pl.col("sign") != 1)
        .then(None)
        .when(pl.col("standing") & (kind == "cash"))
        .then(None)
        .when((kind == "cash") | (pl.col("channel") == "money_order"))
        .then(pl.lit("cash"))
        .when(_wages() | (kind == "state") | (pl.col("bill") & (kind == "person") & ~pl.col("abroad")))
        .then(None)
        .when(pl.col("abroad"))
        .then(pl.lit("abroad"))
        .when(kind.is_in(("person", "unknown")) & pl.col("loose") & ~living())
        .then(pl.lit("stranger"))
        .when(kind.is_in(("person", "unknown")))
        .then(pl.lit("kin"))
        .when(firm & (kind == "firm"))
        .then(pl.lit("firm"))
    )


def _use(parameters: UndergroundBankingParameters) -> pl.Expr:
    kind, firm, month = pl.col("kind"), pl.col("subject") == "firm", pl.col("monthly_minor")
    card, size = pl.col("channel") == "card", pl.col("usd_minor")
    school = (kind == "school") | pl.col("merchant_category").is_in(SCHOOL_MERCHANTS).fill_null(value=False)
    rent = (kind == "property") & (size <= MOST_RENT * monthly()) & ~firm
    return (
        pl.when(pl.col("sign") != -1)
        .then(None)
        .when(kind.is_in(("state", "carrier", "cash")) | school)
        .then(None)
        .when(card & firm & (kind == "person"))
        .then(pl.lit("cards"))
        .when(card & firm)
        .then(None)
        .when(card)
        .then(pl.when(size >= parameters.large_card_share * month).then(pl.lit("spend")))
        .when(rent | pl.col("bill") | pl.col("standing"))
        .then(None)
        .when(firm & (kind == "firm") & ~pl.col("cash_fed"))
        .then(None)
        .otherwise(pl.lit("transfer"))
    )


def judged(own: pl.DataFrame, parameters: UndergroundBankingParameters) -> pl.DataFrame:
    """`purses.legs` with source, use, and what both are told by."""
    usd, came = pl.col("usd_minor"), pl.col("sign") == 1
    cash = usd.filter(came & (pl.col("kind") == "cash")).sum().over(PURSE)
    fed = cash >= CASH_FED * usd.filter(came).sum().over(PURSE)
    return _habits(own).with_columns(cash_fed=fed).with_columns(source=_source(), use=_use(parameters))


def trading(own: pl.DataFrame) -> pl.DataFrame:
    """Party ids of firms that pay what a business pays: wages, tax, or more than two other kinds of cost."""
    kinds = {"state": "government", "carrier": "bank", "person": "person", "unknown": "unknown", "cash": "cash"}
    seen = own.filter(pl.col("subject") == "firm").with_columns(
        other_kind=pl.col("kind").replace_strict(kinds, default="organisation", return_dtype=pl.String),
        industry=pl.when(pl.col("kind") == "property").then(pl.lit("68")),
    )
    costs = running_costs.footprint(running_costs.payees(seen.lazy()))
    works = pl.col("steady_payroll") | (pl.col("kinds") > MOST_KINDS) | (pl.col("tax") & (pl.col("kinds") > 1))
    return costs.filter(works).select("party_id").collect()


def _carried(legs: pl.DataFrame, days: int) -> pl.DataFrame:
    """One row a purse: carried_minor, the larger of declared income of the window and wages seen; null if unknown."""
    declared = (pl.col("yearly_usd").first() * (CENTS * days / DAYS_A_YEAR)).round(0).cast(pl.Int64)
    seen = pl.col("usd_minor").filter((pl.col("sign") == 1) & (_wages() | (pl.col("kind") == "state"))).sum()
    return legs.group_by(*PURSE).agg(
        carried_minor=pl.when(declared.is_not_null()).then(pl.max_horizontal(declared, seen))
    )


def _readings(kept: pl.DataFrame) -> pl.DataFrame:
    """`kept` once for each of READINGS: of what comes and what leaves that of the reading."""
    parts = [
        kept.filter(pl.col("source").is_in(sources) | pl.col("use").is_in(uses)).with_columns(reading=pl.lit(name))
        for name, (sources, uses) in READINGS.items()
    ]
    return pl.concat(parts)


def _moved(rows: pl.DataFrame, hold_hours: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    slow = pl.col("reading") == "cards"
    chosen = pl.col("number", "slot", "sign", "usd_minor")
    found = [
        moved_on.moved(rows.filter(which).select(chosen), hours)
        for which, hours in ((~slow, hold_hours), (slow, hold_hours * SAVED_UP))
    ]
    sums, took = (pl.concat(part) for part in zip(*found, strict=True))
    return sums.filter(pl.col("moved_minor") > 0), took


def money(legs: pl.DataFrame, run_date: date, days: int, parameters: UndergroundBankingParameters) -> Money:
    """Match unusual money in with unusual money out; `legs` are `judged(...)`, `days` the length of the window."""
    kept = _readings(legs.filter(pl.col("source").is_not_null() | pl.col("use").is_not_null()))
    came = pl.col("usd_minor").filter(pl.col("sign") == 1).sum()
    went = pl.col("usd_minor").filter(pl.col("sign") == -1).sum()
    least = parameters.least_moved_usd * CENTS
    purses = (
        kept.group_by(*PURSE, "reading", "group_id", "subject")
        .agg(unusual_minor=came, used_minor=went, monthly_minor=pl.col("monthly_minor").max())
        .filter(pl.col("unusual_minor") >= least, pl.col("used_minor") >= least)
        .join(_carried(legs, days), on=PURSE, how="left")
        .sort(*PURSE, "reading")
        .with_row_index("number")
        .with_columns(pl.col("number").cast(pl.Int64))
    )
    first = (run_date.toordinal() - date(1970, 1, 1).toordinal() - days + 1) * 86_400
    numbered = purses.select(*PURSE, "reading", "number")
    rows = kept.join(numbered, on=(*PURSE, "reading"), how="inner").with_columns(moved_on.slot(first))
    sums, took = _moved(rows, parameters.hold_hours)
    part = rows.join(took, on=("number", "slot", "sign"), how="semi")
    part = part.sort("number", "booked_at", "transaction_id", "sign")
    return Money(part, purses.join(sums, on="number", how="inner").sort("number"))
