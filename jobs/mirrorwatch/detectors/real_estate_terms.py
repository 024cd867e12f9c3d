"""The terms of the real-estate score: what each value means, and where its bounds are."""

from mirrorwatch.detectors.terms import Term

FINCEN = "FIN-2025-A003"
FINTRAC = "FINTRAC-2016-OB001"
UNDERGROUND = "FINTRAC-2023-OA002"
OURS = "docs/typologies/real_estate.md"  # no publication gives it: the page gives the reasoning

TERMS = (
    Term("structured_share", 0.1, 0.6, 1_600, FINTRAC,
         "Share of the payments that lie just under a reporting or record threshold of the payee's country, of payers "
         "who did so more than once or name one unit. One deposit of nearly 10,000 is no structuring."),
    Term("same_reference", 0, 0.8, 1_100, FINTRAC,
         "Share of the payments that carry a text and name the unit, lot or file that unrelated others name too, more "
         "often than the payee's clients otherwise do."),
    Term("opaque_payers", 0, 0.8, 1_500, FINCEN,
         "Share of the money from companies without the costs of a business, or accounts that nobody lives from; half "
         "for a company whose owners are on record."),
    Term("payers", 5, 10, 1_600, FINTRAC,
         "Unrelated payers: a household, an ownership group or the owners of one company count once. A couple, their "
         "parents and a brother and sister are five."),
    Term("linked_payers", 0, 0.6, 1_500, OURS,
         "Share of the payers who have the source of their money in common with another payer of the same payee, or, "
         "being companies, a telephone or an e-mail, though nothing on record connects them."),
    Term("beyond_peers", 1, 4, 200, OURS,
         "Powers of ten against as many of the payee's payers being odd by themselves, if they were no odder than "
         "those of the other payees of the night."),
    Term("foreign_payers", 0, 0.8, 400, FINCEN,
         "Share of the money from companies whose account is abroad; half for persons."),
    Term("beyond_income", 0, 0.8, 100, FINCEN,
         "Share of the payers whose payment exceeds a year of their declared income or turnover."),
    Term("far_beyond_income", 0.4, 0.8, 600, FINCEN,
         "Share of the payers whose payment exceeds two years of it. Retired parents may have saved as much; several "
         "students and pensioners of different homes have not."),
    Term("drafts", 0, 0.8, 200, FINTRAC,
         "Share of the money paid by cashier's cheque or money order; half for cheques."),
    Term("repeated", 0, 0.8, 500, FINTRAC, "Share of the payers who paid more than once within three weeks."),
    Term("span_days", 8, 21, 500, OURS,
         "Days from the first to the last payment for one unit. A family chips in in the days before a closing; paying "
         "strangers go on for weeks. Left out where no unit is named."),
    Term("fresh_money", 0.3, 0.9, 100, UNDERGROUND,
         "Share of the money that had come into the payers' accounts, in cash or from others, in the ten days before."),
)  # fmt: skip
