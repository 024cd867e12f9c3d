"""Transactions of the run date as they were read, before any row was rejected."""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column, RowConditionType

from mirrorwatch.contract import CHANNELS
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES
from mirrorwatch_suites.bounds import HALF, LONGEST_ID, NEARLY_ALL, critical, info, ruled, suite_of, warning

_BROKEN = "Above one row in twenty the feed is broken, and patterns would be missing bookings in numbers."
_ASK = "Each such row is rejected and goes unmonitored; the source can send it again."
_CASH = ["cash_deposit", "cash_withdrawal"]


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns, booking_date and booked_on (booked_at's date, UTC).

    Needs the parameter least_bookings: 0 on a weekday on which the source never books, else 1.
    """
    return suite_of("transactions", _identity(), _when(), _money(), _codes(), _sides(), _counter(), _texts())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value={"$PARAMETER": "least_bookings"},
            **critical(
                "A run date without a single booking was not delivered, unless it is a holiday: on that weekday this "
                "source does book, or its window shows fewer than three."
            ),
        ),
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1,
            **warning("A run date without a booking. Where the last three such weekdays had none, the night goes on."),
        ),
        *ruled(
            gxe.ExpectColumnValuesToNotBeNull, "transaction_id_missing", _ASK,
            "Without identifiers, evidence cannot be named.",
            column="transaction_id", most=NEARLY_ALL,
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeUnique, "duplicate_transaction_id",
            "The contract has them unique over all time; all but the first are rejected.",
            "Identifiers repeated in one row of a hundred mean that a file was delivered twice.",
            column="transaction_id", most=NEARLY_ALL,
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="transaction_id",
            min_value=1,
            max_value=LONGEST_ID,
            **info("Longer ones are usually several glued together."),
        ),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
            column_list=["transaction_id", "reverses_transaction_id"],
            ignore_row_if="any_value_is_missing",
            **warning("A booking cannot reverse itself; it stays monitored as a payment, and its reversal is lost."),
        ),
    ]  # fmt: skip


def _when() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "booked_at_missing", _ASK, _BROKEN, column="booked_at"),
        *ruled(
            gxe.ExpectColumnPairValuesToBeEqual, "booked_at_off_partition", _ASK,
            "More than one in twenty off their partition means local time where the contract has UTC.",
            column_A="booked_on", column_B="booking_date", ignore_row_if="either_value_is_missing",
        ),
    ]  # fmt: skip


def _money() -> list[gxe.Expectation]:
    return [
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "amount_missing", _ASK, _BROKEN, column="amount"),
        *ruled(
            gxe.ExpectColumnValuesToBeBetween, "amount_not_positive", _ASK, _BROKEN,
            column="amount", min_value=0, strict_min=True,
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="amount",
            max_value=1e9,
            mostly=0.9999,
            **warning("Few banks book a billion more than once in ten thousand rows; hundredths read as units do."),
        ),
    ]  # fmt: skip


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
            *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
            *ruled(
                gxe.ExpectColumnValuesToBeInSet, f"{column}_unknown", _ASK, _BROKEN,
                column=column, value_set=list(values),
            ),
        )
    ]  # fmt: skip


def _sides() -> list[gxe.Expectation]:
    lacking = {"originator_account_id": "cash_deposit", "beneficiary_account_id": "cash_withdrawal"}
    return [
        expectation
        for column, channel in lacking.items()
        for expectation in (
            *ruled(
                gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN,
                column=column, row_condition=Column("channel") != channel,
            ),
            gxe.ExpectColumnValueLengthsToBeBetween(
                column=column,
                min_value=1,
                max_value=LONGEST_ID,
                **info("An IBAN has 34 characters at most; longer ones are usually several glued together."),
            ),
        )
    ]  # fmt: skip


def _counter() -> list[gxe.Expectation]:
    """Look at what only rows over the counter or by card have."""
    return [
        *(
            _filled(
                column, Column("channel").is_in(_CASH), "Below half of cash bookings, where and by whom is unknown."
            )
            for column in ("branch_id", "branch_region", "conductor_party_id")
        ),
        _filled("merchant_category", Column("channel") == "card", "Below half of card bookings, spending has no kind."),
        gxe.ExpectColumnValuesToMatchRegex(
            column="branch_region",
            regex=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$",
            **info("An ISO 3166-2 region or a country; other spellings make one region look like several."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="merchant_category", regex=r"^\d{4}$", **info("ISO 18245 codes have four digits.")
        ),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(
                column=column, max_value=LONGEST_ID, **info("A longer one is a description where a code should be.")
            )
            for column in ("branch_id", "conductor_party_id", "reverses_transaction_id")
        ),
    ]


def _filled(column: str, where: RowConditionType, reason: str) -> gxe.Expectation:
    return gxe.ExpectColumnValuesToNotBeNull(column=column, row_condition=where, mostly=HALF, **info(reason))


def _texts() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column="purpose",
            mostly=HALF,
            **info("Purposes tell payroll, tax and rent apart; below half, their absence says little of a company."),
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="purpose",
            max_value=10_000,
            **info("ISO 20022 sends remittance text in lines of 140 characters; 10,000 are a document, not a purpose."),
        ),
    ]
