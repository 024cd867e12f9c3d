"""What the underground-banking score is a sum of."""

from mirrorwatch.detectors.terms import Term

FINCEN, FINTRAC = "FIN-2025-A003", "FINTRAC-2023-OA002"
OURS = "no published red flag; our own"

TERMS = (
    Term("income_multiple", 1, 4, 1900, FINCEN,
         "Times that the money moved on exceeds the income of the window, declared (where none is, the median of "
         "persons there) or seen as wages; no number is published."),
    Term("moved_share", 0.4, 0.8, 1200, FINTRAC,
         "Part of the unusual money that was gone again within days; no number is published."),
    Term("rest_hours", 108, 36, 1200, FINTRAC,
         "Mean hours between what came and what went, matched at the shortest lag; `as quickly as it flows in`."),
    Term("form", 0.3, 0.8, 1000, FINCEN,
         "Part of the money in the forms that red flags name: cash, transfers from abroad or from kin, or what left by "
         "large card payments or for other persons' cards."),
    Term("days_both", 1.5, 5, 800, OURS,
         "Days on which money came or went, the fewer of the two, as if the same did on each: a single collection or "
         "purchase has few."),
    Term("payees", 1.5, 4, 700, FINCEN,
         "Payees, counted as if all were paid the same; money to people and firms with no apparent link."),
    Term("unrelated", 0.3, 0.8, 500, FINCEN,
         "Part of the money that went to persons, property, or firms paid a few times within a fortnight and at no "
         "other time: no supplier comes back so seldom."),
    Term("by_others", 0.1, 0.6, 650, FINCEN,
         "Part of the cash deposits with a known conductor that somebody else than the holder brought."),
    Term("branches", 1.3, 3.5, 450, FINTRAC,
         "Branches at which the cash of one holder was brought in, counted as if each took the same."),
    Term("regions", 1, 3, 50, FINTRAC,
         "Regions in which it was brought in, counted likewise."),
    Term("strangers", 2.5, 8, 400, FINCEN,
         "Persons who paid in by transfer a few times within a fortnight and at no other time, counted as if all paid "
         "the same."),
    Term("size", 0.05, 0.4, 300, OURS,
         "Size of a payment in, in months of usual income: gifts, tips and things sold second-hand are small."),
    Term("living_text", 0, 0.5, 250, FINCEN,
         "Part of the unusual money that came under texts of tuition or living expenses, which it did not go to."),
    Term("linked", 1, 3, 500, FINCEN,
         "Holders who did the same with the same payees, or whose cash the same strangers brought."),
)  # fmt: skip
