"""The shell-company detector on generated worlds with every innocent look-alike, seeds never tuned on."""

from datetime import date
from pathlib import Path

import pytest
from benchmarks.shell_recall import Tally, blinded, judge, night, world

from mirrorwatch.detectors.shell_company import DETECTOR
from mirrorwatch.detectors.shell_parameters import ShellParameters


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world(4242, tmp_path_factory.mktemp("worlds"), accounts=3_000, easy=3, hard=5)


@pytest.mark.parametrize("sight", ["all that the contract has", "without ownership, codes and declarations"])
def test_schemes_are_found_and_no_innocent_is_named(folder: Path, sight: str) -> None:
    frames = night(folder / "work", date(2026, 3, 31))
    if sight.startswith("without"):
        frames = blinded(frames)
    tally = Tally()
    judge(folder, DETECTOR.detect(frames, ShellParameters()).collect(), tally, verbose=False)
    assert tally.found["easy"] == tally.planted["easy"] == 3
    assert tally.found["hard"] >= 0.7 * tally.planted["hard"]
    assert tally.right >= 0.8 * tally.alerts
    assert tally.innocents == []
