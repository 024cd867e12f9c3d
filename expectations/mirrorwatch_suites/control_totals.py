"""Control totals as they were read; `transactions_control_totals` compares them with the bookings."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import CONTROL_TOTALS
from mirrorwatch.intake.iso import CURRENCIES
from mirrorwatch_suites.bounds import info, ruled, suite_of, warning

_ASK = "Each such total is rejected: that day and currency cannot be proved complete."
_BROKEN = "Totals of which one in twenty is broken prove nothing; without any, the night would at least say so."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return suite_of("control_totals", _identity(), _figures())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **warning("A file without totals proves nothing complete.")),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "booking_date_missing", _ASK, _BROKEN, column="booking_date"),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "currency_missing", _ASK, _BROKEN, column="currency"),
        *ruled(
            gxe.ExpectColumnValuesToBeInSet, "currency_unknown", _ASK, _BROKEN,
            column="currency", value_set=list(CURRENCIES),
        ),
        *ruled(
            gxe.ExpectCompoundColumnsToBeUnique, f"duplicate_{'_and_'.join(CONTROL_TOTALS.key)}",
            "All but the first total are rejected; which of them the source means is a guess.",
            "Two totals for one day and currency: the source has sent a correction beside what it corrects.",
            column_list=list(CONTROL_TOTALS.key), ignore_row_if="any_value_is_missing",
        ),
        gxe.ExpectColumnMaxToBeBetween(
            column="booking_date",
            min_value={"$PARAMETER": "run_date"},
            **info("Totals that end before the run date cannot say whether tonight's bookings are complete."),
        ),
    ]  # fmt: skip


def _figures() -> list[gxe.Expectation]:
    return [
        expectation
        for column in ("row_count", "total_amount")
        for expectation in (
            *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
            *ruled(
                gxe.ExpectColumnValuesToBeBetween, f"{column}_negative", _ASK, _BROKEN, column=column, min_value=0
            ),
        )
    ]  # fmt: skip
