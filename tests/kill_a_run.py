"""Run one pretend night in a process of its own that kills itself, with SIGKILL, the n-th time it comes to a function.

Called by tests/test_publish.py: `python -m tests.kill_a_run POINT NTH DATA OUT DATE`, where POINT is `module:function`.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.worlds import put_in_place

from mirrorwatch import night


def _dying(original: Callable[..., Any], nth: int) -> Callable[..., Any]:
    calls = iter(range(1, nth + 1))

    def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        if next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    return call


def main(point: str, nth: str, data: str, out: str, day: str) -> None:
    """Run the night until the point is reached."""
    put_in_place(pytest.MonkeyPatch())
    place, name = point.split(":")
    if place == "step":
        night.STEPS[name] = _dying(night.STEPS[name], int(nth))  # type: ignore[index]
    else:
        module = importlib.import_module(place)
        setattr(module, name, _dying(getattr(module, name), int(nth)))
    night.run_night(night.plan(data, out, date.fromisoformat(day)))


if __name__ == "__main__":
    main(*sys.argv[1:])
