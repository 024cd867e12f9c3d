"""Coverage as code: every red flag has a row, every row holds, every detector rests on something published."""

import inspect
import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from mirrorwatch.detectors import DETECTORS, mirror_swap_words, shape_terms, shell_terms
from mirrorwatch.detectors.base import Detector, Source
from mirrorwatch.rulebook import SHIPPED
from mirrorwatch.rulebook.coverage import STATES, Coverage, RedFlag, red_flags

PAGES = runpy.run_path(str(Path(__file__).parents[1] / "docs/write_coverage.py"))
COVERAGE = red_flags()
ADVISORIES = {rule.id: rule for rule in SHIPPED.rules if rule.kind == "advisory"}
# How many red flags each has: the first three counted in the text, the others as a published extraction lists them.
FLAGS = {
    "fin_2025_a003": 18,
    "fin_2019_a006": 31,
    "fin_2024_a002": 14,
    "fin_2025_alert001": 10,
    "fin_2026_alert002": 14,
    "fintrac_2023_oa002": 30,
    "fintrac_18_19_sidel_025": 27,
    "fintrac_2016_ob001": 39,
}
ROWS = [pytest.param(each, flag, id=f"{each.advisory}-{flag.number}") for each in COVERAGE for flag in each.flag]


def codes(detector: Detector) -> set[str]:
    """Codes of the indicators that a detector's alerts carry."""
    if detector.typology == "mirror_swap":  # its indicators are written where its words are
        return set(re.findall(r'\("(\w+)", (?:facts|float)', inspect.getsource(mirror_swap_words)))
    older = shell_terms.TERMS if detector.typology == "shell_company" else shape_terms.TERMS
    return {term.code for term in detector.terms or older}


def published(source: Source) -> set[str]:
    """Advisories of the rulebook that a detector's source is."""
    words = f"{source.title} {source.locator}".casefold()
    return {each for each, rule in ADVISORIES.items() if any(name in words for name in _names(rule.reference))}


def _names(reference: str) -> set[str]:
    short = reference.casefold()
    return {short, short.removeprefix("fatf and egmont group, ")} | (
        {"ffiec manual", "bsa/aml examination manual"} if short.startswith("ffiec") else set()
    )


def rests_on(detector: Detector) -> set[str]:
    """Advisories that a detector rests on: those whose red flags it sees, and those that it cites."""
    seen = {
        each.advisory
        for each in COVERAGE
        for flag in each.flag
        if any(name.partition(".")[0] == detector.typology for name in flag.covered)
    }
    return seen | {advisory for source in detector.sources for advisory in published(source)}


def test_every_advisory_has_its_rows_or_says_why_it_has_none() -> None:
    assert {each.advisory for each in COVERAGE} == set(ADVISORIES)
    assert {each.advisory: each.flags for each in COVERAGE if each.advisory in FLAGS} == FLAGS
    assert all(each.counted.endswith(".") for each in COVERAGE)


@pytest.mark.parametrize(("coverage", "flag"), ROWS)
def test_what_a_row_says_is_true(coverage: Coverage, flag: RedFlag) -> None:
    known = {detector.typology: codes(detector) for detector in DETECTORS}
    for each in flag.covered:
        typology, _, code = each.partition(".")
        assert typology in known, f"{coverage.advisory} {flag.number}: no detector finds {typology}"
        assert not code or code in known[typology], f"{coverage.advisory} {flag.number}: {typology} has no {code}"
    assert len(set(flag.covered)) == len(flag.covered)
    assert flag.says.endswith((".", "?"))
    assert flag.says[0].isupper()


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.typology)
def test_every_detector_rests_on_something_published(detector: Detector) -> None:
    assert rests_on(detector), f"{detector.typology} cites no advisory, and no red flag names it"


def test_a_detector_that_cites_nothing_is_noticed() -> None:
    unknown = Source("A blog", "somewhere")
    assert not rests_on(replace(DETECTORS[0], typology="new_idea", sources=(unknown,)))
    assert rests_on(replace(DETECTORS[0], typology="new_idea", sources=(unknown, Source("X", "FIN-2024-A002")))) == {
        "fin_2024_a002"
    }


@pytest.mark.parametrize("answers", [{}, {"lacks": "a", "outside": "b"}, {"covered": ("fan_in",), "open": "c"}])
def test_a_row_has_exactly_one_answer(answers: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exactly one of covered, lacks, outside, excluded, open"):
        RedFlag.model_validate({"number": 1, "group": "g", "says": "s", **answers})


@pytest.mark.parametrize("numbers", [(1, 2), (1, 3, 2), (1, 2, 2), (2, 3, 4)])
def test_a_missing_or_doubled_row_is_noticed(numbers: tuple[int, ...]) -> None:
    rows = [{"number": number, "group": "g", "says": "s", "lacks": "data"} for number in numbers]
    with pytest.raises(ValueError, match="its 3 red flags are not all there"):
        Coverage.model_validate({"advisory": "a", "flags": 3, "counted": "all", "flag": rows})


def test_no_page_is_stale() -> None:
    stale = [path.name for path, text in PAGES["pages"]().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run: python docs/write_coverage.py"


def test_the_page_counts_what_its_rows_say() -> None:
    page = PAGES["coverage_page"]()
    flags = [flag for each in COVERAGE for flag in each.flag]
    for state, words in STATES.items():
        assert f"| {words} | {sum(flag.state == state for flag in flags)} |" in page
    rows = re.findall(r"^\| \d+ \| [^|]+ \| [^|]+ \| ([a-z ]+) \| [^|]+ \|$", page, re.MULTILINE)
    assert len(rows) == len(flags)


def test_who_people_are_is_left_out_by_name() -> None:
    """That detectors keep to it is seen where they run: tests/test_coverage_emitted.py, tests/test_detectors.py."""
    said = [f"{flag.note} {flag.excluded}" for each in COVERAGE for flag in each.flag]
    assert any("nationality" in text.casefold() for text in said)
