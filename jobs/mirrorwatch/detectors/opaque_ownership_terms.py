"""The terms of the opaque-ownership score: what each value means, and where its bounds are."""

from mirrorwatch.detectors.terms import Term

EGMONT = "FATF/Egmont, Concealment of Beneficial Ownership (2018)"
FFIEC = "FFIEC BSA/AML Manual, Appendix F (shell company activity)"
FINCEN = "FIN-2006-G014"
OURS = "docs/typologies/opaque_ownership.md"  # no publication gives it: the page gives the reasoning

TERMS = (
    Term("circle", 0, 0.6, 1_400, EGMONT,
         "Share of the companies that own one another in a circle, or are owned by none but such."),
    Term("dead_end", 0, 0.8, 1_200, EGMONT,
         "Share of the companies most of which leads, link by link, to companies with no owner on record."),
    Term("layers", 1, 3, 500, EGMONT,
         "Links of the longest chain that leads to nobody, or companies in the circle. One is a parent; three have a "
         "reason."),
    Term("fronted", 0, 0.8, 1_300, EGMONT,
         "Share of the companies for which nominees or agents stand on record, and no owner."),
    Term("shared_front", 0, 0.8, 500, FINCEN,
         "Share of the companies that have a nominee, director or agent in common with another of them. Many seats are "
         "a profession: half counts where one of them stands for more than twenty."),
    Term("replaced", 0, 0.6, 1_000, EGMONT,
         "Share of the companies whose owner gave way to another in the months before, and that moved nearly all of "
         "their money after it."),
    Term("among", 0.1, 0.5, 1_200, FFIEC,
         "Share of the money that moves among the companies themselves."),
    Term("pass_through", 0.6, 0.95, 800, FFIEC,
         "How nearly what leaves the companies equals what comes to them from outside (1 = exactly)."),
    Term("cost_share", 0.05, 0.005, 900, FINCEN,
         "Share of what is paid that running costs make up: wages, tax, rent, utilities, cards, standing payments, "
         "suppliers."),
    Term("declared_turnover", 3, 20, 600, EGMONT,
         "Times that a year at this rate exceeds the turnover that was declared."),
    Term("companies", 1, 4, 500, FFIEC, "Companies of the structure that moved money."),
)  # fmt: skip
