"""The terms of the watchlist score: what each value means, and where its bounds are."""

from mirrorwatch.detectors.terms import Term

OFAC = "OFAC Revised Guidance of 13 August 2014"
WOLFSBERG = "Wolfsberg Group, Guidance on Sanctions Screening (2019)"
FATF_PEP = "FATF Guidance: Politically Exposed Persons (June 2013)"
CNPS = "FIN-2024-A002"
OURS = "docs/typologies/watchlist_exposure.md"  # no publication gives it: the page gives the reasoning

TERMS = (
    Term("name_strength", 0.6, 5, 2_400, WOLFSBERG,
         "Powers of ten against chance making a match as good this night, over all entries and all parties: each "
         "word counts by how many other parties bear it, or one as like it."),
    Term("name_likeness", 0.5, 1, 500, WOLFSBERG,
         "How alike the two names are after script, order, legal form and abbreviations are taken out."),
    Term("country_agrees", 0, 1, 200, WOLFSBERG,
         "1 where the entry's country is the party's: an identifier that agrees, no risk by itself."),
    Term("owned", 0.49, 1, 1_100, OFAC,
         "Largest share of a named firm that listed ones hold in the aggregate, through any depth."),
    Term("successor", 0, 2, 1_200, OURS,
         "Things that a named firm, made soon after the listing, has in common with the listed one: director, owner, "
         "telephone, e-mail, address."),
    Term("tainted_share", 0.3, 0.9, 800, OURS,
         "Largest share of a named account's volume that came from or went to listed ones, decayed by distance."),
    Term("nearness", 0, 1, 200, OURS, "1 over the payments between that account and the listed one."),
    Term("since_listing", 0, 0.5, 400, OURS,
         "Share of the payments that were booked on or after the day of listing; before it they broke no rule. Not "
         "judged where that day is not said, but only the first kept version that has the entry."),
    Term("named_in_text", 0, 3, 600, WOLFSBERG, "Payments whose remittance text names a listed one."),
    Term("official_income", 0.3, 1.5, 1_300, FATF_PEP,
         "What carriers and traders, or their owners, paid an official over what the office earns in as many days."),
    Term("official_payments", 2, 8, 700, CNPS, "Number of those payments: one may be for a car."),
    Term("money", 3, 6, 300, OURS, "Powers of ten of US dollars in all payments shown."),
)  # fmt: skip
