"""The terms of the two scores, of buyers in bulk and of payees for retail purchases, and where their bounds are."""

from mirrorwatch.detectors.terms import Term

FINCEN_2019 = "FIN-2019-A006"
FINCEN_2024 = "FIN-2024-A002"
OURS = "docs/typologies/precursor_procurement.md"  # no publication gives it: the page gives the reasoning

BULK = (
    Term("chemical_share", 0.4, 0.95, 1_700, FINCEN_2024,
         "Share of all payments to firms abroad that goes for chemicals in China or Hong Kong, directly or carried on. "
         "Importers have suppliers of many trades; a front has one purpose."),
    Term("unrelated_trade", 0, 1, 1_700, FINCEN_2024,
         "Whether the buyer's declared trade has a use for chemicals (0), deals in anything (0.5) or has none (1). "
         "Left out where no trade is declared."),
    Term("carried_on", 0, 0.8, 1_200, FINCEN_2024,
         "Share of the money for chemicals that went through an account in between, in a third country or at an "
         "exchange for virtual currency, and on within days."),
    Term("shared_contact", 0, 1, 1_500, FINCEN_2024,
         "Whether the buyer has a telephone, e-mail or address in common with another who pays the same supplier, "
         "though nothing on record connects them."),
    Term("running_costs", 3, 0.5, 900, FINCEN_2024,
         "Kinds of running cost seen, out of seven: tax, payroll, rent, utilities, cards, standing payments, sundry "
         "suppliers. A front trades in name only."),
    Term("chemical_usd", 10_000, 150_000, 700, FINCEN_2019,
         "USD for chemicals over the window. Precursors in bulk are paid with more than 10,000."),
    Term("beyond_chance", 0.7, 3, 700, OURS,
         "Powers of ten against as many of the buyer's suppliers being chemical, if it had drawn them as other "
         "importers without a use for chemicals do on the same night."),
    Term("chemical_payments", 1, 6, 600, OURS, "Payments for chemicals. A habit is several in 45 days."),
    Term("said_chemical", 0, 0.5, 500, FINCEN_2024,
         "Share of that money whose documents or texts name chemicals, by chapter, CAS number or word, though the "
         "buyer's declared trade has no use for them."),
    Term("fewer_countries", 0.3, 1.5, 200, FINCEN_2024,
         "Countries of suppliers that other importers have on average, beyond the buyer's own number."),
    Term("beyond_turnover", 0.5, 3, 200, OURS, "Times that a year at this rate exceeds the turnover declared."),
)  # fmt: skip

RETAIL = (
    Term("buyers", 4, 12, 2_300, FINCEN_2019,
         "Buyers abroad who paid these payees. An exchange that paid them counts for two purchases a buyer."),
    Term("payees", 1, 4, 2_200, FINCEN_2019,
         "Payees in China or Hong Kong at different addresses that one telephone or e-mail reaches. Members of one "
         "household or company count as one."),
    Term("cross_buyers", 0, 0.3, 1_300, FINCEN_2019,
         "Share of the buyers who paid several of these payees, as if they were one seller."),
    Term("purchases", 4, 24, 1_000, FINCEN_2019, "Payments of retail size to these payees."),
    Term("retail_share", 0.5, 0.95, 900, FINCEN_2019,
         "Share of all payments from abroad to these payees that are of retail size. Exporters invoice larger sums."),
    Term("uneven_sums", 0.2, 0.8, 700, OURS,
         "Share of repeated buyers whose sums differ: purchases do, support of a family hardly."),
    Term("by_ramp", 0, 0.5, 700, FINCEN_2019,
         "Share of the purchases paid in virtual currency or by an exchange for it."),
)  # fmt: skip

TERMS = (*BULK, *RETAIL)
