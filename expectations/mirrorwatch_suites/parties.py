"""Parties as they were read."""

from datetime import datetime

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column, RowConditionType

from mirrorwatch.contract import LICENCES, PARTY_TYPES
from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch_suites.bounds import HALF, LONGEST_ID, NEARLY_ALL, critical, info, ruled, suite_of, warning

_BROKEN = "Above one party in twenty the file is broken, and owners would be missing in numbers."
_ASK = "Each such party is rejected: its accounts are monitored without an owner."
_SPARSE = "Below half, what hangs on it is reported blind for most accounts."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return suite_of("parties", _identity(), _codes(), _size(), _reached(), _sparse())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **critical("Without parties no account has an owner.")),
        *ruled(
            gxe.ExpectColumnValuesToNotBeNull, "party_id_missing", _ASK,
            "A party without identifier owns no account.",
            column="party_id", most=NEARLY_ALL,
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeUnique, "duplicate_party_id", "All but the first row are rejected.",
            "Repeated parties mean several snapshots in one delivery: which profile holds is a guess.",
            column="party_id", most=NEARLY_ALL,
        ),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="party_id", max_value=LONGEST_ID, **info("Longer ones are usually several glued together.")
        ),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "name_missing", _ASK, _BROKEN, column="name"),
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="name",
            min_value=2,
            max_value=350,
            **info("ISO 20022 gives a name 140 characters, twice that with a transliteration; more holds an address."),
        ),
    ]  # fmt: skip


def _codes() -> list[gxe.Expectation]:
    return [
        *(
            expectation
            for column, values in (("party_type", PARTY_TYPES), ("country", COUNTRIES))
            for expectation in (
                *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
                *ruled(
                    gxe.ExpectColumnValuesToBeInSet, f"{column}_unknown", _ASK, _BROKEN,
                    column=column, value_set=list(values),
                ),
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="licence",
            value_set=list(LICENCES),
            **warning("A licence by another name is not recognised, and its lawful holder may be alerted on."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="industry_code",
            regex=r"^[A-U]?\d{2,4}$|^[A-U]$",
            **warning("ISIC revision 4 has sections A to U and codes of 2 to 4 digits; others name no known trade."),
        ),
    ]  # fmt: skip


def _size() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="employees",
            min_value=0,
            max_value=3_000_000,
            **warning("The largest private employer has about 2.1 million staff; more is another unit or a typo."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="annual_turnover_usd",
            min_value=0,
            max_value=1e12,
            **warning("No company turns over a trillion dollars; hundredths or another currency do."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="born_or_incorporated_on",
            max_value={"$PARAMETER": "run_date"},
            **warning("Nobody is born, and no company founded, after the run date."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="born_or_incorporated_on",
            min_value=datetime(1700, 1, 1),  # noqa: DTZ001 - a day
            **info("A few firms are older than 1700, no customer in numbers: 0001 is what systems write for unknown."),
        ),
    ]


def _reached() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToMatchRegex(
            column="email",
            regex=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            **info("A placeholder in place of an address makes strangers look as if they shared one."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="phone",
            regex=r"^\+?[0-9][0-9 ()./-]{5,24}$",
            **info("Telephone numbers have 6 to 15 digits (ITU E.164); a filler such as n/a is shared by strangers."),
        ),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(
                column=column, min_value=2, max_value=500, **info("A single character is a filler; 500 is a file note.")
            )
            for column in ("address", "occupation")
        ),
    ]


def _sparse() -> list[gxe.Expectation]:
    organisations, persons = Column("party_type") == "organisation", Column("party_type") == "person"
    return [
        *(
            _filled(column)
            for column in ("address", "phone", "email", "born_or_incorporated_on", "annual_turnover_usd")
        ),
        *(_filled(column, organisations) for column in ("employees", "industry_code")),
        _filled("occupation", persons),
    ]


def _filled(column: str, where: RowConditionType | None = None) -> gxe.Expectation:
    return gxe.ExpectColumnValuesToNotBeNull(column=column, row_condition=where, mostly=HALF, **info(_SPARSE))
