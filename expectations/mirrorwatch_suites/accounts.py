"""Accounts as they were read."""

from datetime import datetime

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import ACCOUNT_TYPES
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES
from mirrorwatch_suites.bounds import LONGEST_ID, NEARLY_ALL, critical, info, ruled, suite_of, warning

_BROKEN = "Above one account in twenty the file is broken, and owners would be missing in numbers."
_ASK = "Each such account is rejected: its bookings are monitored as if it were on no file."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return suite_of("accounts", _identity(), _holder(), _codes(), _dates())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **critical("Without accounts no booking has an owner.")),
        *ruled(
            gxe.ExpectColumnValuesToNotBeNull, "account_id_missing", _ASK,
            "An account without identifier meets no booking.",
            column="account_id", most=NEARLY_ALL,
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeUnique, "duplicate_account_id", "All but the first row are rejected.",
            "Repeated accounts mean several snapshots in one delivery: which owner holds is a guess.",
            column="account_id", most=NEARLY_ALL,
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="account_id",
            max_value=LONGEST_ID,
            **info("An IBAN has 34 characters at most; longer ones are usually several glued together."),
        ),
    ]  # fmt: skip


def _holder() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "party_id_missing", _ASK, _BROKEN, column="party_id"),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "institution_id_missing", _ASK, column="institution_id"),
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
            *ruled(
                gxe.ExpectColumnValuesToBeInSet, f"{column}_unknown", _ASK, _BROKEN,
                column=column, value_set=list(values),
            ),
            *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
        )
    ]  # fmt: skip


def _dates() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "opened_on_missing", _ASK, _BROKEN, column="opened_on"),
        gxe.ExpectColumnValuesToBeBetween(
            column="opened_on",
            max_value={"$PARAMETER": "run_date"},
            **warning("An account opened after the run date belongs to a later snapshot."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="opened_on",
            min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - a day
            **info("Accounts in use are younger than 1900; 0001 and 1899 are what systems write for unknown."),
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="closed_on",
            column_B="opened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **warning("An account cannot close before it opens; the row is kept, since only its dates are in doubt."),
        ),
    ]
