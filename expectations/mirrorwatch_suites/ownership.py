"""Ownership as it was read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import OWNERSHIP, OWNERSHIP_ROLES
from mirrorwatch_suites.bounds import HALF, LONGEST_ID, NEARLY_ALL, info, ruled, suite_of, warning

_ASK = "Each such row is rejected: two parties that belong together may then look like strangers."
_BROKEN = "Ties clear the innocent; with one in twenty lost, too many would be named."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return suite_of("ownership", _sides(), _stake(), _dates())


def _sides() -> list[gxe.Expectation]:
    return [
        *(
            expectation
            for column in ("owner_party_id", "owned_party_id")
            for expectation in (
                *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
                gxe.ExpectColumnValueLengthsToBeBetween(
                    column=column, max_value=LONGEST_ID, **info("Longer ones are usually several glued together.")
                ),
            )
        ),
        *ruled(
            gxe.ExpectCompoundColumnsToBeUnique, f"duplicate_{'_and_'.join(OWNERSHIP.key)}",
            "All but the first row are rejected; they say nothing new, or another share for the same tie.",
            "Ties repeated in one row of a hundred mean several snapshots in one: which share holds is a guess.",
            column_list=list(OWNERSHIP.key), most=NEARLY_ALL, ignore_row_if="all_values_are_missing",
        ),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
            column_list=["owner_party_id", "owned_party_id"],
            ignore_row_if="any_value_is_missing",
            **info("A party that owns itself is a circle of one: a placeholder, or a thing to look at."),
        ),
    ]  # fmt: skip


def _stake() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "role_missing", _ASK, _BROKEN, column="role"),
        *ruled(
            gxe.ExpectColumnValuesToBeInSet, "role_unknown", _ASK, _BROKEN,
            column="role", value_set=list(OWNERSHIP_ROLES),
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeBetween, "share_out_of_range", _ASK, "Shares above 1 are percentages.",
            column="share", min_value=0, max_value=1,
        ),
    ]  # fmt: skip


def _dates() -> list[gxe.Expectation]:
    return [
        *ruled(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB, "until_before_since", _ASK, _BROKEN,
            column_A="until", column_B="since", or_equal=True, ignore_row_if="either_value_is_missing",
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="since", mostly=HALF, **info("Without dates a replayed night takes today's owners for then's.")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="since",
            max_value={"$PARAMETER": "run_date"},
            mostly=NEARLY_ALL,
            **warning("A tie that begins after the run date does not hold yet; in numbers, a later snapshot was sent."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="until",
            min_value={"$PARAMETER": "run_date"},
            mostly=HALF,
            **info("When most ties have ended, a history was sent; only those that hold on the run date are used."),
        ),
    ]  # fmt: skip
