"""Sub-pattern: export or marketplace income with no purchases behind it, which goes on to others within days.

A firm that deals in goods buys them, carries them, clears them through customs. One that does not, beside like firms of
the night, and passes its income on to persons, firms of other trades, exchanges or cash, sells nothing. Rebates of tax
that such purchases should have earned are told beside it, never by themselves.
"""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.trade_based_claims import NOTHING, PAYMENTS, Claims, claims
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.features import activity, shortlist, trade_income
from mirrorwatch.features.ties import current_ownership

LEAST_PEERS = 20  # like firms of the night from which their middle one is a measure
LEAST_ONWARD_PAYMENTS = 3  # effective number: one large payment, to a builder say, is an investment
MOST_FORWARDED = 1.5  # onward over income: more came from elsewhere, and is another matter
BARE_SUPPLIER = 5  # payments abroad for goods without a document, from which such a supplier is none
MOST_KINDS = 2  # of running costs, where the firm's trade is not on file: a telephone and an account fee
QUICK_DAYS = 5.0  # that a dollar rests in a firm with running costs, or without a trade on file
MOSTLY = 0.7  # of its income goes on, where a firm's trade is not on file
# A dealer in goods whose income goes on to strangers at any pace: nearly all of it, to several of them, once each. A
# consignment house pays the same consignors again, an owner's drawings go to one.
STRANGERS_SHARE, STRANGERS_BACKED, STRANGERS, MOST_STRANGERS, PAID_ONCE = 0.7, 0.1, 3, 20, 1.5
MOST_UNKNOWN = 0.5  # of income, paid to shops or to firms whose trade nobody states: some of that may be goods


def _dealing(parties: pl.LazyFrame, exporters: pl.DataFrame) -> pl.LazyFrame:
    """Parties with `trades`: true for a dealer in goods, null where nothing says; other trades are left out."""
    said = trade_income.dealers(parties)
    shown = exporters.lazy().with_columns(shown=pl.lit(value=True))
    rows = said.join(shown, on="party_id", how="left").with_columns(
        trades=pl.when(pl.col("shown").fill_null(value=False)).then(pl.lit(value=True)).otherwise("trades")
    )
    return rows.filter(pl.col("trades").fill_null(value=True)).select("party_id", "trades", "division")


def figures(
    night: NightFrames, exporters: pl.DataFrame, goods: pl.DataFrame, parameters: TradeParameters
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`trade_income.spending` of firms that live on such income, with `trades`; and their legs."""
    payments = activity.without_reversals(night.transactions)
    payers = trade_income.payout_accounts(payments, night.accounts, night.parties).collect().lazy()
    tied, known = trade_income.known_sides(night.accounts, night.parties, night.ownership, night.run_date)
    own = trade_income.incomes(payments, shortlist.companies(tied), payers)
    earned = pl.col("abroad_minor") + pl.col("payout_minor")
    few = own.filter(
        earned >= parameters.least_income_usd * 100,
        earned >= pl.col("received_minor") * parameters.least_income_share,
        pl.col("paid_minor") >= earned * parameters.least_forwarded,
    ).lazy()
    dealing = _dealing(night.parties, exporters).join(few, on="party_id", how="semi").collect()
    members = shortlist.companies(tied).join(dealing.lazy(), on="party_id", how="semi")
    owners = current_ownership(night.ownership, night.run_date).select(
        party_id="owned_party_id", other="owner_party_id"
    )
    bare = (
        goods.group_by(party_id="importer", other="exporter")
        .agg(pl.len().alias("rows"), pl.col("had").sum())
        .filter(pl.col("rows") >= BARE_SUPPLIER, pl.col("had") == 0)
        .select("party_id", "other")
    )
    legs = trade_income.legs_of(night.transactions, members, known, night.parties, payers, owners.unique(), bare.lazy())
    return trade_income.spending(legs).join(dealing, on="party_id", how="left", maintain_order="left"), legs


def unbacked(spent: pl.DataFrame, parameters: TradeParameters) -> pl.DataFrame:
    """Rows of `spent` whose income nothing stands behind, with backed, forwarded and peers (what like firms spend)."""
    income = pl.col("income_minor")
    rows = spent.filter(income > 0).with_columns(
        backed=pl.col("backing_minor") / income,
        forwarded=pl.when(pl.col("trades").is_null())
        .then(pl.col("onward_minor") - pl.col("owner_minor"))
        .otherwise("onward_minor")
        / income,
        wages=pl.col("wages_minor") / pl.col("paid_minor"),
    )
    peers = rows.filter(pl.col("trades").fill_null(value=False))
    middle = float(peers["backed"].median() or 0) if peers.height >= LEAST_PEERS else 1.0  # type: ignore[arg-type]
    bound = min(parameters.most_purchases, parameters.most_of_peers * middle)
    busy = pl.col("payroll").fill_null(value=False) | (pl.col("kinds") > MOST_KINDS)
    unsaid = pl.col("trades").is_null()
    rests = pl.when(unsaid | busy).then(QUICK_DAYS).otherwise(parameters.most_dwell_days)
    few = (pl.col("onward_payees") <= parameters.most_payees) & (pl.col("onward_heads") <= parameters.most_heads)
    quick = (pl.col("dwell_days") <= rests) | (pl.col("delay_days") <= parameters.most_delay_days)
    plain = (pl.col("kinds").fill_null(0) <= MOST_KINDS) | pl.col("trades").is_not_null()
    return rows.with_columns(peers=pl.lit(middle)).filter(
        income >= parameters.least_income_usd * 100,
        income >= pl.col("received_minor") * parameters.least_income_share,
        pl.col("receipts") >= parameters.least_receipts,
        pl.col("backed") <= bound,
        pl.col("unknown_minor") <= income * MOST_UNKNOWN,
        pl.col("forwarded").is_between(
            pl.when(unsaid).then(MOSTLY).otherwise(parameters.least_forwarded), MOST_FORWARDED
        ),
        (few & quick) | _to_strangers(parameters),
        pl.col("onward_payments") >= LEAST_ONWARD_PAYMENTS,
        pl.col("in_runs").fill_null(0.0) <= parameters.most_in_runs,
        pl.col("wages") <= parameters.most_wages,
        plain,
    )


def _to_strangers(parameters: TradeParameters) -> pl.Expr:
    """Rows of a dealer in goods whose income went to a few strangers, whenever it went."""
    payees = pl.col("onward_payees")
    return (
        pl.col("trades").fill_null(value=False)
        & (pl.col("stranger_minor") >= pl.col("income_minor") * STRANGERS_SHARE)
        & (pl.col("backed") <= STRANGERS_BACKED)
        & (payees >= STRANGERS)
        & ((payees <= parameters.most_payees) | (pl.col("onward_payments") <= payees * PAID_ONCE))
        & (pl.col("onward_heads") <= MOST_STRANGERS)
    )


def unbacked_income(rows: pl.DataFrame, legs: pl.DataFrame) -> Claims:
    """Claims of `unbacked` rows: receipts of the income and payments that took it on."""
    if rows.is_empty():
        return NOTHING
    mine = legs.join(rows.select("party_id"), on="party_id", how="semi").filter(
        pl.col("kind").is_in(("abroad", "payout", *trade_income.ONWARD))
    )
    received = pl.col("sign") == 1
    unit = ("unbacked_income|" + pl.col("party_id")).alias("unit")
    payments = mine.with_columns(
        unit,
        role=pl.when(received).then(pl.lit("income")).otherwise(pl.lit("onward")),
        document_id=pl.lit(None, dtype=pl.String),
        payer_account=pl.when(received).then("other_account_id").otherwise("account_id"),
        payee_account=pl.when(received).then("account_id").otherwise("other_account_id"),
    ).select(PAYMENTS.names())
    values = rows.with_columns(
        unit,
        pattern=pl.lit("unbacked_income"),
        chance=pl.lit(None, dtype=pl.Float64),
        share=pl.col("income_minor") / pl.col("received_minor"),
        size=1 - pl.col("backed"),
        moved_minor=pl.col("income_minor"),
    )
    return claims(values, payments, rows.select(unit, "party_id"))
