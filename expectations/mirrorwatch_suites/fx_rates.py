"""FX rates as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from mirrorwatch.contract import FX_RATES
from mirrorwatch.intake.checks import MAX_RATE
from mirrorwatch.intake.iso import CURRENCIES
from mirrorwatch_suites.bounds import NEARLY_ALL, info, ruled, suite_of, warning

_ASK = "Each such rate is rejected; bookings in the currency may then find none within 7 days."
_BROKEN = "Where one rate in twenty is broken, what a booking is worth in US dollars is a guess."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs run_date and fx_horizon (run date less 7 days)."""
    return suite_of("fx_rates", _identity(), _price(), _dates())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1, **warning("Without rates every booking that is not in US dollars is rejected.")
        ),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "rate_date_missing", _ASK, _BROKEN, column="rate_date"),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "currency_missing", _ASK, _BROKEN, column="currency"),
        # No gate: central banks' tables hold baskets and old units, which no booking is in.
        *ruled(
            gxe.ExpectColumnValuesToBeInSet, "currency_unknown", _ASK,
            column="currency", value_set=list(CURRENCIES),
        ),
        *ruled(
            gxe.ExpectCompoundColumnsToBeUnique, f"duplicate_{'_and_'.join(FX_RATES.key)}",
            "All but the first rate of a currency and day are rejected.",
            "Two rates for one day: every amount in that currency would be a guess.",
            column_list=list(FX_RATES.key), most=NEARLY_ALL, ignore_row_if="any_value_is_missing",
        ),
    ]  # fmt: skip


def _price() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "usd_per_unit_missing", _ASK, _BROKEN, column="usd_per_unit"),
        *ruled(
            gxe.ExpectColumnValuesToBeBetween, "usd_per_unit_not_positive", _ASK, "A price is positive.",
            column="usd_per_unit", min_value=0, strict_min=True,
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeBetween, "usd_per_unit_out_of_range",
            "An ounce of gold is worth some thousands of dollars: a rate beyond is upside down, and rejected.", _BROKEN,
            column="usd_per_unit", max_value=MAX_RATE,
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
        gxe.ExpectColumnValuesToBeBetween(
            column="usd_per_unit",
            min_value=0.999,
            max_value=1.001,
            row_condition=Column("currency") == "USD",
            **warning("A US dollar is worth 1, and is taken as 1; a table that says otherwise has another base."),
        ),
    ]  # fmt: skip


def _dates() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnMaxToBeBetween(
            column="rate_date",
            min_value={"$PARAMETER": "fx_horizon"},
            **warning("A rate serves for 7 days: with none newer, the run date's foreign bookings are rejected."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rate_date",
            max_value={"$PARAMETER": "run_date"},
            **info("Rates after the run date are not used; forward rates may have got in."),
        ),
    ]
