"""Ownership as it was read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import OWNERSHIP_ROLES
from mirrorwatch_suites.bounds import MOST, critical, info, warning

_ASK = "Each such row is rejected: two parties that belong together may then look like strangers."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns."""
    return gx.ExpectationSuite(
        name="ownership",
        expectations=[
            *(
                expectation
                for column in ("owner_party_id", "owned_party_id")
                for expectation in (
                    gxe.ExpectColumnValuesToNotBeNull(
                        column=column,
                        mostly=MOST,
                        **critical("Ties clear the innocent; with one in twenty lost, too many would be named."),
                    ),
                    gxe.ExpectColumnValuesToNotBeNull(column=column, **warning(_ASK)),
                )
            ),
            gxe.ExpectColumnValuesToBeInSet(column="role", value_set=list(OWNERSHIP_ROLES), **warning(_ASK)),
            gxe.ExpectColumnValuesToBeBetween(
                column="share", min_value=0, max_value=1, mostly=MOST, **critical("Shares above 1 are percentages.")
            ),
            gxe.ExpectColumnValuesToBeBetween(column="share", min_value=0, max_value=1, **warning(_ASK)),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="until",
                column_B="since",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                **warning(_ASK),
            ),
            gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
                column_list=["owner_party_id", "owned_party_id"],
                ignore_row_if="any_value_is_missing",
                **info("A party that owns itself is a circle of one: a placeholder, or a thing to look at."),
            ),
        ],
    )
