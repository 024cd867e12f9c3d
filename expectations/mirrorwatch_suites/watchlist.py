"""Watchlist entries as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import NEARLY_ALL, critical, info, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns."""
    return gx.ExpectationSuite(
        name="watchlist",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="name",
                mostly=NEARLY_ALL,
                **critical("An entry without a name screens nobody: one in a hundred is a broken list."),
            ),
            gxe.ExpectColumnValuesToNotBeNull(column="entry_id", **warning("An entry without identifier is rejected.")),
            gxe.ExpectColumnValuesToBeUnique(column="entry_id", **warning("The later entry is rejected.")),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="delisted_on",
                column_B="listed_on",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                **warning("An entry cannot leave the list before it joins; it is rejected."),
            ),
            gxe.ExpectColumnValuesToNotBeNull(
                column="listed_on", mostly=0.5, **info("Without dates a replayed night uses today's list.")
            ),
        ],
    )
