"""The row rules: what makes one row of a dataset unusable, each with a stable code and a sentence.

A rule looks at one row alone, over conformed columns (contract names; money as `<name>_minor`, Int64 hundredths).
Every rule that a row breaks is told. Rules that need other rows (duplicates) have their codes here too.
"""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.contract import (
    ACCOUNT_TYPES,
    CHANNELS,
    MONEY,
    OWNERSHIP_ROLES,
    PARTY_TYPES,
    UTC_TIMESTAMP,
    Column,
    Dataset,
)  # fmt: skip
from mirrorwatch.intake.conversions import FAILURES, INEXACT, NOT_FINITE, OUT_OF_RANGE, UNREADABLE
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES

MISSING, NO_FX_RATE, USD_OUT_OF_RANGE = "missing", "no_fx_rate", "usd_out_of_range"
# An ounce of gold, the dearest unit in ISO 4217, is worth some thousands of dollars; a larger rate is upside down, and
# 10^18 hundredths times 10^5 times 10^15 (the rates' scale) is the most that 128 bits hold.
MAX_RATE = 100_000
# The ways in which each canonical type's conversions can fail; a reason exists for each.
FAILURE_KINDS = {
    str(pl.String()): (INEXACT,),
    str(pl.Int64()): (UNREADABLE, INEXACT, OUT_OF_RANGE),
    str(MONEY): (UNREADABLE, INEXACT, NOT_FINITE, OUT_OF_RANGE),
    str(UTC_TIMESTAMP): (UNREADABLE,),
    str(pl.Date()): (UNREADABLE,),
    str(pl.Float64()): (UNREADABLE, NOT_FINITE),
    str(pl.List(pl.String())): (),
}
_TARGETS = {
    str(pl.String()): "text",
    str(pl.Int64()): "a whole number",
    str(MONEY): "an amount with two decimals",
    str(UTC_TIMESTAMP): "a timestamp",
    str(pl.Date()): "a date",
    str(pl.Float64()): "a number",
}


@dataclass(frozen=True)
class Reason:
    """Why a row is rejected: a stable code and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Rule:
    """A reason, and the expression that is true for a row that breaks the rule (null counts as not broken).

    The rule is not asked of a row to which the reason coded `unless` applies already.
    """

    reason: Reason
    broken: pl.Expr
    unless: str | None = None


def reasons(dataset: Dataset) -> tuple[Reason, ...]:
    """Return every reason for which a row of the dataset can be rejected; the first that applies is the main one."""
    values = tuple(reason for column in dataset.columns for reason in value_reasons(column).values())
    return (*values, *(rule.reason for rule in RULES.get(dataset.name, ())), duplicate(dataset))


def value_reasons(column: Column) -> dict[str, Reason]:
    """Return a reason for each way in which one value can fail by itself: no conversion, or missing."""
    found = {
        kind: Reason(
            f"{column.name}_{kind}", f"{column.name} {FAILURES[kind].format(target=_TARGETS[str(column.dtype)])}"
        )
        for kind in FAILURE_KINDS[str(column.dtype)]
    }
    if not column.nullable:
        found[MISSING] = Reason(f"{column.name}_missing", f"{column.name} is null or blank")
    return found


def duplicate(dataset: Dataset) -> Reason:
    """Return the reason for a row whose key an earlier valid row (by file, then row) already has."""
    key = ", ".join(dataset.key)
    return Reason(f"duplicate_{'_and_'.join(dataset.key)}", f"an earlier row has the same {key}")


def conformed_name(column: Column) -> str:
    """Return the column's name in a conformed frame: money is held in hundredths and says so."""
    return f"{column.name}_minor" if column.dtype == MONEY else column.name


def _rule(code: str, text: str, broken: pl.Expr) -> Rule:
    return Rule(Reason(code, text), broken)


def _one_of(column: str, values: tuple[str, ...], what: str) -> Rule:
    return _rule(f"{column}_unknown", f"{column} is not {what}", pl.col(column).is_in(values).not_())


def _country(column: str) -> Rule:
    return _one_of(column, COUNTRIES, "an ISO 3166-1 alpha-2 country code")


def _currency() -> Rule:
    return _one_of("currency", CURRENCIES, "an ISO 4217 currency code")


def _needed_unless(column: str, channel: str) -> Rule:
    reason = Reason(f"{column}_missing", f"{column} is null or blank and the channel is not {channel}")
    broken = pl.col(column).is_null() & (pl.col("channel") != channel).fill_null(value=True)
    return Rule(reason, broken, unless=f"{column}_{INEXACT}")


RULES: dict[str, tuple[Rule, ...]] = {
    "transactions": (
        _needed_unless("originator_account_id", "cash_deposit"),
        _needed_unless("beneficiary_account_id", "cash_withdrawal"),
        _rule("amount_not_positive", "amount is zero or negative", pl.col("amount_minor") <= 0),
        _rule(
            "booked_at_off_partition",
            "booked_at does not fall on its partition's booking_date (UTC)",
            pl.col("booked_at").dt.date() != pl.col("booking_date"),
        ),
        _currency(),
        _one_of("channel", CHANNELS, "one of the contract's channels"),
        _country("originator_country"),
        _country("beneficiary_country"),
        _rule(
            NO_FX_RATE,
            "no FX rate for the currency on the booking date or within the 7 days before",
            pl.col("usd_per_unit_scaled").is_null()
            & pl.col("booking_date").is_not_null()
            & pl.col("currency").is_in(CURRENCIES),
        ),
        _rule(
            USD_OUT_OF_RANGE,
            "amount in USD is too large",
            pl.col("usd_minor").is_null() & pl.col("usd_per_unit_scaled").is_not_null() & (pl.col("amount_minor") > 0),
        ),
    ),
    "accounts": (
        _country("country"),
        _currency(),
        _one_of("account_type", ACCOUNT_TYPES, "one of the contract's account types"),
    ),
    "parties": (_one_of("party_type", PARTY_TYPES, "person or organisation"), _country("country")),
    "fx_rates": (
        _currency(),
        _rule("usd_per_unit_not_positive", "usd_per_unit is zero or negative", pl.col("usd_per_unit") <= 0),
        _rule("usd_per_unit_out_of_range", f"usd_per_unit is above {MAX_RATE:,}", pl.col("usd_per_unit") > MAX_RATE),
    ),
    "ownership": (
        _one_of("role", OWNERSHIP_ROLES, "one of the contract's roles"),
        _rule("share_out_of_range", "share is not between 0 and 1", pl.col("share").is_between(0, 1).not_()),
        _rule("until_before_since", "until lies before since", pl.col("until") < pl.col("since")),
    ),
    "watchlist": (
        _rule("delisted_on_before_listed_on", "delisted_on lies before listed_on",
              pl.col("delisted_on") < pl.col("listed_on")),
    ),
    "control_totals": (
        _currency(),
        _rule("row_count_negative", "row_count is negative", pl.col("row_count") < 0),
        _rule("total_amount_negative", "total_amount is negative", pl.col("total_amount_minor") < 0),
    ),
    "trade_documents": (
        _country("origin_country"),
        _country("destination_country"),
        _rule("declared_value_usd_negative", "declared_value_usd is negative",
              pl.col("declared_value_usd_minor") < 0),
    ),
}  # fmt: skip
