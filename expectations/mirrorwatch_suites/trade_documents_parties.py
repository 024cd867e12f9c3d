"""Trade documents against parties: one row a document (`across.traders`)."""

import great_expectations as gx
import great_expectations.expectations as gxe

from mirrorwatch_suites.bounds import info, suite_of, warning


def suite() -> gx.ExpectationSuite:
    """Build the suite. Its rows passed the row rules; one side of a trade is often another bank's customer."""
    return suite_of(
        "trade_documents_parties",
        [
            expectation
            for column in ("exporter_on_file", "importer_on_file")
            for expectation in (
                gxe.ExpectColumnValuesToNotBeNull(
                    column=column,
                    mostly=0.05,
                    **warning(
                        "Where not one trader in twenty is on file, documents and parties are numbered in two ways."
                    ),
                ),
                gxe.ExpectColumnValuesToNotBeNull(
                    column=column, mostly=0.5, **info("The bank's own customer is one side of most trades it finances.")
                ),
            )
        ],
    )
