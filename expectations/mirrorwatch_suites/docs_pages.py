"""What Data Docs say of a night: Great Expectations' own renderings, with each expectation's severity and reason.

Left out are its clock, its run's inner names and its version, which say nothing of the data.
"""

from collections.abc import Callable
from typing import Any

from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render import RenderedDocumentContent, RenderedHeaderContent, RenderedSectionContent
from great_expectations.render.renderer.content_block import (
    ExpectationSuiteBulletListContentBlockRenderer,
    ValidationResultsTableContentBlockRenderer,
)
from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer, ValidationResultsPageRenderer

from mirrorwatch_suites.docs_words import (
    counted,
    sentence,
    severity_of,
    shortened,
    title,
    why,
    with_named_parameters,
    without_values,
    words,
)

SEVERITIES = ("critical", "warning", "info")
_TABLE_LEVEL = "Table-Level Expectations"
_HEADINGS = {_TABLE_LEVEL: "The table as a whole, and several columns together"}


class NightResults(ValidationResultsPageRenderer):
    """The results of one suite: what failed first, then everything by column."""

    def __init__(self) -> None:
        super().__init__(
            column_section_renderer={
                "class_name": "ValidationResultsColumnSectionRenderer",
                "table_renderer": {"class_name": "NightTable", "module_name": __name__},
            }
        )

    def render(self, validation_results: ExpectationSuiteValidationResult, suite_parameters: object = None) -> Any:  # noqa: ANN401, ARG002
        """Return the page's content."""
        name = validation_results.suite_name
        columns = self._group_evrs_by_column_with_suite_meta(validation_results, name)
        sections = self._collect_rendered_document_content_sections(
            validation_results, [_standing(validation_results)], [], columns
        )
        failed = sorted((one for one in validation_results.results if not one.success), key=_urgency)
        if failed:
            table = NightTable.render(failed, include_column_name=True)
            sections.insert(
                1, RenderedSectionContent(section_name="What failed", content_blocks=[title("What failed"), table])
            )
        return RenderedDocumentContent(
            renderer_type="ValidationResultsPageRenderer",
            page_title=f"Results of {name}",
            expectation_suite_name=name,
            sections=[_named(section) for section in sections],
        )


class NightTable(ValidationResultsTableContentBlockRenderer):
    """A table of results, one row an expectation, with severity and reason."""

    @classmethod
    def _process_content_block(cls, content_block: Any, has_failed_evr: Any, render_object: Any = None) -> None:  # noqa: ANN401
        super()._process_content_block(content_block, has_failed_evr, render_object)
        content_block.header_row = ["Result", "Severity", "Expectation", "Observed", "Why"]

    @classmethod
    def _get_content_block_fn(
        cls, expectation_type: str, expectation_config: ExpectationConfiguration | None = None
    ) -> Callable[..., Any] | None:
        inner = super()._get_content_block_fn(expectation_type, expectation_config)
        if inner is None:
            return None

        def row(result: ExpectationValidationResult, **named: Any) -> list[list[Any]]:  # noqa: ANN401
            (_, expectation, observed, *_), *_ = inner(result=without_values(result), **named)
            severity = severity_of(result.expectation_config)
            outcome = words("passed", "passed") if result.success else words("failed", f"failed {severity}")
            weight = words(severity, "muted" if result.success else severity)
            rows = counted(result.result)
            seen = words(rows, "") if rows else observed
            return [[outcome, weight, shortened(expectation), seen, why(result.expectation_config)]]

        return row


class NightSuite(ExpectationSuitePageRenderer):
    """One suite: every expectation with its severity and reason."""

    def __init__(self) -> None:
        super().__init__(
            column_section_renderer={
                "class_name": "ExpectationSuiteColumnSectionRenderer",
                "bullet_list_renderer": {"class_name": "NightBullets", "module_name": __name__},
            }
        )

    def render(self, expectations: Any) -> Any:  # noqa: ANN401
        """Return the page's content."""
        document = super().render(expectations)  # type: ignore[no-untyped-call]
        document.page_title = f"Suite {document.expectation_suite_name}"
        return document

    @classmethod
    def _render_expectation_suite_info(cls, expectations: ExpectationSuite) -> Any:  # noqa: ANN401
        return sentence(
            f"{len(expectations.expectations)} expectations. ", f"../validations/{expectations.name}.html", "Results"
        )

    @classmethod
    def _render_expectation_suite_notes(cls, expectations: ExpectationSuite) -> Any:  # noqa: ANN401, ARG003
        return None

    def _render_table_level_expectations(self, columns: Any) -> Any:  # noqa: ANN401
        block = super()._render_table_level_expectations(columns)  # type: ignore[no-untyped-call]
        if block is not None:
            block.header.string_template["template"] = _HEADINGS[_TABLE_LEVEL]
        return block


class NightBullets(ExpectationSuiteBulletListContentBlockRenderer):
    """The expectations of a column as a list."""

    @classmethod
    def _get_content_block_fn(
        cls, expectation_type: str, expectation_config: ExpectationConfiguration | None = None
    ) -> Callable[..., Any] | None:
        inner = super()._get_content_block_fn(expectation_type, expectation_config)
        return None if inner is None else lambda **named: [with_named_parameters(block) for block in inner(**named)]

    @classmethod
    def _render_expectation_notes(cls, expectation_config: ExpectationConfiguration) -> Any:  # noqa: ANN401
        return why(expectation_config, severity_of(expectation_config))


def _urgency(result: ExpectationValidationResult) -> int:
    severity = severity_of(result.expectation_config)
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _standing(results: ExpectationSuiteValidationResult) -> RenderedHeaderContent:
    """Say in a sentence how the suite stands."""
    failed = [severity_of(one.expectation_config) for one in results.results if not one.success]
    counted = ", ".join(f"{failed.count(severity)} {severity}" for severity in SEVERITIES if severity in failed)
    total = len(results.results)
    said = (
        f"{len(failed)} of {total} expectations failed: {counted}. " if failed else f"All {total} expectations hold. "
    )
    return sentence(said, f"../expectations/{results.suite_name}.html", "The suite")


def _named(section: RenderedSectionContent) -> RenderedSectionContent:
    """Call the section that is about no single column what it is, in its heading and in the contents."""
    heading = getattr(section.content_blocks[0], "header", None)
    if section.section_name in _HEADINGS and heading is not None:
        heading.string_template["template"] = _HEADINGS[section.section_name]
    section.section_name = _HEADINGS.get(section.section_name, section.section_name)
    return section
