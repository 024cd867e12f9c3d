"""Transactions of the run date as they were read, before any row was rejected."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import CHANNELS
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES
from mirrorwatch_suites.bounds import MOST, NEARLY_ALL, critical, info, warning

_BROKEN = "Above one row in twenty the feed is broken, and patterns would be missing bookings in numbers."
_ASK = "Each such row is rejected and goes unmonitored; the source can send it again."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns, booking_date and booked_on (booked_at's date, UTC)."""
    return gx.ExpectationSuite(
        name="transactions",
        expectations=[*_identity(), *_when(), *_money(), *_codes(), *_texts()],
    )


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1, **critical("A run date without a single booking was not delivered, whatever the weekday.")
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="transaction_id", mostly=NEARLY_ALL, **critical("Without identifiers, evidence cannot be named.")
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="transaction_id",
            mostly=NEARLY_ALL,
            **critical("Identifiers repeated in one row of a hundred mean that a file was delivered twice."),
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="transaction_id", **warning("The contract has them unique over all time; the later row is rejected.")
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="transaction_id",
            min_value=1,
            max_value=128,
            **info("Longer ones are usually several glued together."),
        ),
    ]


def _when() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="booked_at", mostly=MOST, **critical(_BROKEN)),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="booked_on",
            column_B="booking_date",
            mostly=MOST,
            ignore_row_if="either_value_is_missing",
            **critical("More than one in twenty off their partition means local time where the contract has UTC."),
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="booked_on", column_B="booking_date", ignore_row_if="either_value_is_missing", **warning(_ASK)
        ),
    ]


def _money() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="amount", mostly=MOST, **critical(_BROKEN)),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount", min_value=0, strict_min=True, mostly=MOST, **critical(_BROKEN)
        ),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, strict_min=True, **warning(_ASK)),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount",
            max_value=1e9,
            mostly=0.9999,
            **warning("Few banks book a billion more than once in ten thousand rows; hundredths read as units do."),
        ),
    ]


def _codes() -> list[gxe.Expectation]:
    allowed = {
        "currency": CURRENCIES,
        "channel": CHANNELS,
        "originator_country": COUNTRIES,
        "beneficiary_country": COUNTRIES,
    }
    return [
        expectation
        for column, values in allowed.items()
        for expectation in (
            gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=MOST, **critical(_BROKEN)),
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), mostly=MOST, **critical(_BROKEN)),
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), **warning(_ASK)),
        )
    ]


def _texts() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column="originator_account_id",
            mostly=0.5,
            **warning("Only cash deposits lack an originator; no bank's bookings are mostly that."),
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="beneficiary_account_id",
            mostly=0.5,
            **warning("Only cash withdrawals lack a beneficiary; no bank's bookings are mostly that."),
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="purpose",
            mostly=0.5,
            **info("Purposes tell payroll, tax and rent apart; below half, their absence says little of a company."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="merchant_category", regex=r"^\d{4}$", **info("ISO 18245 codes have four digits.")
        ),
    ]
