"""What surrounds every step of a night: its log lines, its time and memory, and an error that says where it broke."""

import errno
import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from polars.exceptions import PanicException

from mirrorwatch.errors import MirrorwatchError

log = structlog.get_logger("mirrorwatch")
Facts = dict[str, Any]


class StepError(MirrorwatchError):
    """A step broke in a way that no data error explains: a bug, or the machine."""


@dataclass(frozen=True)
class Place:
    """Which night a step belongs to, on which data, and the file that its measurements are added to."""

    night: str
    data: str
    measurements: Path


def run(step: str, place: Place, work: Callable[[], Facts]) -> Facts:
    """Run one step: log its start and end, measure it, and on failure say which step, which data, what to do."""
    logger = log.bind(step=step, night=place.night)
    logger.info("step started")
    try:
        with _measured(step, place) as measured:
            facts = work()
    except MirrorwatchError as error:
        error.add_note(f"Step: {step}. Night: {place.night}. Data: {place.data}.")
        logger.warning("step stopped", reason=str(error))
        raise
    except (Exception, PanicException) as error:
        logger.exception("step broke", reason=f"{type(error).__name__}: {error}")
        raise _failure(step, place, error) from error
    logger.info("step finished", **measured, **facts)
    return facts


@contextmanager
def _measured(step: str, place: Place) -> Iterator[Facts]:
    """Fill in seconds and peak memory (bytes, of the whole process) once the step is through, and write them down."""
    _reset_peak()
    started = time.monotonic()
    measured: Facts = {}
    yield measured
    measured.update(seconds=round(time.monotonic() - started, 3), peak_bytes=_peak_bytes())
    place.measurements.parent.mkdir(parents=True, exist_ok=True)
    with place.measurements.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"step": step, **measured}) + "\n")


def _failure(step: str, place: Place, error: BaseException) -> StepError:
    full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    remedy = (
        "Free some disk space and run the night again."
        if full or isinstance(error, MemoryError)
        else "Run the night again. If it breaks in the same way, report it with this message and the log."
    )
    return StepError(
        f"The step '{step}' broke: {type(error).__name__}: {error}",
        where=f"night {place.night}, data {place.data}",
        remedy=f"The last published night is as it was. {remedy}",
    )


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # 5 resets the peak, see proc(5)
    except OSError:
        return


def _peak_bytes() -> int:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
