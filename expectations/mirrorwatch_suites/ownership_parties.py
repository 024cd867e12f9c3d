"""Ownership against parties: one row a party that has owners on the run date (`across.owned`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import MOST, info, suite_of, warning

# Registers give shares in whole or half percents: ten holders, each half a percent off at most in one direction, are
# one to two percents off together.
_ROUNDING = 0.02


def suite() -> gx.ExpectationSuite:
    """Build the suite. Its rows passed the row rules: each share lies between 0 and 1."""
    return suite_of("ownership_parties", _shares(), _on_file())


def _shares() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="share_sum",
            max_value=1 + _ROUNDING,
            mostly=MOST,
            **warning("Nobody owns more than the whole: in numbers, former owners were sent as if they still held."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="share_sum",
            max_value=1 + _ROUNDING,
            **info("More than the whole is owned: an end date is missing, or one share stands under two owners."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="share_sum",
            min_value=0.5,
            mostly=0.5,
            **info("Who owns most of most companies is not on file; registers often name holders of a quarter only."),
        ),
    ]


def _on_file() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column="owned_on_file",
            mostly=0.01,
            **warning("Where not one owned party in a hundred is on file, ownership numbers parties in another way."),
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="owners",
            column_B="owners_on_file",
            **info("An owner on no party file is taken for a person; a register of companies only has no other."),
        ),
    ]
