"""Structuring: cash kept under a reporting threshold by cutting it up between branches, hands, days or accounts.

Sums near a threshold are no finding by themselves: regulators said so in October 2025, and shops bank such sums daily.
There must be a fact that shows evasion: sums under the threshold that add up to more than it on one day, or on two
business days in a row, at several branches, by several hands or to several accounts; far more branches or hands than
ordinary accounts of the kind use on the same night; cash from several regions (a funnel account); or a sum above the
threshold that was taken back and brought again below it. Withdrawals are read the same way, and so are cashier's
cheques and money orders under the sum from which their sale for cash is recorded, if cash paid for half of them within
days. Looked at together are accounts of one owner group, accounts that the same hands serve on the same days, and those
whose cash goes on to one payee within days, or whose drawn cash one payer sent, where that is no crowd's.

The threshold is that of the country where the cash was handled, in its currency, as it stood on the run date: every
rule of the rulebook that is used as a report of cash, or a record of instruments, the lowest where there are several.
Where a law adds up one person's cash over a month (France, India, Italy), only several holders together are a finding.
Where none holds, and for cash in a currency that no rule of the place speaks of (a sum in dollars speaks of all), the
detector is blind, and the night says how much that is, country by country. What a business banks every week at its
usual branches, by its usual people, within its declared turnover, is its takings and is left out. A burst of cash that
strangers bring to a holder who does not pass it on is how a victim of cuckoo smurfing looks, whoever else the same
strangers serve, and is not named; strangers are those whom the source names, and where it names nobody at the counter
the cash counts as the holder's own. No chance is stated: branches, hands and days are not independent, so no honest
figure exists.
"""

from functools import partial

import polars as pl

from mirrorwatch.detectors.base import Detector, NightFrames, RuleNeed, Source
from mirrorwatch.detectors.structuring_evidence import CLUSTER, Pieces, cash_behind, changed, pieces, split_days
from mirrorwatch.detectors.structuring_money import tied_by_money
from mirrorwatch.detectors.structuring_parameters import StructuringParameters
from mirrorwatch.detectors.structuring_terms import TERMS
from mirrorwatch.detectors.structuring_values import FACTS, values, victims
from mirrorwatch.detectors.structuring_words import written
from mirrorwatch.detectors.terms import scored
from mirrorwatch.features import counter, isic
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.declared import incomes
from mirrorwatch.features.ties import ties

_CARRIERS = ("nostro", "internal", "escrow", "government")
_PUBLIC = ("84", "85", "86")  # ISIC: the state, education, health. Who pays them has spent the money
_LEAST_HANDLED = counter.WHOLE // 20  # smaller sums say nothing of a habit with cash that matters here
_POWERS = 2  # against ordinary accounts: one in a hundred
_FAR = 4  # one in ten thousand
_FUNNEL = 3  # regions: home, and one place beside it, are no funnel
_SEVERAL = 3  # holders: a couple banks together
_MOST = 0.5  # of the sums near the threshold
_FOR_CASH = 0.5  # of what instruments cost: the sale of others is not recorded by its sum
_ALL_ROUND = 0.9  # takings have coins in them
_HANDS = 3  # an account: who works for a business is known at the counter


def _known(night: NightFrames) -> pl.DataFrame:
    """One row an account: account_id, party_id, group_id, personal, country, turnover_usd, carrier (never named)."""
    tied = ties(night.accounts, night.parties, night.ownership, night.run_date).collect()
    personal = (pl.col("party_type").fill_null(pl.col("account_type")).is_in(("person", "personal"))).alias("personal")
    carrier = (pl.col("licensed") | pl.col("account_type").is_in(_CARRIERS)).fill_null(value=False).alias("carrier")
    return tied.select("account_id", "party_id", "group_id", personal, "country", "turnover_usd", carrier)


def _worth_naming(rows: pl.DataFrame, parameters: StructuringParameters) -> pl.DataFrame:
    """Keep rows of scored `values` that show evasion and weigh enough."""
    evasion = (
        (pl.col("split_days") >= 1)
        | (pl.col("branches_beyond") >= _POWERS)
        | (pl.col("conductors_beyond") >= _POWERS)
        | (pl.col("amounts_changed") >= 1)
        | (pl.col("regions") >= _FUNNEL)
    ).fill_null(value=False)
    # where a month of one person's cash is added up, only other names keep it under
    evasion &= ~pl.col("monthly") | (pl.col("holders") > 1)
    front = (
        (pl.col("over_income") > parameters.front_turnover)
        | (pl.col("near") >= _MOST)
        | (pl.col("round") >= _ALL_ROUND)
        | (pl.col("score") >= parameters.certain_score)
        | ((pl.col("conductors") >= _HANDS * pl.col("accounts")) & (pl.col("conductors_beyond") >= _FAR))
        | (pl.col("amounts_changed") >= 1)
    ).fill_null(value=False)
    enough = pl.when("persons").then(parameters.score).otherwise(parameters.business_score)
    for_cash = (pl.col("kind") != counter.INSTRUMENT) | (pl.col("cash_behind") >= _FOR_CASH)
    return rows.filter(evasion, for_cash, pl.col("persons") | front, pl.col("score") >= enough)


def _large(found: Pieces, parameters: StructuringParameters) -> Pieces:
    """Keep only clusters and kinds whose pieces are many and large enough."""
    regions, holders = pl.col("branch_region").drop_nulls().n_unique(), pl.col("party_id").n_unique()
    spread = pl.col("personal").all() & ((regions >= _FUNNEL) | (holders >= _SEVERAL))
    sums = found.rows.group_by(CLUSTER).agg(pl.len().alias("pieces"), pl.col("part").sum(), spread.alias("spread"))
    least = round(parameters.least_total * counter.WHOLE)
    mean = pl.when("spread").then(parameters.least_mean_spread).otherwise(parameters.least_mean_piece)
    kept = sums.filter(
        pl.col("pieces") >= parameters.least_pieces,
        pl.col("part") >= least,
        pl.col("part") >= pl.col("pieces") * (mean * counter.WHOLE).round(0),
    )
    return Pieces(
        found.rows.join(kept, on=CLUSTER, how="semi").sort("transaction_id"),
        found.all.join(kept, on=CLUSTER, how="semi").sort("transaction_id"),
        found.weeks,
    )


def _without(found: Pieces, left_out: pl.DataFrame) -> Pieces:
    """`found` without the pieces of `left_out` (party_id, kind)."""
    rows, every = (each.join(left_out, on=("party_id", "kind"), how="anti") for each in (found.rows, found.all))
    return Pieces(rows.sort("transaction_id"), every.sort("transaction_id"), found.weeks)


def _not_spent(payments: pl.LazyFrame, night: NightFrames) -> pl.LazyFrame:
    """`payments` without those to a state, school or hospital: a victim's tuition is spent, not passed on."""
    trade = isic.digits()
    bodies = night.parties.filter(pl.any_horizontal(trade.str.starts_with(code) for code in _PUBLIC))
    theirs = night.accounts.join(bodies, on="party_id", how="semi").select(beneficiary_account_id="account_id")
    return payments.join(theirs, on="beneficiary_account_id", how="anti")


def detect(night: NightFrames, parameters: StructuringParameters) -> pl.LazyFrame:
    """One finding a cluster of accounts and kind of cash, as FINDINGS. Reads the transactions eight times."""
    payments = without_reversals(night.transactions)
    known, bounds = _known(night), counter.limits(night.rules)
    holders = known.filter(~pl.col("carrier"))
    declared = incomes(holders)
    who = holders.select("account_id", "party_id", "group_id", "personal")
    seen = counter.handled(payments, who.lazy(), bounds, _LEAST_HANDLED).collect()
    accounts = known.select("account_id", "party_id", "carrier")
    by_money = partial(tied_by_money, payments, known=accounts, parameters=parameters)
    everything = pieces(seen, declared, parameters, by_money)
    usual = counter.usual_shares(counter.placed(seen), FACTS)
    found = _large(_without(everything, victims(everything, _not_spent(payments, night), parameters)), parameters)
    split, changes = split_days(found, usual, parameters), changed(night.transactions, found, bounds)
    scores = scored(values(found, split, changes, usual, declared, payments, parameters), TERMS)
    scores = scores.join(cash_behind(everything, found, parameters.pass_days), on=CLUSTER, how="left")
    return written(_worth_naming(scores, parameters), found, split, parameters)


DETECTOR = Detector(
    typology="structuring",
    version="3",
    title="Cash cut up to stay under a reporting threshold",
    summary="Sums under the threshold that add up to more than it over several branches, hands, days or accounts.",
    parameters=StructuringParameters,
    sources=(
        Source("Structured transactions; reports of currency and their aggregation", "31 CFR 1010.311, .313, .314"),
        Source("Structuring transactions to evade reporting", "31 USC 5324"),
        Source("Records of instruments sold for cash", "31 CFR 1010.415"),
        Source("FinCEN and agencies, FAQs regarding suspicious activity reporting requirements", "October 2025"),
        Source("FFIEC, BSA/AML Examination Manual, Appendices F and G (structuring)", "FFIEC BSA/AML Manual"),
        Source("FinCEN, Advisory on funnel accounts and trade-based laundering", "FIN-2014-A005"),
        Source("AUSTRAC, Cuckoo smurfing (indicators; the account holder may be innocent)", "AUSTRAC guide"),
    ),
    detect=detect,
    needs=(
        ("transactions", "branch_id", "branches_beyond", "sums brought to several branches look like one customer's"),
        ("transactions", "branch_region", "regions", "funnel accounts far from home cannot be told from others"),
        ("transactions", "conductor_party_id", "conductors_beyond", "neither shared hands nor strangers can be seen"),
        ("ownership", "", "accounts", "accounts of one owner under several names pass for strangers'"),
        ("parties", "annual_turnover_usd", "over_income", "regular takings of any size pass for a business's own"),
        ("parties", "licence", "accounts", "licensed money businesses pass for ordinary holders"),
    ),
    rules=(
        RuleNeed("cash_report", "split_days", ("cash_deposit", "cash_withdrawal"), "handled",
                 "cash handled", "no sum can be kept under a threshold that nobody set"),
        RuleNeed("instrument_record", "split_days", ("cashiers_check", "money_order"), "handled",
                 "cashier's cheques and money orders sold", "no sum of theirs is recorded by law"),
    ),
    terms=TERMS,
    look_alikes=(
        ("a restaurant's or shop's daily takings under the threshold", "one branch, its usual people, within turnover"),
        ("a shop with two branches", "both are banked at every week, so they are its habit"),
        ("rents, dues and collections paid in by many hands", "the sums are far below what hiding would need"),
        ("vending and cash machine operators", "rounds repeat every week within the turnover; odd sums, few hands"),
        ("savings brought to the bank once", "fewer than three sums, or at one branch by the holder"),
        ("payroll drawn in cash", "the same branch and hand each time"),
        ("licensed remitters, bureaux de change and their agents", "a licence covers them"),
        ("a victim of cuckoo smurfing", "days of cash by strangers, not passed on; longer ones are not told apart"),
        ("a student whose tuition strangers bring", "what goes to schools, hospitals and the state is not passed on"),
        ("a victim of whom no conductor is recorded", "not told apart: one known stranger at the counter is needed"),
        ("several victims served side by side", "not named; nor are evaders in a burst who leave the cash where it is"),
        ("a household that uses many branches and several members", "not told apart when the sums also add up"),
    ),
)  # fmt: skip
