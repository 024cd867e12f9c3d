"""What was read against what the source says it sent: one row for each booking date and currency of the window."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import MOST, critical, warning

_LOST = "More than one date and currency in twenty off its control total: bookings are lost on the way, not mistyped."
_ASK = "The source says that it sent other rows than were read; until it is cleared up, some bookings went unmonitored."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are those of `intake.completeness.reconciliation` inside the window."""
    return gx.ExpectationSuite(
        name="control_totals",
        expectations=[
            *(
                expectation
                for column in ("row_difference", "amount_difference")
                for expectation in (
                    gxe.ExpectColumnValuesToBeBetween(
                        column=column, min_value=0, max_value=0, mostly=MOST, **critical(_LOST)
                    ),
                    gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0, max_value=0, **warning(_ASK)),
                )
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="rows_sent", **warning("Bookings for which the source gives no total cannot be proved complete.")
            ),
        ],
    )
