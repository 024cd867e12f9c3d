"""What was read against what the source says it sent: one row a booking date and currency of the window."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import critical, suite_of, warning

_ASK = "The source says that it sent other rows than were read; until it is cleared up, some bookings went unmonitored."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are those of `across.control_totals`."""
    return suite_of("transactions_control_totals", _gates(), _each())


def _gates() -> list[gxe.Expectation]:
    # One in twenty, as for rejected rows: a row that never came is as unmonitored as one that was rejected.
    return [
        gxe.ExpectColumnMaxToBeBetween(
            column="rows_off_fraction",
            max_value=0.05,
            **critical(
                "Of the rows that the source says it sent, over one in twenty is missing or came twice: bookings are "
                "lost on the way, not mistyped."
            ),
        ),
        gxe.ExpectColumnMaxToBeBetween(
            column="amounts_off_fraction",
            max_value=0.05,
            **critical(
                "Amounts are off their totals by over one part in twenty: the unit has changed, or large bookings are "
                "lost."
            ),
        ),
    ]


def _each() -> list[gxe.Expectation]:
    return [
        *(
            gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0, max_value=0, **warning(_ASK))
            for column in ("row_difference", "amount_difference")
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="rows_sent", **warning("Bookings for which the source gives no total cannot be proved complete.")
        ),
    ]
