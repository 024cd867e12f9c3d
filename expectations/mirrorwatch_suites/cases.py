"""The night's cases, before they are published."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import critical

_CONTRACT = "The contract promises it, and users script against it."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's cases without the list columns."""
    return gx.ExpectationSuite(
        name="cases",
        expectations=[
            *(
                gxe.ExpectColumnValuesToNotBeNull(column=column, **critical(_CONTRACT))
                for column in ("case_id", "score", "opened_on", "state")
            ),
            gxe.ExpectColumnValuesToBeUnique(column="case_id", **critical("One matter is one case.")),
            gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=1, **critical(_CONTRACT)),
            gxe.ExpectColumnValuesToBeBetween(
                column="opened_on",
                max_value={"$PARAMETER": "run_date"},
                **critical("A case cannot have been opened after the night that reports it."),
            ),
        ],
    )
