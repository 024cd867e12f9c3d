"""The completeness ledger by booking date, over the whole window: `batches.daily` sums it from the ledger's rows."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import critical, info, suite_of, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite; one row a date of the window.

    Columns: booking_date, rows_read, rows_accounted (monitored, rejected or set aside), rejected_fraction,
    set_aside_fraction, volume_ratio (rows read over the median of the window's days with rows).
    """
    return suite_of("completeness_days", _outcomes(), _volume())


def _outcomes() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="rows_read",
            column_B="rows_accounted",
            **critical("A row that ends nowhere is a row that nobody looked at: not one is tolerable."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rejected_fraction",
            max_value=0.01,
            **warning("A sound feed rejects a few rows in ten thousand; one in a hundred deserves a call."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="set_aside_fraction",
            max_value=0.05,
            **warning("Reversals run to about one booking in a hundred; many more may hide what they undo."),
        ),
    ]


def _volume() -> list[gxe.Expectation]:
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="rows_read",
            min_value=1,
            mostly=0.65,
            **warning("Weekends and holidays leave up to a third of days empty; more is a gap in the delivery."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="volume_ratio",
            min_value=0.1,
            max_value=5,
            mostly=0.65,
            **info("Weekdays of one month lie within a factor of two of their median; a tenth is half a file."),
        ),
    ]
