"""Accounts against parties: one row an account (`across.holders`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import HALF, critical, suite_of, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite. Its rows passed the row rules; an account without a party is monitored, and blindness tells."""
    return suite_of(
        "accounts_parties",
        [
            gxe.ExpectColumnValuesToNotBeNull(
                column="party_on_file",
                mostly=HALF,
                **critical(
                    "Where most holders are on no file, accounts and parties are numbered in two ways: no tie can "
                    "clear anyone, and every payment looks like one between strangers."
                ),
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="party_on_file",
                **warning("An account whose holder is on no file has no owner, no trade and no ties; it is monitored."),
            ),
        ],
    )
