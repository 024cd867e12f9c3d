"""The night's cases, before they are published."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.alerts import STATES
from mirrorwatch_suites.bounds import critical, suite_of

_CONTRACT = "The contract promises it, and users script against it."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are those of `outputs.case_rows`. Needs the parameter run_date."""
    return suite_of("cases", _identity(), _members())


def _identity() -> list[gxe.Expectation]:
    return [
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, **critical(_CONTRACT))
            for column in ("case_id", "score", "opened_on", "state")
        ),
        gxe.ExpectColumnValuesToBeUnique(column="case_id", **critical("One matter is one case.")),
        gxe.ExpectColumnValuesToBeInSet(column="state", value_set=list(STATES), **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=1, **critical(_CONTRACT)),
        gxe.ExpectColumnValuesToBeBetween(
            column="opened_on",
            max_value={"$PARAMETER": "run_date"},
            **critical("A case cannot have been opened after the night that reports it."),
        ),
    ]


def _members() -> list[gxe.Expectation]:
    return [
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=column, min_value=1, **critical("A case is alerts on accounts; without either it is nothing.")
            )
            for column in ("alert_count", "account_count")
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(column=column, max_value=0, **critical(reason))
            for column, reason in (
                (
                    "lists_out_of_order",
                    "Lists are sorted and name each once, so that the same night gives the same bytes.",
                ),
                ("typologies_unknown", _CONTRACT),
                ("alerts_missing", "A case that names alerts which nobody can open hides what it is about."),
            )
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="score",
            column_B="best_score",
            ignore_row_if="either_value_is_missing",
            **critical("A case is as urgent as its most urgent alert."),
        ),
    ]
