"""The score of structuring: how cash was cut and carried; nearness to a threshold is not enough in any term."""

from mirrorwatch.detectors.terms import Term

_CFR = "31 CFR 1010.314; 31 USC 5324"
_FFIEC = "FFIEC BSA/AML Manual, Appendix F (avoiding reporting or recordkeeping requirements) and Appendix G"
_FUNNEL = "FinCEN advisories on funnel accounts (FIN-2014-A005); FIN-2025-A003"
_FAQ = "FinCEN and agencies, FAQs on suspicious activity reporting, October 2025"

TERMS = (
    Term("split_days", 0, 3, 2_000, _CFR,
         "Days on which sums under the threshold add up to more than it, brought at different branches, by different "
         "hands or to different accounts; two business days that do so together count half."),
    Term("apart_a_day", 1, 3, 1_100, _FFIEC,
         "Most branches, hands or accounts that one such day was spread over."),
    Term("branches_beyond", 1, 5, 1_300, _FFIEC,
         "Powers of ten against ordinary accounts going as often to another branch than their usual one; half of "
         "them where there are but two."),
    Term("conductors_beyond", 1, 5, 1_300, _FFIEC,
         "Powers of ten against ordinary accounts having as often another hand than the usual one at the counter; "
         "half of them where there are but two."),
    Term("accounts", 1, 4, 900, _FFIEC,
         "Accounts of one owner, or served by the same hands, that the sums were spread over."),
    Term("regions", 1, 4, 500, _FUNNEL, "Regions where the sums were handled. Ordinary accounts are used near home."),
    Term("kept_below", 0.5, 1, 900, _FAQ,
         "Share of all sums above half of the threshold that stayed under it. Takings that come close also exceed it "
         "at times. Says nothing by itself."),
    Term("over_income", 0.5, 3, 900, "FIN-2025-A003; FFIEC BSA/AML Manual, Appendix F",
         "Times that a year at this rate exceeds the declared income or turnover (of a person who declared none: the "
         "median of the country's persons)."),
    Term("passed_on", 0.3, 0.9, 700, _FUNNEL, "Share of the cash that left the accounts within days, cards left out."),
    Term("amounts_changed", 0, 2, 380, _CFR,
         "Sums over the threshold that were taken back and brought again below it within two days."),
)  # fmt: skip
