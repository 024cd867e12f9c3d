"""The night's alerts, before they are published."""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from mirrorwatch.contract import TYPOLOGIES
from mirrorwatch_suites.bounds import critical, suite_of, warning

STATES = ("new", "unchanged", "changed", "withdrawn")
_CONTRACT = "The contract promises it, and users script against it."
_FILLED = (
    "alert_id", "run_date", "typology", "state", "rank", "score", "first_booked_at", "last_booked_at", "amount_usd",
    "narrative", "detector_version", "parameters_hash",
)  # fmt: skip


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are those of `outputs.alert_rows`. Needs the parameter run_date."""
    return suite_of("alerts", _identity(), _states(), _figures(), _evidence(), _words())


def _identity() -> list[gxe.Expectation]:
    return [
        *(gxe.ExpectColumnValuesToNotBeNull(column=column, **critical(_CONTRACT)) for column in _FILLED),
        gxe.ExpectColumnValuesToBeUnique(
            column="alert_id", **critical("The same matter is never published twice in one night.")
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="alert_id", regex="^[0-9a-f]{64}$", **critical("An id is the SHA-256 of what the alert says.")
        ),
        gxe.ExpectColumnValuesToBeUnique(column="rank", **critical("Ties would leave the order of work to chance.")),
        gxe.ExpectColumnValuesToBeInSet(column="typology", value_set=list(TYPOLOGIES), **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(
            column="run_date",
            min_value={"$PARAMETER": "run_date"},
            max_value={"$PARAMETER": "run_date"},
            **critical("A night's list holds that night's alerts, withdrawn ones among them."),
        ),
    ]


def _states() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeInSet(column="state", value_set=list(STATES), **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToNotBeNull(
            column="previous_alert_id",
            row_condition=Column("state") == "changed",
            **critical("A changed alert names the one that it changed from."),
        ),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
            column_list=["alert_id", "previous_alert_id"],
            ignore_row_if="any_value_is_missing",
            **critical("With the same evidence the alert has the same id, and is unchanged."),
        ),
    ]


def _figures() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeBetween(column="rank", min_value=1, **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=1, **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(
            column="chance_probability", min_value=0, max_value=1, **critical("It is a probability.")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount_usd", min_value=0, **critical("Evidence is bookings, and each is worth something.")
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="last_booked_at",
            column_B="first_booked_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **critical("Evidence cannot end before it begins."),
        ),
    ]


def _evidence() -> list[gxe.Expectation]:
    return [
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=column, min_value=1, **critical("An alert names whom it is about, on what evidence, and why.")
            )
            for column in ("account_count", "transaction_count", "indicator_count")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="lists_out_of_order",
            max_value=0,
            **critical("Lists of ids are sorted and name each once, so that the same evidence gives the same bytes."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="transactions_missing",
            max_value=0,
            **critical("Every piece of evidence is a booking that this night monitors."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="case_count",
            min_value=1,
            max_value=1,
            **critical("A live alert in no case is worked by nobody, in two by two people."),
        ),
    ]


def _words() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="narrative",
            min_value=20,
            max_value=4000,
            **warning("Shorter explains nothing; a SAR's narrative field ends at 4,000 characters."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="parameters_hash",
            regex="^[0-9a-f]{64}$",
            **critical("It is a SHA-256, by which settings are found."),
        ),
    ]
