"""Transactions against parties: one row a party that stood at the counter (`across.conductors`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import HALF, info, suite_of


def suite() -> gx.ExpectationSuite:
    """Build the suite. Who pays in for another need not be a customer, so nothing here is more than worth knowing."""
    return suite_of(
        "transactions_parties",
        [
            gxe.ExpectColumnValuesToNotBeNull(
                column="party_on_file",
                mostly=HALF,
                **info(
                    "Most people at the counter bank there; below half, counter and customer files number differently."
                ),
            ),
        ],
    )
