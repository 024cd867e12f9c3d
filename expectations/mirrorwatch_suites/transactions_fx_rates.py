"""Transactions against FX rates: one row a currency and booking date (`across.rates_needed`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.intake.checks import NO_FX_RATE
from mirrorwatch_suites.bounds import info, ruled, suite_of, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite. Whether a booking has a rate is the intake's rule; the ledger tells what became of it."""
    return suite_of(
        "transactions_fx_rates",
        # No gate of its own: what has no rate is rejected, and the gate on rejected rows counts it.
        ruled(
            gxe.ExpectColumnValuesToBeBetween, NO_FX_RATE,
            "A currency and day without a rate of the last 7 days: its bookings are rejected and go unmonitored.",
            column="rows_unrated", min_value=0, max_value=0,
        ),
        [
            gxe.ExpectColumnValuesToBeBetween(
                column="rate_age_days",
                max_value=4,
                **info("Easter leaves a rate four days old; an older one means that the rates have stopped coming."),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="rate_age_days",
                max_value=0,
                mostly=0.5,
                **warning("Rates exist for five days in seven; when most days borrow an older one, days are missing."),
            ),
        ],
    )  # fmt: skip
