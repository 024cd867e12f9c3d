"""Who else hears of a step: lineage events and metrics. Neither can break a night."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from mirrorwatch.night import metrics
from mirrorwatch.night.lineage import Lineage
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.stepping import log

NIGHT, VALIDATION = "night", "validate"
# The step with which each job is done.
_LAST = {NIGHT: "publish", VALIDATION: "gate"}


@contextmanager
def observed(plan: Plan, step: str, job: str | None) -> Iterator[None]:
    """Tell of a step of `job` around it; nobody is told where `job` is None. Raises UsageError for settings."""
    lineage = Lineage.of(plan, job, step) if job else None
    if lineage:
        _quietly("lineage", lineage.started)
    try:
        yield
    except Exception as error:
        if lineage:
            _quietly("lineage", partial(lineage.failed, error))
        if job == NIGHT:
            _quietly("metrics", partial(metrics.leave, plan, published=False))
        raise
    else:
        if lineage:
            _quietly("lineage", partial(lineage.completed, last=step == _LAST[str(job)]))
        if job == NIGHT and step == _LAST[NIGHT]:
            _quietly("metrics", partial(metrics.leave, plan, published=True))
    finally:
        if lineage:
            _quietly("lineage", lineage.close)


def _quietly(what: str, tell: Callable[[], object]) -> None:
    try:
        tell()
    except Exception as error:  # noqa: BLE001 - whoever watches the night must not be able to stop it
        log.warning(f"{what} could not be written", reason=f"{type(error).__name__}: {error}")
