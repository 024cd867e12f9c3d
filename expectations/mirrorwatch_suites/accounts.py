"""Accounts as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import ACCOUNT_TYPES
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES
from mirrorwatch_suites.bounds import MOST, NEARLY_ALL, critical, info, warning

_BROKEN = "Above one account in twenty the file is broken, and owners would be missing in numbers."
_ASK = "Each such account is rejected: its bookings are monitored as if it were on no file."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return gx.ExpectationSuite(name="accounts", expectations=[*_identity(), *_codes(), *_dates()])


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **critical("Without accounts no booking has an owner.")),
        gxe.ExpectColumnValuesToNotBeNull(
            column="account_id", mostly=NEARLY_ALL, **critical("An account without identifier meets no booking.")
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="account_id",
            mostly=NEARLY_ALL,
            **critical("Repeated accounts mean several snapshots in one delivery: which owner holds is a guess."),
        ),
        gxe.ExpectColumnValuesToBeUnique(column="account_id", **warning("The later row is rejected.")),
        gxe.ExpectColumnValuesToNotBeNull(column="party_id", mostly=MOST, **critical(_BROKEN)),
        gxe.ExpectColumnValuesToNotBeNull(column="institution_id", **warning(_ASK)),
        gxe.ExpectColumnValuesToMatchRegex(
            column="institution_id",
            regex=r"^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$",
            **info("A BIC has 8 or 11 characters (ISO 9362); others still tell institutions apart."),
        ),
    ]


def _codes() -> list[gxe.Expectation]:
    allowed = {"account_type": ACCOUNT_TYPES, "country": COUNTRIES, "currency": CURRENCIES}
    return [
        expectation
        for column, values in allowed.items()
        for expectation in (
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), mostly=MOST, **critical(_BROKEN)),
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **warning(_ASK)),
            gxe.ExpectColumnValuesToNotBeNull(column=column, **warning(_ASK)),
        )
    ]


def _dates() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="opened_on", **warning(_ASK)),
        gxe.ExpectColumnValuesToBeBetween(
            column="opened_on",
            max_value={"$PARAMETER": "run_date"},
            **warning("An account opened after the run date belongs to a later snapshot."),
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="closed_on",
            column_B="opened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **warning("An account cannot close before it opens; the row is kept, since only its dates are in doubt."),
        ),
    ]
