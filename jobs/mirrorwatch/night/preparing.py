"""What several detectors stand on is made once a night, before any of them runs, and lies in the work folder."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mirrorwatch.detectors.base import Detector, NightFrames
from mirrorwatch.store.layout import Work
from mirrorwatch.store.staging import scan, sink


def prepare(work: Path, night: NightFrames, detectors: Iterable[Detector]) -> tuple[str, ...]:
    """Write work/prepared for these detectors, whole or not at all; returns the frames' names.

    Each frame is made of those before it as they were written, so none is computed twice.
    """
    wanted = {each.name: each for detector in detectors for each in detector.stands_on}
    kept, aside = Work(work).prepared, work / "scratch" / "prepared"
    for folder in (kept, aside):
        shutil.rmtree(folder, ignore_errors=True)
    night = replace(night, prepared={})
    for name, each in wanted.items():
        sink(each.make(night), aside / name, each.schema, quickly=True)
        night = replace(night, prepared={**night.prepared, name: scan(aside / name)})
    if wanted:
        aside.replace(kept)
    return tuple(wanted)
