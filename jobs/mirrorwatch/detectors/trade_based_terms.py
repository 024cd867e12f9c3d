"""The terms of the trade-based score: what each value means, and where its bounds are."""

from mirrorwatch.detectors.terms import Term

FATF = "FATF/Egmont, Trade-Based Money Laundering: Risk Indicators (2021)"
FINCEN = "FIN-2025-A003"
FINTRAC = "FINTRAC 18/19-SIDEL-025"
OURS = "docs/typologies/trade_based.md"  # no publication says it: the page gives the reasoning

TERMS = (
    Term("contradicted_payments", 1, 6, 2_000, FATF,
         "Payments that documents, other payments or purchases contradict. One may be a slip; a habit is several in 45 "
         "days."),
    Term("beyond_custom", 1.5, 5, 1_900, OURS,
         "Powers of ten against the night's custom showing as much by chance, for the whole night. No more than 6 are "
         "stated."),
    Term("contradicted_share", 0.1, 0.6, 1_000, FATF,
         "Share of the firm's trade, or of its receipts, that is contradicted. Honest trade may be mixed in."),
    Term("misvaluation", 0.1, 0.5, 900, FATF,
         "Median share by which payments differ from the value of their documents, or that of others' same goods. "
         "Freight, insurance and exchange rates explain a tenth."),
    Term("undocumented", 4, 10, 500, FATF,
         "Payments for goods without a document, between firms whose like have one."),
    Term("paid_again", 1, 4, 700, FATF,
         "Payments beyond the first for one shipment: the same document, or copies of it a little changed."),
    Term("parcels_under_limit", 3, 10, 600, OURS,
         "Documents of parcels worth just under what enters free of duty, issued on days when the rule was in force. "
         "No regulator publishes an indicator for it."),
    Term("unbacked_share", 0.7, 1, 1_100, FINCEN,
         "Share of export or marketplace income without purchases, freight or customs behind it."),
    Term("forwarded_share", 0.4, 0.9, 600, FINCEN,
         "Share of that income that went on to persons, firms of other trades, exchanges or cash."),
    Term("third_party_share", 0, 0.4, 200, FATF,
         "Share of the documents behind these payments that name another payer or payee."),
    Term("round_share", 0.3, 0.8, 200, FINTRAC,
         "Share of these payments in whole thousands; round steps of about 50,000 are named. Goods are invoiced in odd "
         "amounts."),
    Term("unearned_rebates", 1, 4, 200, OURS,
         "Tax rebates received over the most that the purchases seen could have earned (a quarter of them, more than "
         "any export rebate pays). Told beside other signs, never alone."),
)  # fmt: skip
