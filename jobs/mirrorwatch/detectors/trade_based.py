"""Trade-based laundering: value that crosses a border inside invoices, shipments and marketplace sales.

Six signs are looked for, each a sub-pattern of its own. Payments out of line with their documents, above them (over-
invoicing) or below (under-invoicing), also where parts do not add up to their invoices, or goods declared at values per
parcel away from others'. Payments for goods of which no document tells, or one of no parcels, where most have one
(phantom shipments). One shipment paid many times, on one document, on papers made out anew, or by others who are on
none. Runs of parcels just under the value that enters free of duty, if a rule said so on the day of issue. Export or
marketplace income with no purchases behind it, passed on within days, or to a few strangers at any pace. Rebates of tax
that such purchases should have earned are told beside the last, never by themselves.

Documents are incomplete in honest trade too, so all of it is held against the night's own custom: how far payments
usually lie from their documents, how many payments have one, how often a pair pays one amount again, what like firms
spend. A chance is stated where such a model exists, for the night as a whole; for unbacked income none does, and it is
left out. Firms that share a matter are one finding; a partner is named only when it acts as often as the other.
A pair with more than 200 payments of one size that no document names is not searched whole: each document is held
against the twenty payments before and after it, and the twenty below and above its value.
No name, no remittance text and no person's country is read; the countries of accounts and of customs rules are.
"""

import polars as pl

from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Source
from mirrorwatch.detectors.terms import scored
from mirrorwatch.detectors.trade_based_claims import all_of
from mirrorwatch.detectors.trade_based_copies import copied
from mirrorwatch.detectors.trade_based_income import figures, unbacked, unbacked_income
from mirrorwatch.detectors.trade_based_others import paid_by_others
from mirrorwatch.detectors.trade_based_parameters import TradeParameters
from mirrorwatch.detectors.trade_based_parcels import limits, rates, under_limit
from mirrorwatch.detectors.trade_based_parts import in_parts
from mirrorwatch.detectors.trade_based_phantom import coverage, goods_trades, phantom
from mirrorwatch.detectors.trade_based_repeated import repeated
from mirrorwatch.detectors.trade_based_schemes import schemes
from mirrorwatch.detectors.trade_based_terms import TERMS
from mirrorwatch.detectors.trade_based_value import misvalued, priced_apart
from mirrorwatch.detectors.trade_based_words import FLOOR, words
from mirrorwatch.detectors.writing import findings
from mirrorwatch.features import trade
from mirrorwatch.features.invoices import settled

# What paid over declared may spread at least and at most: a bank's charge, and a currency over a month.
LEAST_SPREAD, MOST_SPREAD = 0.005, 0.05


def detect(night: NightFrames, parameters: TradeParameters) -> pl.LazyFrame:
    """One finding a firm, or set of firms in one matter, as FINDINGS, sorted by score and first account.

    Reads the transactions seven times, and keeps of them payments between firms across a border and those of the few
    firms that live on such income.
    """
    known = trade.firms(night.accounts, night.parties, night.ownership, night.run_date).collect()
    papers = trade.papers(night.trade_documents, night.run_date)
    traded = trade.trades(night.transactions, known.lazy(), papers)
    paid = settled(traded, papers, least_spread=LEAST_SPREAD, most_spread=MOST_SPREAD)
    goods = goods_trades(traded, papers, paid, known)
    judged = goods if coverage(goods) >= parameters.least_coverage else goods.clear()
    spent, legs = figures(night, papers.select(party_id="exporter").unique(), judged, parameters)
    bare = unbacked(spent, parameters)
    started = traded["booked_at"].min()
    parts = [unbacked_income(bare, legs)]
    if started is not None and not papers.is_empty():
        bounds = limits(night.rulebook, papers["issued_on"].unique(), rates(night.transactions))
        parts += [
            *misvalued(paid, started.date(), night.run_date, parameters),  # type: ignore[union-attr]
            in_parts(traded, papers, paid, (started.date(), night.run_date), parameters),  # type: ignore[union-attr]
            priced_apart(paid, papers, parameters),
            copied(papers, paid, parameters),
            repeated(traded, papers, paid, parameters),
            paid_by_others(traded, papers, paid, parameters),
            phantom(goods, bare.select("party_id"), parameters),
            under_limit(papers, paid, bounds, parameters),
        ]
    found = all_of(parts)
    if found.values.is_empty():
        return pl.LazyFrame(schema=FINDINGS)
    made = schemes(found, known.select("account_id", "party_id"), paid, bare)
    values = scored(made.values, TERMS).filter(pl.col("score") >= parameters.report_score)
    return findings(values, made.members, made.evidence, TERMS, words(parameters))


_NO_PAPERS = "over- and under-invoicing, phantom shipments, shipments paid again and parcels under the limit go unseen"
DETECTOR = Detector(
    typology="trade_based",
    version="2",
    title="Trade-based laundering",
    summary="Payments out of line with trade documents, and trade income with no purchases behind it.",
    parameters=TradeParameters,
    sources=(
        Source("FinCEN, Advisory on Chinese money laundering networks (income without inventory)", "FIN-2025-A003"),
        Source("FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators", "March 2021"),
        Source("FINTRAC, Professional money laundering through trade and money services", "18/19-SIDEL-025"),
    ),
    detect=detect,
    floor=FLOOR,
    terms=TERMS,
    needs=(
        ("trade_documents", "", "misvaluation", _NO_PAPERS),
        ("trade_documents", "transaction_id", "misvaluation",
         "which payment a document belongs to is told only by parties, value and time"),
        ("trade_documents", "parcels", "parcels_under_limit",
         "a document is taken for one parcel, and copies of a document are not told from new shipments"),
        ("trade_documents", "hs_code", "misvaluation",
         "values per parcel cannot be held against the same goods of others"),
        ("parties", "industry_code", "unbacked_share",
         "who deals in goods is told only by documents, so firms and suppliers of unknown trade are judged by more"),
        ("ownership", "", "unbacked_share",
         "trade inside one group, at prices of its own, looks like trade of strangers"),
    ),
    look_alikes=(
        ("dropshippers, who pay suppliers by card", "card payments of a firm are purchases"),
        ("consignment houses, payroll",
         "income that goes on in runs of five payees a day, or to nine or more, is out"),
        ("commission agents, commodity traders, forwarders",
         "what goes to makers, wholesalers, carriers and customs is a purchase"),
        ("exporters of services", "firms whose trade on file is none in goods are out; they need no document"),
        ("seasonal importers, who sell from stock", "their takings stay, or repay a bank; income must go on in days"),
        ("deposits, instalments, part payments",
         "parts that add up to the document, or one usual share of it each time, are no contradiction"),
        ("partial shipments under one payment", "the documents of one payment are added up"),
        ("freight and insurance on top, moves of a currency",
         "less than 15 percent, or five times the night's spread, is custom"),
        ("a corrected invoice", "reversals and what they reversed are out, and so is what came back whole"),
        ("standing orders of one value", "even days excuse equal amounts where documents are as many as is usual"),
        ("transfer prices inside a group", "trade between companies under one owner company is left out"),
        ("marketplace sellers with stock", "their purchases stand behind the payouts"),
        ("retail buyers of small parcels", "their values lie anywhere below the limit, not just under it"),
        ("one odd customer of a large house", "the house is named only if a tenth of its own trade is odd"),
    ),
)  # fmt: skip
