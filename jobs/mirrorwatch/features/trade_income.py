"""Firms that live on money from abroad or from marketplaces, and what they spend it on.

Money is integer US cents; sums are taken over the night's transactions once, and legs only of the firms left by that.
Spending is sorted by who is paid: goods, carriage and customs, wages, banks, and what goes *on* (persons, firms of
other trades, exchanges, cash).
"""

from datetime import date

import polars as pl

from mirrorwatch.features import activity, isic, shortlist
from mirrorwatch.features.running_costs import effective, footprint, payees
from mirrorwatch.features.ties import ties
from mirrorwatch.features.trade import CARRIAGE, GOODS

# A marketplace or acquirer without a licence on file is known by its crowd: card buyers in, sellers paid out.
# A shop has card buyers and suppliers too, but does not pay most of its takings out to so many.
CARD_CROWD, SELLERS, PAID_OUT = 100, 15, 0.6
NEUTRAL = ("card", "cash_deposit", "cash_withdrawal", "p2p", "remittance")  # how no export or payout is paid
EXCHANGES = ("msb", "broker")
RETAIL = "47"  # a dealer buys from makers and wholesalers; what it pays shops may be either
WAGE_SHARE = 0.1  # of all payments to one person
WAGE_DAYS = 2
RUN_PAYEES = 5  # paid on one day: a payout run, as of wages, consignors, dividends

_SIDES = ("originator", "beneficiary")
_READ = (
    "transaction_id", "booked_at", "originator_account_id", "beneficiary_account_id", "usd_minor", "amount_minor",
    "channel", "merchant_category", "originator_country", "beneficiary_country", "reverses_transaction_id",
)  # fmt: skip

INCOME = pl.Schema(
    {
        "party_id": pl.String(),
        "abroad_minor": pl.Int64(),
        "payout_minor": pl.Int64(),
        "received_minor": pl.Int64(),
        "paid_minor": pl.Int64(),
    }
)


def payout_accounts(payments: pl.LazyFrame, accounts: pl.LazyFrame, parties: pl.LazyFrame) -> pl.LazyFrame:
    """Accounts (account_id) of whoever pays sellers their takings: licensed processors, and marketplaces by crowd."""
    processors = accounts.join(
        parties.filter(pl.col("licence") == "psp").select("party_id"), on="party_id", how="semi"
    ).select("account_id")
    cards = payments.filter(pl.col("channel") == "card").group_by(account_id="beneficiary_account_id")
    crowds = cards.agg(
        pl.col("originator_account_id").n_unique().alias("buyers"), pl.col("usd_minor").sum().alias("taken_minor")
    ).filter(pl.col("buyers") >= CARD_CROWD)
    business = accounts.filter(pl.col("account_type") == "business").select(beneficiary_account_id="account_id")
    sellers = (
        payments.filter(pl.col("channel") != "card")
        .join(crowds, left_on="originator_account_id", right_on="account_id", how="inner")
        .join(business, on="beneficiary_account_id", how="semi")
        .group_by(account_id="originator_account_id")
        .agg(
            pl.col("beneficiary_account_id").n_unique().alias("sellers"),
            (pl.col("usd_minor").sum() / pl.col("taken_minor").first()).alias("paid_out"),
        )
        .filter(pl.col("sellers") >= SELLERS, pl.col("paid_out") >= PAID_OUT)
    )
    return pl.concat([processors, sellers.select("account_id")]).unique()


def incomes(payments: pl.LazyFrame, firms: pl.LazyFrame, payers: pl.LazyFrame) -> pl.DataFrame:
    """INCOME of the parties of `firms` (account_id, party_id), own moves included, sorted. One read."""
    abroad = (pl.col("originator_country") != pl.col("beneficiary_country")) & ~pl.col("channel").is_in(NEUTRAL)
    payout = pl.col("payer").fill_null(value=False) & (pl.col("channel") != "card")
    usd = pl.col("usd_minor")
    received = (
        payments.join(payers.with_columns(payer=pl.lit(value=True)), left_on="originator_account_id",
                      right_on="account_id", how="left")
        .group_by(account_id="beneficiary_account_id")
        .agg(
            usd.filter(abroad & pl.col("payer").is_null()).sum().alias("abroad_minor"),
            usd.filter(payout).sum().alias("payout_minor"),
            usd.sum().alias("received_minor"),
        )
    )  # fmt: skip
    paid = payments.group_by(account_id="originator_account_id").agg(usd.sum().alias("paid_minor"))
    return (
        firms.select("account_id", "party_id")
        .join(received, on="account_id", how="left")
        .join(paid, on="account_id", how="left")
        .group_by("party_id")
        .agg(pl.col("abroad_minor", "payout_minor", "received_minor", "paid_minor").sum())
        .select(INCOME.names())
        .collect()
        .cast(INCOME)
        .sort("party_id")
    )


def known_sides(
    accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """`ties.ties` and `activity.counterparties` of the night, for `legs_of`."""
    tied = ties(accounts, parties, ownership, run_date).collect().lazy()
    owned = shortlist.corporate_groups(parties, ownership, run_date).collect().lazy()
    return tied, activity.counterparties(tied, parties, owned)


def _touching(transactions: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """Payments with an account of `members` on either side, without reversals, kept in memory. Two reads."""
    mine = members.select("account_id")
    rows = transactions.select(_READ)
    sides = [rows.join(mine, left_on=f"{side}_account_id", right_on="account_id", how="semi") for side in _SIDES]
    # a reversal has the accounts of what it reverses, so both are among these
    return activity.without_reversals(pl.concat(sides).unique("transaction_id", keep="any").collect().lazy())


def legs_of(
    transactions: pl.LazyFrame,
    members: pl.LazyFrame,
    known: pl.LazyFrame,
    parties: pl.LazyFrame,
    payers: pl.LazyFrame,
    owners: pl.LazyFrame,
    paperless: pl.LazyFrame,
) -> pl.DataFrame:
    """`activity.legs` of `members` with `kind`, sorted: abroad, payout, rebate, other income; and kinds of spending.

    Kinds of spending: goods, carriage, customs, cards, wages, owner, bank, person, firm, exchange, cash, unknown, and
    returned: to a firm that pays too, as in a running account or a netting.
    `owners` (party_id, other) are those who own or direct a firm; `paperless` (the same) suppliers abroad of whose
    goods no document tells, where one should.
    """
    payments = _touching(transactions, members)
    where = payments.select("transaction_id", abroad=pl.col("originator_country") != pl.col("beneficiary_country"))
    licence = parties.select(other="party_id", licence="licence")
    paying = payers.select(other_account_id="account_id").with_columns(payer=pl.lit(value=True))
    owning = owners.with_columns(owner=pl.lit(value=True))
    bare = paperless.with_columns(paperless=pl.lit(value=True))
    own = activity.legs(payments, members, known).collect().lazy()
    rows = (
        own.join(where, on="transaction_id", how="left")
        .join(licence, on="other", how="left")
        .join(paying, on="other_account_id", how="left")
        .join(owning, on=("party_id", "other"), how="left")
        .join(bare, on=("party_id", "other"), how="left")
        .unique(("transaction_id", "party_id", "sign"), keep="any")
        .collect()
    )
    return _with_kind(rows).sort("party_id", "booked_at", "transaction_id", "sign")


def _with_kind(rows: pl.DataFrame) -> pl.DataFrame:
    person, trade = pl.col("other_kind") == "person", pl.col("industry")
    returned = (pl.col("sign").n_unique().over("party_id", "other") > 1) & ~person
    place = ("party_id", "sign", "other")
    days = pl.col("booked_at").dt.date().n_unique().over(place)
    least, most = (getattr(pl.col("usd_minor"), end)().over(place) for end in ("min", "max"))
    share = pl.col("usd_minor").sum().over(place) / pl.col("usd_minor").sum().over("party_id", "sign")
    wage = person & (days >= WAGE_DAYS) & (least * 10 >= most * 8) & (share < WAGE_SHARE)
    neutral = pl.col("channel").is_in(NEUTRAL)
    income = (
        pl.when(pl.col("payer").fill_null(value=False) & (pl.col("channel") != "card")).then(pl.lit("payout"))
        .when(pl.col("other_kind") == "government").then(pl.lit("rebate"))
        .when(pl.col("abroad") & ~neutral & ~person).then(pl.lit("abroad"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip
    spending = (
        pl.when(pl.col("channel") == "crypto").then(pl.lit("exchange"))
        .when(pl.col("other_kind") == "cash").then(pl.lit("cash"))
        .when(pl.col("channel") == "card").then(pl.lit("cards"))
        .when(pl.col("other_kind") == "government").then(pl.lit("customs"))
        .when(pl.col("licence").is_in(EXCHANGES)).then(pl.lit("exchange"))
        .when((pl.col("other_kind") == "bank") | pl.col("payer").fill_null(value=False)).then(pl.lit("bank"))
        .when(returned).then(pl.lit("returned"))
        .when(pl.col("owner").fill_null(value=False)).then(pl.lit("owner"))
        .when(wage).then(pl.lit("wages"))
        .when(person).then(pl.lit("person"))
        .when(trade.is_in(CARRIAGE)).then(pl.lit("carriage"))
        .when(trade.is_null() | (trade == RETAIL) | pl.col("paperless").fill_null(value=False)).then(pl.lit("unknown"))
        .when(trade.is_in(GOODS)).then(pl.lit("goods"))
        .otherwise(pl.lit("firm"))
    )  # fmt: skip
    return rows.with_columns(kind=pl.when(pl.col("sign") == 1).then(income).otherwise(spending))


BACKING = ("goods", "carriage", "customs", "cards")
ONWARD = ("person", "firm", "exchange", "cash", "owner")


def delays(own: pl.DataFrame) -> pl.DataFrame:
    """One row a firm of `legs_of` with both: delay_days, how far what goes on trails or leads the income it came from.

    The area between the running sums of the income and of what goes on, each as a share of its own total, so that what
    a firm keeps, or spends otherwise, does not count. Exact in 128 bits.
    """
    earned, gone = pl.col("kind").is_in(("abroad", "payout")), pl.col("kind").is_in(ONWARD)
    usd = pl.col("usd_minor").cast(pl.Int128)
    order = ("party_id", "booked_at", pl.col("sign") * -1, "transaction_id")
    rows = (
        own.filter(earned | gone)
        .select("party_id", "booked_at", "sign", "transaction_id", earned=usd * earned, gone=usd * gone)
        .filter(pl.col("earned").sum().over("party_id") > 0, pl.col("gone").sum().over("party_id") > 0)
        .sort(*order)
    )
    part = [pl.col(name).cum_sum().over("party_id") * pl.col(other).sum().over("party_id")
            for name, other in (("earned", "gone"), ("gone", "earned"))]  # fmt: skip
    rest = (pl.col("booked_at").shift(-1).over("party_id") - pl.col("booked_at")).dt.total_seconds().fill_null(0)
    areas = rows.with_columns(area=(part[0] - part[1]).abs() * rest).group_by("party_id").agg(
        pl.col("area", "earned", "gone").sum()
    )  # fmt: skip
    whole = (pl.col("earned") * pl.col("gone")).cast(pl.Float64)
    return areas.select("party_id", delay_days=pl.col("area").cast(pl.Float64) / whole / 86_400)


def spending(own: pl.DataFrame) -> pl.DataFrame:
    """One row a firm of `legs_of`, sorted: what it earned and by how many receipts, and cents a kind of spending.

    `onward_payees`, `onward_payments`: effective numbers, as many equal ones would spread that money as much;
    `onward_heads`: all of them counted.
    `in_runs`: share of it paid on days with RUN_PAYEES or more payees. `delay_days`: see `delays`.
    `dwell_days`: how long a dollar rests (null where nothing was paid). `kinds`, `payroll`: its running costs.
    """
    usd, kind = pl.col("usd_minor"), pl.col("kind")
    trade_income = kind.is_in(("abroad", "payout"))
    onward = own.filter(kind.is_in(ONWARD))
    payees_of = onward.group_by("party_id", "other").agg(usd.sum()).group_by("party_id")
    day = ("party_id", pl.col("booked_at").dt.date())
    runs = onward.filter(pl.col("other").n_unique().over(day) >= RUN_PAYEES).group_by("party_id").agg(usd.sum())
    total = onward.group_by("party_id").agg(usd.sum().alias("total"))
    in_runs = total.join(runs, on="party_id").select("party_id", in_runs=usd / pl.col("total"))
    costs = footprint(payees(own.lazy())).select("party_id", "kinds", "payroll").collect()
    rest = (
        activity.dwell(own.lazy()).select("party_id", (pl.col("dwell_seconds") / 86_400).alias("dwell_days")).collect()
    )
    parts = {"backing": BACKING, "onward": ONWARD, "owner": ("owner",), "wages": ("wages",), "unknown": ("unknown",),
             "rebate": ("rebate",), "payout": ("payout",), "stranger": ("person", "exchange", "cash")}  # fmt: skip
    figures = own.group_by("party_id").agg(
        usd.filter(trade_income).sum().alias("income_minor"),
        trade_income.sum().cast(pl.Int64).alias("receipts"),
        pl.col("other").filter(trade_income).n_unique().cast(pl.Int64).alias("payers"),
        usd.filter(pl.col("sign") == 1).sum().alias("received_minor"),
        usd.filter(pl.col("sign") == -1).sum().alias("paid_minor"),
        *(usd.filter(kind.is_in(names)).sum().alias(f"{name}_minor") for name, names in parts.items()),
    )
    for more in (
        payees_of.agg(effective("usd_minor").alias("onward_payees"), pl.len().cast(pl.Int64).alias("onward_heads")),
        onward.group_by("party_id").agg(effective("usd_minor").alias("onward_payments")),
        in_runs,
        delays(own),
        costs,
        rest,
    ):
        figures = figures.join(more, on="party_id", how="left")
    return figures.sort("party_id")


def dealers(parties: pl.LazyFrame) -> pl.LazyFrame:
    """Organisations with their ISIC division: party_id, division (null where unknown), trades (deals in goods)."""
    return parties.select("party_id", isic.division().alias("division")).with_columns(
        trades=pl.col("division").is_in(GOODS)
    )
