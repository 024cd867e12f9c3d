"""The score of bulk cash: how far it is out of line with the trade, and how quickly it went on."""

from mirrorwatch.detectors.terms import Term

_ALERT = "FIN-2025-Alert001"
_FFIEC = "FFIEC BSA/AML Manual, bulk shipments of currency and Appendix F"

TERMS = (
    Term("crossed", 0.3, 0.9, 2_400, _ALERT,
         "Share of the cash that went abroad within days, each dollar counted once (of cash drawn: share that money "
         "from abroad had brought)."),
    Term("over_turnover", 0.7, 2.5, 1_800, _ALERT,
         "Times that a year's cash at this rate exceeds the declared turnover or income."),
    Term("beyond_peers", 1.5, 6, 1_500, _FFIEC,
         "Times that cash exceeds what three in four of the same trade stay within: as a share of turnover, else for "
         "each of the staff, else the square root of that in absolute terms."),
    Term("border_from_cash", 0.3, 0.9, 500, _ALERT,
         "Share of what crossed the border that the cash had paid for (of cash drawn: that was drawn)."),
    Term("cash_share", 0.3, 0.9, 400, _FFIEC,
         "Share of all money into the accounts that was cash (of cash drawn: of all money out)."),
    Term("gone_on", 0.4, 0.9, 600, _ALERT,
         "Share of the cash that went to one payee, or to another business of the owner, within days."),
    Term("uneven", 0.3, 0.8, 600, _FFIEC,
         "How much the cash of one week differs from that of another (standard deviation over the mean). A trade has "
         "its rhythm."),
    Term("mean_deposit", 10_000, 60_000, 500, _ALERT,
         "US dollars that came (or went) at a time on average. Vault deposits are large."),
    Term("few_payees", 6, 1.5, 400, _ALERT,
         "Effective number of payees abroad (of cash drawn: payers)."),
    Term("lag_days", 8, 1, 500, _ALERT, "Days that the cash rested before it crossed the border, on average."),
    Term("undocumented", 0.5, 1, 300, _FFIEC,
         "Share of the payments abroad that no trade document of the holder covers."),
    Term("account_days", 365, 60, 300, _FFIEC, "Age in days of the oldest account with cash, at the first cash."),
)  # fmt: skip
