"""Transactions against accounts: one row an account that books in the window (`across.accounts_in_use`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import NEARLY_ALL, critical, info, suite_of, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite. Its rows passed the row rules; an account on no file is blindness and rejects nothing."""
    return suite_of("transactions_accounts", _exists(), _was_open())


def _exists() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column="account_on_file",
            mostly=0.01,
            **critical(
                "Where not one account in a hundred is on file, bookings and accounts are numbered in two ways "
                "(leading zeros, IBAN against number): no owner, and so no tie, is known."
            ),
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="account_on_file",
            mostly=0.1,
            **warning(
                "A customer deals with some ten accounts of other banks in a window; below one in ten, part of the "
                "bank's own accounts is missing."
            ),
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="account_on_file",
            **info("Counterparties at other banks have no row; blindness says how many accounts and dollars that is."),
        ),
    ]


def _was_open() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="first_booked_on",
            column_B="opened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            mostly=NEARLY_ALL,
            **warning(
                "An account cannot book before it opens; in numbers, opening dates are those of a migration, and "
                "age says nothing."
            ),
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="first_booked_on",
            column_B="opened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **info("An account that books before it opens has a wrong date, or books for someone else."),
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="closed_on",
            column_B="last_booked_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            mostly=NEARLY_ALL,
            **warning("Refunds and fees trail a closed account for days; one closed account in a hundred is the norm."),
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="closed_on",
            column_B="last_booked_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **info("Each account that books after it closed is worth a look: someone may be using it."),
        ),
    ]
