"""Bulk cash: armoured-car volumes of notes that the trade cannot explain, and that go abroad within days.

Cash of one owner's accounts is taken together where their money meets (a transfer, one party, one payee abroad), and so
is what an armoured-car firm credits after counting. It must be out of line with the trade: more in a year than the
declared turnover, or more than three in four of the same industry handle; it must be a main part of the money; and it
must go on: abroad within days, day by day and each dollar counted once, so that splitting, keeping a part and waiting
change little; or, where far more out of line, to one payee or another business of the owner at home. Cash drawn in bulk
after money from abroad is read the same way round. The border is that between accounts; nobody's nationality is read.
No chance is stated: what a trade takes in cash has no null model that fits all trades.
"""

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Source
from mirrorwatch.detectors.bulk_cash_evidence import CAME, gathered, notes, vault
from mirrorwatch.detectors.bulk_cash_parameters import BulkCashParameters
from mirrorwatch.detectors.bulk_cash_terms import TERMS
from mirrorwatch.detectors.bulk_cash_values import figures, values
from mirrorwatch.detectors.bulk_cash_words import written
from mirrorwatch.detectors.terms import scored
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.isic import division
from mirrorwatch.features.ties import ties

_CARRIERS = ("nostro", "internal", "escrow", "government")
_CASH_TRADES = ("92",)  # casinos and betting shops take and pay out cash by the bulk


def _holders(night: NightFrames) -> pl.DataFrame:
    """One row an account: account_id, party_id, purse, personal, trade, country, turnover_usd, vault and more."""
    tied = ties(night.accounts, night.parties, night.ownership, night.run_date)
    trades = night.parties.select("party_id", "employees", division().alias("trade"))
    known = tied.join(trades, on="party_id", how="left").collect()
    personal = pl.col("party_type").fill_null(pl.col("account_type")).is_in(("person", "personal")).alias("personal")
    kept = ~pl.col("licensed") & ~pl.col("account_type").is_in(_CARRIERS)
    return known.filter(kept, ~pl.col("trade").is_in(_CASH_TRADES).fill_null(value=False)).select(
        "account_id", "party_id", pl.col("group_id").alias("purse"), personal, "trade", "country", "turnover_usd",
        vault(), "opened_on", "employees",
    )  # fmt: skip


def _worth_naming(rows: pl.DataFrame, parameters: BulkCashParameters) -> pl.DataFrame:
    """Keep rows of scored `values` that are out of line with the trade, went on, and weigh enough."""
    over, beyond = pl.col("over_turnover"), pl.col("beyond_peers")
    large = over.is_null() & (pl.col("mean_deposit") >= parameters.least_deposit_usd)
    odd = (pl.col("uneven") >= parameters.least_uneven) | large
    out_of_line = (over >= parameters.least_over) | ((beyond >= parameters.least_beyond) & odd)
    crossed = (pl.col("crossed") >= parameters.least_crossed) & (
        pl.col("border_from_cash") >= parameters.least_from_cash
    )
    abroad = crossed & out_of_line
    far = pl.min_horizontal(over, beyond) >= parameters.least_over_at_home
    at_home = (pl.col("way") == CAME) & ~pl.col("persons") & (pl.col("gone_on") >= parameters.least_moved) & far
    wholly = (pl.col("crossed") >= parameters.mostly) & (pl.col("border_from_cash") >= parameters.mostly)
    wholly = wholly & (pl.col("way") == CAME) & (over >= parameters.least_over)
    main = (pl.col("cash_share") >= parameters.least_cash_share) | wholly.fill_null(value=False)
    return rows.filter((abroad | at_home).fill_null(value=False), main, pl.col("score") >= parameters.score)


def detect(night: NightFrames, parameters: BulkCashParameters) -> pl.LazyFrame:
    """One finding an owner and way of the cash, as FINDINGS. Reads the transactions four times."""
    payments, holders = without_reversals(night.transactions), _holders(night)
    cash = notes(payments, holders.lazy())
    bulk = gathered(cash, payments, holders.select("account_id", "party_id", "purse"), parameters)
    if bulk.cash.is_empty():
        return pl.LazyFrame(schema=FINDINGS)
    by_party = cash.group_by("party_id", "way").agg(pl.col("usd_minor").sum()).collect()
    known = values(bulk, figures(by_party, holders, _days(night)), holders, night, parameters)
    return written(_worth_naming(scored(known, TERMS), parameters), bulk, night.rules, parameters)


def _days(night: NightFrames) -> int:
    """Days from the first to the last booking."""
    day = pl.col("booking_date")
    first, last = night.transactions.select(first=day.min(), last=day.max()).collect().row(0)
    return (last - first).days + 1 if first is not None else 1


DETECTOR = Detector(
    typology="bulk_cash",
    version="2",
    title="Bulk cash that goes abroad within days",
    summary="Armoured-car volumes of cash out of line with the trade, sent abroad or on within days.",
    parameters=BulkCashParameters,
    sources=(
        Source(
            "FinCEN, Alert on bulk cash smuggling and repatriation by Mexico-based organisations", "FIN-2025-Alert001"
        ),
        Source("FFIEC, BSA/AML Examination Manual, Bulk Shipments of Currency", "FFIEC BSA/AML Manual"),
        Source("Reports of transportation of currency or monetary instruments", "31 CFR 1010.340"),
    ),
    detect=detect,
    needs=(
        ("parties", "annual_turnover_usd", "over_turnover", "cash is held against the amounts of peers alone"),
        ("parties", "industry_code", "beyond_peers", "the trade is not known, so all businesses stand for its peers"),
        ("parties", "licence", "beyond_peers", "dealers in banknotes pass for ordinary businesses"),
        ("ownership", "", "gone_on", "businesses of one owner pass for strangers'"),
        ("trade_documents", "", "undocumented", "payments abroad for goods cannot be told from others"),
    ),
    terms=TERMS,
    look_alikes=(
        ("supermarkets that use armoured cars", "their turnover carries the cash, and it pays many at home"),
        ("importers that pay suppliers abroad from ordinary takings", "takings stay within turnover and trade"),
        ("casas de cambio, casinos, licensed dealers in banknotes", "a licence, or their trade, covers them"),
        ("cash machine operators and payroll in cash", "what they draw was paid in at home"),
        ("a group that sweeps its shops' takings", "one owner's accounts are taken together"),
        ("somebody who sells a house for cash and moves abroad", "not told apart"),
    ),
)
