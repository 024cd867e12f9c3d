"""The terms of the shell score: what each value means, and where its bounds are."""

import polars as pl

from mirrorwatch.detectors.terms import POINTS, Term, points, scored

FFIEC = "FFIEC BSA/AML Manual, Appendix F (shell company activity)"
FINCEN_2024 = "FIN-2024-A002"
FINCEN_2026 = "FIN-2026-Alert002"
EGMONT = "FATF/Egmont, Concealment of Beneficial Ownership (2018)"
OFAC = "OFAC Revised Guidance of 13 August 2014"
FINTRAC = "FINTRAC 18/19-SIDEL-025"
OURS = "docs/typologies/shell_company.md"  # no publication says it: the page gives the reasoning


TERMS = (
    Term("linked_companies", 1, 3, 1_750, FFIEC,
         "Companies without a business of their own that money runs through one after the other, or that one hand runs "
         "side by side. Two in a row have few honest explanations, three hardly any."),
    Term("units_followed", 1, 6, 1_150, FFIEC,
         "Separate sums of money followed in and out again. One may be a favour; a habit is several in 45 days."),
    Term("forwarded_share", 0.4, 0.9, 950, FINTRAC,
         "Share of all money received that left again, nearly whole, within days."),
    Term("pass_through", 0.8, 0.95, 750, FINTRAC,
         "How nearly money out equals money in (1 = exactly). A business keeps a margin and pays its costs from it."),
    Term("dwell_hours", 168, 36, 950, FINTRAC,
         "Mean hours that a dollar rests in an account: a going concern keeps weeks of costs, a conduit none."),
    Term("running_costs", 3, 0.5, 1_000, FINCEN_2024,
         "Kinds of running cost seen, on average a company, out of seven: tax, payroll, rent, utilities, cards, "
         "standing payments, sundry suppliers."),
    Term("cost_share", 0.03, 0.002, 700, FINCEN_2024,
         "Share of all payments that running costs make up. Even a thin trading margin pays more than this."),
    Term("payees", 12, 4, 300, OURS,
         "Effective number of payees, on average a company: as many equal ones would concentrate payments as much."),
    Term("beyond_chance", 1.5, 5, 550, OURS,
         "Powers of ten against as many sums matching by chance, had the payments fallen in other weeks. No more "
         "than 6 are stated: the few other orders of weeks that are tried support no more."),
    Term("age_days", 730, 180, 400, FINCEN_2026,
         "Days from incorporation to the first large money, for the youngest company."),
    Term("dormant_days", 14, 35, 200, OURS,
         "Days without any large payment before the flow began, though the account had been open."),
    Term("round_share", 0.3, 0.8, 250, FINCEN_2026,
         "Share of payments in whole thousands of their currency. Trade is invoiced in odd amounts."),
    Term("shared_identifiers", 0, 1, 400, FFIEC,
         "Share of these companies that have a telephone, e-mail, director or uncommon address with another of them. "
         "An address that many organisations use counts for a quarter."),
    Term("opaque_ownership", 0, 1, 250, EGMONT,
         "Share of these companies whose recorded owners lead to no person, or run in a circle."),
    Term("listed_owner", 0, 1, 40, OFAC,
         "Share of these companies that are a listed one's: itself, a holder or an owner through layers. Context, of "
         "next to no weight: it says who may stand behind, not what the money does."),
    Term("declared_turnover", 3, 20, 250, OURS,
         "Times that a year at this rate exceeds the turnover that was declared."),
    Term("declared_staff", 3, 1, 100, OURS, "Most employees that any of these companies declared."),
)  # fmt: skip


# What is known of a company itself rather than seen of its money: without one of these a lone company is not reported.
BACKGROUND = ("age_days", "dormant_days", "opaque_ownership", "declared_turnover")


def score(values: pl.DataFrame) -> pl.DataFrame:
    """`values` (one row a scheme, a Float64 column a term) with `points`, `score` and `background`, a part of it."""
    known = pl.sum_horizontal(points(term) for term in TERMS if term.code in BACKGROUND)
    return scored(values, TERMS).with_columns((known / POINTS).round(4).alias("background"))


def most(code: str) -> float:
    """Weight of a term in full, as part of the score."""
    return next(term.weight for term in TERMS if term.code == code) / POINTS
