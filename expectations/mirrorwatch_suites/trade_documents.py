"""Trade documents as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch_suites.bounds import LONGEST_ID, info, ruled, suite_of, warning

_ASK = "Each such document is rejected: the trade that it explains looks unexplained."
_BROKEN = "With one document in twenty lost, honest trade looks like payments without goods."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns. Needs the parameter run_date."""
    return suite_of("trade_documents", _identity(), _traders(), _route(), _goods())


def _identity() -> list[gxe.Expectation]:
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1, **warning("A file without documents explains no trade; leave it out when there are none.")
        ),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "document_id_missing", _ASK, _BROKEN, column="document_id"),
        *ruled(
            gxe.ExpectColumnValuesToBeUnique, "duplicate_document_id", "All but the first document are rejected.",
            "Repeated documents pay for the same goods twice.",
            column="document_id",
        ),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(
                column=column, max_value=LONGEST_ID, **info("Longer ones are usually several glued together.")
            )
            for column in ("document_id", "transaction_id")
        ),
        *ruled(gxe.ExpectColumnValuesToNotBeNull, "issued_on_missing", _ASK, _BROKEN, column="issued_on"),
        gxe.ExpectColumnValuesToBeBetween(
            column="issued_on",
            max_value={"$PARAMETER": "run_date"},
            **warning("A document issued after the run date explains nothing that was paid by then."),
        ),
    ]  # fmt: skip


def _traders() -> list[gxe.Expectation]:
    return [
        *(
            expectation
            for column in ("exporter_party_id", "importer_party_id")
            for expectation in ruled(
                gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column
            )
        ),
        gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(
            column_list=["exporter_party_id", "importer_party_id"],
            ignore_row_if="any_value_is_missing",
            **info("Goods that a party sells to itself are a transfer, or a placeholder for an unknown partner."),
        ),
    ]


def _route() -> list[gxe.Expectation]:
    ends = ("origin_country", "destination_country")
    return [
        *(
            expectation
            for column in ends
            for expectation in (
                *ruled(gxe.ExpectColumnValuesToNotBeNull, f"{column}_missing", _ASK, _BROKEN, column=column),
                *ruled(
                    gxe.ExpectColumnValuesToBeInSet, f"{column}_unknown", _ASK, _BROKEN,
                    column=column, value_set=list(COUNTRIES),
                ),
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="transit_country",
            value_set=list(COUNTRIES),
            **warning("A transit through a country of another spelling is not seen; the document is kept."),
        ),
    ]  # fmt: skip


def _goods() -> list[gxe.Expectation]:
    return [
        *ruled(
            gxe.ExpectColumnValuesToNotBeNull, "declared_value_usd_missing", _ASK, _BROKEN, column="declared_value_usd"
        ),
        *ruled(
            gxe.ExpectColumnValuesToBeBetween, "declared_value_usd_negative", _ASK, _BROKEN,
            column="declared_value_usd", min_value=0,
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="declared_value_usd",
            max_value=1e9,
            mostly=0.999,
            **warning("A laden tanker carries some 200 million dollars of oil; above a billion the unit is wrong."),
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="hs_code", regex=r"^\d{4,10}$", **info("HS codes have 4 to 10 digits; others match no tariff.")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="parcels", min_value=1, **info("A shipment of no parcels moved no goods.")
        ),
    ]  # fmt: skip
