"""Shell companies: firms that live off nothing and only pass money on, one to the next.

Found by what is absent (wages, tax, rent, utilities, card spending, suppliers), by money in that equals money out and
rests for hours or days, and above all by money followed from one such company to the next. Companies linked by money
become one finding that names the whole chain, or star, and lists nobody who merely pays in or is paid out.
Behaviour only: no name, nationality or country of a person is read.
"""

from datetime import date

import polars as pl

from mirrorwatch.detectors.base import Detector, NightFrames, Source
from mirrorwatch.detectors.shell_bounds import promising
from mirrorwatch.detectors.shell_chance import FLOOR, with_chance
from mirrorwatch.detectors.shell_evidence import evidence, one_hand, schemes
from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.detectors.shell_terms import score
from mirrorwatch.detectors.shell_values import values
from mirrorwatch.detectors.shell_words import write_up
from mirrorwatch.features import activity, opacity, running_costs, shortlist
from mirrorwatch.features.ties import ties


def _suspects(
    payments: pl.LazyFrame,
    companies: pl.LazyFrame,
    owned: pl.LazyFrame,
    known: pl.LazyFrame,
    parameters: ShellParameters,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accounts (account_id, party_id) that could be shells', and `running_costs.footprint` of their parties."""
    busy = activity.turnover(payments, companies).filter(pl.col("payments") <= parameters.most_payments)
    passing = _in_step(busy, parameters).select("party_id").collect().lazy()
    members = shortlist.mates(companies, passing, owned)
    costs = running_costs.footprint(running_costs.payees(activity.legs(payments, members, known))).collect()
    alive = shortlist.operating(costs.lazy(), owned, parameters.business)
    few = costs.lazy().filter(pl.col("payees") <= parameters.most_counterparties)
    left = passing.join(alive, on="party_id", how="anti").join(few, on="party_id", how="semi")
    return companies.join(left, on="party_id", how="semi").sort("account_id").collect(), costs


def _in_step(figures: pl.LazyFrame, parameters: ShellParameters) -> pl.LazyFrame:
    least = parameters.least_throughput_usd * 100
    return shortlist.in_step(figures, least, parameters.least_pass_ratio, parameters.most_pass_ratio)


def _quick(own_legs: pl.DataFrame, parameters: ShellParameters) -> pl.DataFrame:
    """Figures of the parties whose money rests briefly and comes from few: `activity.dwell`."""
    received = own_legs.lazy().filter(pl.col("sign") == 1).group_by("party_id", "other").agg(pl.col("usd_minor").sum())
    payers = received.group_by("party_id").agg(running_costs.effective("usd_minor").alias("payers"))
    few = payers.filter(pl.col("payers") <= parameters.most_counterparties)
    return (
        _in_step(activity.dwell(own_legs.lazy()), parameters)
        .join(few, on="party_id", how="semi")
        .filter(pl.col("dwell_seconds") <= parameters.most_dwell_hours * 3600)
        .sort("party_id")
        .collect()
    )


def detect(night: NightFrames, parameters: ShellParameters) -> pl.LazyFrame:
    """One finding a scheme of linked shell companies, as FINDINGS, sorted by score and first account.

    Reads the transactions three times and keeps of them only the payments of the shortlisted companies.
    """
    run_date = date.fromisoformat(night.run_date_iso)
    payments = activity.without_reversals(night.transactions)
    tied = ties(night.accounts, night.parties, night.ownership, run_date, entities=night.entities).collect().lazy()
    owned = shortlist.corporate_groups(night.parties, night.ownership, run_date).collect().lazy()
    pools = shortlist.treasuries(owned, night.accounts, night.parties, night.ownership, run_date).collect().lazy()
    known = activity.counterparties(tied, night.parties, pools)
    accounts, costs = _suspects(payments, shortlist.companies(tied), owned, known, parameters)
    own_legs = activity.legs(payments, accounts.lazy(), known).collect()
    figures = _quick(own_legs, parameters)
    own_legs = own_legs.join(figures.select("party_id"), on="party_id", how="semi")
    marks = (
        opacity.identifiers(night.parties, parameters.crowd),
        opacity.seats(night.ownership, run_date, parameters.crowd),
    )
    hands = one_hand(pl.concat(marks, how="diagonal"), figures)
    found = schemes(own_legs, figures, parameters, hands)
    shown = evidence(found, own_legs)
    known_values = values(found, shown, costs, night, parameters.crowd)
    # The draws by chance cost many times the search itself: only schemes that they could bring over the bound.
    worth = score(known_values).filter(promising(parameters)).select("scheme")
    scored = score(with_chance(known_values, found, worth, parameters.passing))
    return write_up(scored, shown, found.shells, parameters).lazy()


_NEEDS_OWNER = "circles, owners that lead to no person, shared directors and corporate groups cannot be seen"
DETECTOR = Detector(
    typology="shell_company",
    version="4",
    title="Shell companies that pass money on",
    summary="Companies without the costs of a business, linked by money that rests briefly and leaves nearly whole.",
    parameters=ShellParameters,
    sources=(
        Source("FinCEN, Potential Money Laundering Risks Related to Shell Companies", "FIN-2006-G014"),
        Source("FinCEN, Advisory on illicit fentanyl financing (definition of a shell company)", "FIN-2024-A002"),
        Source("FinCEN, Alert on shadow banking (recently incorporated, large round payments)", "FIN-2026-Alert002"),
        Source("FFIEC, BSA/AML Examination Manual, Appendix F and funds transfers", "FFIEC BSA/AML Manual"),
        Source("FATF and Egmont Group, Concealment of Beneficial Ownership", "July 2018"),
        Source("FINTRAC, Professional money laundering through trade and money services", "18/19-SIDEL-025"),
    ),
    detect=detect,
    floor=FLOOR,
    needs=(
        ("ownership", "", "opaque_ownership", _NEEDS_OWNER),
        ("watchlist", "", "listed_owner", "listed ones behind these companies are not told"),
        ("parties", "address", "shared_identifiers", "companies at one address cannot be seen"),
        ("parties", "phone", "shared_identifiers", "companies with one telephone cannot be seen"),
        ("parties", "email", "shared_identifiers", "companies with one e-mail cannot be seen"),
        (
            "parties",
            "born_or_incorporated_on",
            "age_days",
            "age at the first money falls back on the account's opening",
        ),
        (
            "parties",
            "annual_turnover_usd",
            "declared_turnover",
            "throughput cannot be held against a declared turnover",
        ),
        ("parties", "employees", "declared_staff", "throughput cannot be held against declared staff"),
        ("parties", "industry_code", "running_costs", "rent, utilities and tax are seen only by the shape of payments"),
    ),
)
