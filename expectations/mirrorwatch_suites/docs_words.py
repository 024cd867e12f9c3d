"""The pieces that Data Docs' pages are put together from: words, sentences, counts, and why a bound stands there."""

import re
from copy import copy
from typing import Any

from great_expectations.core import ExpectationValidationResult
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render import RenderedHeaderContent, RenderedStringTemplateContent

_VALUE = re.compile(r"\$v__\d+\b")  # a member of a set, as Great Expectations' templates name it
_MOST_VALUES, _FEW_VALUES = (
    20,
    8,
)  # a set of more is cut after so many: the channels fit, currencies and countries don't


def severity_of(configuration: ExpectationConfiguration | None) -> str:
    """Return an expectation's severity as the quality table has it."""
    severity = getattr(configuration, "severity", None)
    return str(getattr(severity, "value", severity or "critical"))


def words(text: str, classes: str) -> RenderedStringTemplateContent:
    """Return a text in an element of these classes."""
    return RenderedStringTemplateContent(
        string_template={"template": "$text", "params": {"text": text}, "styling": {"classes": classes.split()}}
    )


def sentence(said: str, address: str, link: str) -> RenderedHeaderContent:
    """Return a paragraph that ends in a link."""
    template = {
        "template": "$said$link",
        "params": {"said": said, "link": link},
        "tag": "p",
        "styling": {
            "classes": ["standing"],
            "params": {"said": {}, "link": {"tag": "a", "attributes": {"href": address}}},
        },
    }
    return RenderedHeaderContent(header=RenderedStringTemplateContent(string_template=template))


def title(text: str) -> RenderedHeaderContent:
    """Return a section's heading."""
    template = {"template": "$title", "params": {"title": text}, "tag": "h5", "styling": {}}
    return RenderedHeaderContent(
        header=RenderedStringTemplateContent(string_template=template), styling={"header": {"classes": ["alert"]}}
    )


def counted(found: dict[str, Any]) -> str:
    """Return how many rows were unexpected, in words; empty for what is not counted by row."""
    if not found.get("element_count") or found.get("unexpected_count") is None:
        return ""
    share = 100 * found["unexpected_count"] / found["element_count"]
    rows = f"{found['unexpected_count']:,} of {found['element_count']:,} rows"
    return f"{rows} ({share:.3g}\u00a0%)" if share else rows


def shortened(expectation: Any) -> Any:  # noqa: ANN401 - a rendered cell, or several
    """Cut a long set of values short: its suite's page has all of them."""
    template = getattr(expectation, "string_template", None)
    if not template or len(values := _VALUE.findall(template["template"])) <= _MOST_VALUES:
        return expectation
    first, last = values[_FEW_VALUES], values[-1]
    before, rest = template["template"].split(first, 1)
    after = rest.split(last, 1)[1]
    template["template"] = f"{before}… ({len(values)} in all){after}"
    return expectation


def with_named_parameters(block: Any) -> Any:  # noqa: ANN401 - a rendered cell
    """Say in words a bound that each night sets anew, such as its date."""
    params = (getattr(block, "string_template", None) or {}).get("params", {})
    for name, value in params.items():
        if isinstance(value, dict) and "$PARAMETER" in value:
            params[name] = f"the night's {value['$PARAMETER'].replace('_', ' ')}"
    return block


def without_values(result: ExpectationValidationResult) -> ExpectationValidationResult:
    """Return the result without what was unexpected: who may read data quality need not be allowed to read bookings."""
    bare = copy(result)
    bare.result = {key: value for key, value in result.result.items() if key == "observed_value"}
    return bare


def why(configuration: ExpectationConfiguration | None, severity: str = "") -> RenderedStringTemplateContent:
    """Say why the bound stands there and what it protects."""
    meta = (configuration.meta if configuration is not None else None) or {}
    params = {"severity": severity, "reason": str(meta.get("reason", "")), "protects": str(meta.get("protects", ""))}
    shown = {name: text for name, text in params.items() if text}
    return RenderedStringTemplateContent(
        string_template={
            "template": " ".join(f"${name}" for name in shown),
            "params": shown,
            "tag": "div",
            "styling": {
                "classes": ["why"],
                "params": {name: {"classes": [name, *([severity] if name == "severity" else [])]} for name in shown},
            },
        }
    )
