"""Precursor procurement: chemicals for synthetic drugs bought in bulk by fronts, or in retail sums from one seller.

Two patterns are looked for. *In bulk*: a buyer whose trade has no use for chemicals pays chemical or pharmaceutical
firms in China or Hong Kong, and hardly anybody else abroad, or does so by habit; itself, or through an account in a
third country or at an exchange that carries its money on within days. The buyers and the accounts in between are named,
the suppliers are not: a chemical firm sells to whoever orders. *In retail sums*: many buyers pay payees in China or
Hong Kong that seem unconnected and share a telephone or an e-mail. The payees are named, and the buyers who came back;
who bought once is not. Purchases through an exchange are seen where the exchange pays the supplier or the payees from
an account of its own; a buyer is named behind a busy exchange only when sums and days fit again and again.

What a supplier deals in is read from its declared trade, from trade documents (chapters 28, 29, 30 and 38) and, as
support, from texts (CAS numbers, words). The country is that of the supplier's account: no name, nationality or country
of a person is read. The chance that is stated for bulk buyers is that as many of their suppliers would be chemical, had
they been drawn as those of other importers of unrelated trades on the same night (binomial), times the buyers examined.
None is stated for retail purchases: for shared telephones there is no honest null model.
"""

import polars as pl

from mirrorwatch.detectors import precursor_procurement_bulk, precursor_procurement_retail, precursor_procurement_words
from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.precursor_procurement_goods import goods, with_ramps
from mirrorwatch.detectors.precursor_procurement_parameters import PrecursorParameters
from mirrorwatch.detectors.precursor_procurement_terms import BULK, RETAIL, TERMS
from mirrorwatch.detectors.writing import findings
from mirrorwatch.features.sides import known


def detect(night: NightFrames, parameters: PrecursorParameters) -> pl.LazyFrame:
    """One finding a scheme, as FINDINGS, sorted by score and first account."""
    holders = known(night.accounts, night.parties, night.ownership, night.run_date)
    holders = with_ramps(holders, night.transactions).collect().lazy()
    bought = goods(night, holders, parameters)
    bulk = precursor_procurement_bulk.schemes(night, bought, parameters)
    retail = precursor_procurement_retail.schemes(night, holders, bought.payments, parameters)
    said, rules = precursor_procurement_words, night.rules
    found = [
        findings(bulk.values, bulk.members, bulk.evidence, BULK, said.bulk(parameters, rules)),
        findings(retail.values, retail.members, retail.evidence, RETAIL, said.retail(parameters, rules)),
    ]
    order = (pl.col("score") * -1, pl.col("account_ids").list.first(), pl.col("transaction_ids").list.first())
    return pl.concat(found).sort(*order)


_NO_TRADE = "suppliers are known by documents and texts only, and no buyer's trade can be called unrelated"
DETECTOR = Detector(
    typology="precursor_procurement",
    version="2",
    title="Precursor procurement in China or Hong Kong",
    summary="Chemicals bought by who has no use for them, through others too; small sums to payees of one contact.",
    parameters=PrecursorParameters,
    sources=(
        Source("FinCEN, Advisory on trafficking of fentanyl and other synthetic opioids", "FIN-2019-A006"),
        Source("FinCEN, Supplemental advisory on procurement of precursor chemicals", "FIN-2024-A002"),
        Source("FATF, Money Laundering from Fentanyl and Synthetic Opioids", "November 2022"),
    ),
    detect=detect,
    terms=TERMS,
    needs=(
        ("parties", "industry_code", "unrelated_trade", _NO_TRADE),
        ("trade_documents", "", "said_chemical", "what was shipped cannot be held against what the buyer trades in"),
        ("parties", "phone", "shared_contact", "payees and buyers with one telephone pass for strangers"),
        ("parties", "email", "shared_contact", "payees and buyers with one e-mail pass for strangers"),
        ("parties", "address", "payees", "members of one household pass for separate payees"),
        ("ownership", "", "payees", "companies of one owner pass for separate payees and buyers"),
    ),
    look_alikes=(
        ("pharmacy, paint or plastics maker, university, laboratory, farm dealer", "trades that use chemicals are out"),
        ("maker of food or supplements that buys vitamins", "pairs whose documents all name additives of food are out"),
        ("importer of many goods with one chemical supplier", "chemicals must be half of what it pays firms abroad"),
        ("customers of one chemical firm", "each is judged alone unless contact, owner, carrier or money ties them"),
        ("cleaning company with solvents from home", "only suppliers in China and Hong Kong count"),
        ("buyers at a web shop in China", "payees must share a telephone or e-mail, and not their owner or address"),
        ("family support to relatives in China", "a household is one payee, its relatives are few and their sums even"),
        ("exporter who sends samples", "larger invoices beside them lower the score; not always enough"),
        ("importer of undeclared trade with a chemical supplier", "silent unless it has no business or hides the way"),
    ),
)
