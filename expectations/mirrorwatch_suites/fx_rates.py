"""FX rates as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.intake.iso import CURRENCIES
from mirrorwatch_suites.bounds import MOST, NEARLY_ALL, critical, warning

_ASK = "Each such rate is rejected; bookings in the currency may then find none within 7 days."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter fx_horizon (run date less 7 days)."""
    return gx.ExpectationSuite(
        name="fx_rates",
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(
                min_value=1, **warning("Without rates every booking that is not in US dollars is rejected.")
            ),
            gxe.ExpectColumnValuesToNotBeNull(column="rate_date", **warning(_ASK)),
            gxe.ExpectColumnValuesToBeInSet(column="currency", value_set=list(CURRENCIES), **warning(_ASK)),
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["rate_date", "currency"],
                mostly=NEARLY_ALL,
                **critical("Two rates for one day: every amount in that currency would be a guess."),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="usd_per_unit", min_value=0, strict_min=True, mostly=MOST, **critical("A price is positive.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="usd_per_unit",
                min_value=1e-6,
                max_value=10,
                mostly=0.9,
                **warning(
                    "Metals aside, the dearest currency in use is worth about 3.3 US dollars and the cheapest about "
                    "0.00001; a table full of others is upside down (units per dollar)."
                ),
            ),
            gxe.ExpectColumnMaxToBeBetween(
                column="rate_date",
                min_value={"$PARAMETER": "fx_horizon"},
                **warning("A rate serves for 7 days: with none newer, the run date's foreign bookings are rejected."),
            ),
        ],
    )
