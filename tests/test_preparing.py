"""What several detectors stand on is made once a night; they find the same as when each makes it by itself."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.shape_town import Town, crowd, ring

from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import Detector, NightFrames, Prepared
from mirrorwatch.detectors.shape_prepared import STANDS_ON
from mirrorwatch.features import edges, unusual
from mirrorwatch.night.preparing import prepare
from mirrorwatch.store.staging import prepared

SHAPES = tuple(each for each in DETECTORS if each.stands_on)
OTHER = next(each for each in DETECTORS if not each.stands_on)


def found(night: NightFrames) -> dict[str, pl.DataFrame]:
    return {each.typology: each.detect(night, each.parameters()).collect() for each in SHAPES}


def refuse(*_: object) -> pl.LazyFrame:
    raise AssertionError("made twice")


def test_all_seven_shapes_stand_on_the_same() -> None:
    assert len(SHAPES) == 7
    assert all(each.stands_on == STANDS_ON for each in SHAPES)


def test_findings_are_the_same_on_what_was_prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Town().plus([*ring(), *crowd(first=3.0)]).night()
    alone = found(night)
    assert sum(each.height for each in alone.values()) >= 2
    assert prepare(tmp_path, night, DETECTORS) == tuple(each.name for each in STANDS_ON)
    for room, name in ((edges, "transfers"), (edges, "standing"), (edges, "loose"), (unusual, "unusual")):
        monkeypatch.setattr(room, name, refuse)
    together = found(replace(night, prepared=prepared(tmp_path)))
    for typology, rows in alone.items():
        assert_frame_equal(rows, together[typology], check_exact=True)


def test_nothing_is_prepared_for_who_stands_on_nothing(tmp_path: Path) -> None:
    night = Town(residents=20).night()
    prepare(tmp_path, night, SHAPES[:1])
    assert set(prepared(tmp_path)) == {each.name for each in STANDS_ON}
    assert prepare(tmp_path, night, (OTHER,)) == ()
    assert prepared(tmp_path) == {}


def test_what_breaks_halfway_leaves_nothing(tmp_path: Path) -> None:
    night = Town(residents=20).night()
    good = Prepared("good", pl.Schema({"one": pl.Int64()}), lambda _: pl.LazyFrame({"one": [1]}))
    bad = Prepared("bad", good.schema, lambda _: pl.LazyFrame({"two": [1]}))
    faulty: Detector = replace(OTHER, stands_on=(good, bad))
    with pytest.raises(TypeError, match="bad was to be written"):
        prepare(tmp_path, night, (faulty,))
    assert prepared(tmp_path) == {}
