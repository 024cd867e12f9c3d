"""Parties as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.contract import LICENCES, PARTY_TYPES
from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch_suites.bounds import MOST, NEARLY_ALL, critical, info, warning

_BROKEN = "Above one party in twenty the file is broken, and owners would be missing in numbers."
_ASK = "Each such party is rejected: its accounts are monitored without an owner."
_SPARSE = "Below half, what hangs on it is reported blind for most accounts."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return gx.ExpectationSuite(name="parties", expectations=[*_identity(), *_profile(), *_sparse()])


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1, **critical("Without parties no account has an owner.")),
        gxe.ExpectColumnValuesToNotBeNull(
            column="party_id", mostly=NEARLY_ALL, **critical("A party without identifier owns no account.")
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="party_id",
            mostly=NEARLY_ALL,
            **critical("Repeated parties mean several snapshots in one delivery: which profile holds is a guess."),
        ),
        gxe.ExpectColumnValuesToBeUnique(column="party_id", **warning("The later row is rejected.")),
        gxe.ExpectColumnValuesToNotBeNull(column="name", **warning(_ASK)),
        gxe.ExpectColumnValuesToBeInSet(
            column="party_type", value_set=list(PARTY_TYPES), mostly=MOST, **critical(_BROKEN)
        ),
        gxe.ExpectColumnValuesToBeInSet(column="party_type", value_set=list(PARTY_TYPES), **warning(_ASK)),
        gxe.ExpectColumnValuesToBeInSet(column="country", value_set=list(COUNTRIES), mostly=MOST, **critical(_BROKEN)),
        gxe.ExpectColumnValuesToBeInSet(column="country", value_set=list(COUNTRIES), **warning(_ASK)),
    ]


def _profile() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="licence",
            value_set=list(LICENCES),
            **warning("A licence by another name is not recognised, and its lawful holder may be alerted on."),
        ),
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
    ]


def _sparse() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=0.5, **info(_SPARSE))
        for column in ("address", "born_or_incorporated_on", "annual_turnover_usd")
    ]
