"""Trade documents as they were read."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch.intake.iso import COUNTRIES
from mirrorwatch_suites.bounds import MOST, critical, info, warning

_ASK = "Each such document is rejected: the trade that it explains looks unexplained."


def suite() -> gx.ExpectationSuite:
    """Build the suite; its rows are the contract's columns."""
    return gx.ExpectationSuite(
        name="trade_documents",
        expectations=[
            gxe.ExpectColumnValuesToBeUnique(
                column="document_id", mostly=MOST, **critical("Repeated documents pay for the same goods twice.")
            ),
            *(
                gxe.ExpectColumnValuesToNotBeNull(column=column, **warning(_ASK))
                for column in (
                    "document_id",
                    "issued_on",
                    "exporter_party_id",
                    "importer_party_id",
                    "declared_value_usd",
                )
            ),
            *(
                gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(COUNTRIES), **warning(_ASK))
                for column in ("origin_country", "destination_country")
            ),
            gxe.ExpectColumnValuesToBeBetween(column="declared_value_usd", min_value=0, **warning(_ASK)),
            gxe.ExpectColumnValuesToMatchRegex(
                column="hs_code", regex=r"^\d{4,10}$", **info("HS codes have 4 to 10 digits; others match no tariff.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="parcels", min_value=1, **info("A shipment of no parcels moved no goods.")
            ),
        ],
    )
