"""The completeness ledger as it is published: one row a booking date, currency, outcome and reason."""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from mirrorwatch.contract import TRANSACTIONS
from mirrorwatch.intake.checks import reasons
from mirrorwatch.intake.decisions import REVERSAL, REVERSED, SAME_ACCOUNT
from mirrorwatch.intake.iso import CURRENCIES
from mirrorwatch_suites.bounds import critical, suite_of

_CONTRACT = "The contract promises it, and users script against it."
_OUTCOMES = ["monitored", "rejected", "not_applicable"]


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are COMPLETENESS. Needs the parameter rows_read, the transactions that were read."""
    return suite_of("completeness", _adds_up(), _words())


def _adds_up() -> list[gxe.Expectation]:
    whole = {"$PARAMETER": "rows_read"}
    return [
        gxe.ExpectColumnSumToBeBetween(
            column="row_count",
            min_value=whole,
            max_value=whole,
            **critical("A row that ends nowhere is a row that nobody looked at: not one is tolerable."),
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="row_count", **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(
            column="row_count", min_value=1, **critical("A group is in the ledger because some row is in the group.")
        ),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["booking_date", "currency", "outcome", "reason"],
            ignore_row_if="never",
            **critical("Two rows for one group would be added up twice by whoever joins on it."),
        ),
    ]


def _words() -> list[gxe.Expectation]:
    known = sorted({reason.code for reason in reasons(TRANSACTIONS)} | {REVERSAL, REVERSED, SAME_ACCOUNT})
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="outcome", **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeInSet(column="outcome", value_set=_OUTCOMES, **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeInSet(
            column="currency", value_set=list(CURRENCIES), **critical("What is no currency stands there as null.")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="reason", value_set=known, **critical("Scripts rely on the reason codes; there are no others.")
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="reason",
            row_condition=Column("outcome") != "monitored",
            **critical("Whatever is not monitored has a reason."),
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(
                column=column,
                row_condition=Column("outcome") == "monitored",
                **critical("What is monitored passed every rule: its date, currency and amount are known."),
            )
            for column in ("booking_date", "currency", "total_amount")
        ),
    ]
