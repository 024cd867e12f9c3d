"""Watchlist entries as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch_suites.bounds import HALF, LONGEST_ID, NEARLY_ALL, info, ruled, suite_of, warning

_ASK = "Each such entry is rejected, and nobody is screened against it."
_BROKEN = "One entry in twenty broken is a broken list: whom it names would pass unseen."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns but aliases, which is a list. Needs run_date."""
    return suite_of("watchlist", _identity(), _profile(), _dates())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **warning("An empty list screens nobody.")),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "entry_id_missing", _ASK, _BROKEN, column="entry_id"),
        *ruled(
            gxe.ExpectColumnValuesToBeUnique, "duplicate_entry_id", "All but the first entry are rejected.",
            column="entry_id",
        ),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "list_name_missing", _ASK, _BROKEN, column="list_name"),
        *ruled(
            gxe.ExpectColumnValuesToNotBeNull, "name_missing", _ASK,
            "An entry without a name screens nobody: one in a hundred is a broken list.",
            column="name", most=NEARLY_ALL,
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="entry_id", max_value=LONGEST_ID, **info("Longer ones are usually several glued together.")
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="name", min_value=3, max_value=350, **info("Names of one or two letters match everybody.")
        ),
    ]  # fmt: skip


def _profile() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="country",
            value_set=list(COUNTRIES),
            **info("A country in other words than ISO 3166-1 alpha-2 cannot narrow a name match."),
        ),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(
                column=column, max_value=200, **info("Longer than any programme or kind of entity: columns have moved.")
            )
            for column in ("list_name", "entity_type", "programme")
        ),
    ]


def _dates() -> list[gxe.Expectation]:
    return [
        *ruled(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB, "delisted_on_before_listed_on",
            "An entry cannot leave the list before it joins; it is rejected.", _BROKEN,
            column_A="delisted_on", column_B="listed_on", or_equal=True, ignore_row_if="either_value_is_missing",
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="listed_on", mostly=HALF, **info("Without dates a replayed night uses today's list.")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="listed_on",
            max_value={"$PARAMETER": "run_date"},
            **info("An entry listed after the run date was not known that night."),
        ),
    ]  # fmt: skip
