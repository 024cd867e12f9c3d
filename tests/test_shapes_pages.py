"""The pages of the layered shapes say what their detectors do."""

import runpy
from pathlib import Path

import pytest

from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.shape_terms import TERMS

PAGES = runpy.run_path(str(Path(__file__).parent.parent / "docs/typologies/write_pages.py"))


def test_no_page_is_stale() -> None:
    stale = [path.name for path, text in PAGES["pages"]().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run: python docs/typologies/write_pages.py"


SHAPES = sorted(each.typology for each in DETECTORS if each.terms is TERMS)


def test_there_are_seven_shapes() -> None:
    assert len(SHAPES) == 7


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_has_sources_bounded_parameters_and_a_floor(name: str) -> None:
    detector = next(each for each in DETECTORS if each.typology == name)
    assert detector.sources
    assert detector.floor is not None
    assert detector.needs
    assert detector.look_alikes
    for field in detector.parameters.model_fields.values():
        assert field.description
        assert {type(bound).__name__ for bound in field.metadata} & {"Ge", "Gt"}
        assert {type(bound).__name__ for bound in field.metadata} & {"Le", "Lt"}
