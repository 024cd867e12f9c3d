"""The night's alerts, before they are published."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import TYPOLOGIES
from mirrorwatch_suites.bounds import critical, warning

STATES = ("new", "unchanged", "changed", "withdrawn")
_CONTRACT = "The contract promises it, and users script against it."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's alerts without the list columns."""
    return gx.ExpectationSuite(name="alerts", expectations=[*_identity(), *_figures()])


def _identity() -> list[gxe.Expectation]:
    return [
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, **critical(_CONTRACT))
            for column in ("alert_id", "typology", "state", "rank", "score", "narrative", "detector_version")
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="alert_id", **critical("The same matter is never published twice in one night.")
        ),
        gxe.ExpectColumnValuesToBeUnique(column="rank", **critical("Ties would leave the order of work to chance.")),
        gxe.ExpectColumnValuesToBeInSet(column="typology", value_set=list(TYPOLOGIES), **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeInSet(column="state", value_set=list(STATES), **critical(_CONTRACT)),
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
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="narrative",
            min_value=20,
            max_value=4000,
            **warning("Shorter explains nothing; a SAR's narrative field ends at 4,000 characters."),
        ),
    ]
