"""Meets the needs of many metrics in as few passes over the data as they allow.

All scalars of a round are one select, which Polars reduces while it streams. What cannot be one (repeated keys, ranked
values, the rows that failed) reads its own columns only, each in a pass of bounded memory.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import polars as pl

from gx_polars.batch import SOURCE_ROW, PolarsBatchData
from gx_polars.needs import Answer, Need, Ranked, Repeats, Rows, Scalar, Table
from gx_polars.prefetching import few_row_groups
from gx_polars.ranking import ranked
from gx_polars.repeating import repeated, rows_repeating

Key = TypeVar("Key")
Found = Mapping[tuple[Any, ...], Any]


def answers(batch: PolarsBatchData, metrics: Mapping[Key, Answer]) -> dict[Key, Any]:
    """Run all metrics to their end, round by round; return each one's value, or the exception that it raised."""
    done: dict[Key, Any] = {}
    waiting: dict[Key, Sequence[Need]] = {}
    for key, metric in metrics.items():
        _advance(key, partial(next, metric), waiting, done)
    found: dict[tuple[Any, ...], Any] = {}
    while waiting:
        unmet = [need for needs in waiting.values() for need in needs if need.key not in found]
        with few_row_groups():
            found |= meet(batch, unmet)
        asked, waiting = waiting, {}
        for key, needs in asked.items():
            _advance(key, _sending(metrics[key], [found[need.key] for need in needs]), waiting, done)
    return done


def _sending(metric: Answer, found: list[Any]) -> Callable[[], Sequence[Need]]:
    wrong = next((one for one in found if isinstance(one, Exception)), None)
    return (lambda: metric.send(found)) if wrong is None else (lambda: metric.throw(wrong))


def _advance(
    key: Key, step: Callable[[], Sequence[Need]], waiting: dict[Key, Sequence[Need]], done: dict[Key, Any]
) -> None:
    try:
        waiting[key] = step()
    except StopIteration as end:
        done[key] = end.value
    except Exception as error:  # noqa: BLE001 - one metric's fault is its own answer, not the suite's
        done[key] = error


def meet(batch: PolarsBatchData, needs: Sequence[Need]) -> dict[tuple[Any, ...], Any]:
    """Return what was found, or the exception that came instead, by the needs' keys."""
    unmet = {need.key: need for need in needs}
    scalars = {key: need.expression for key, need in unmet.items() if isinstance(need, Scalar)}
    found: dict[tuple[Any, ...], Any] = {}
    sound = {key: expression for key, expression in scalars.items() if _typed(batch, key, expression, found)}
    found.update(_one_select(batch.frame, sound))
    for key, need in unmet.items():
        if key not in found:
            found[key] = _caught(partial(_alone, batch, need))
    return found


def _typed(
    batch: PolarsBatchData, key: tuple[Any, ...], expression: pl.Expr, found: dict[tuple[Any, ...], Any]
) -> bool:
    """Tell whether the expression fits the columns' types, before anything is read."""
    checked = _caught(lambda: pl.LazyFrame(schema=batch.schema).select(expression).collect_schema())
    if isinstance(checked, Exception):
        found[key] = checked
    return not isinstance(checked, Exception)


def _one_select(frame: pl.LazyFrame, scalars: Mapping[tuple[Any, ...], pl.Expr]) -> Found:
    if not scalars:
        return {}
    named = {f"m{number}": expression for number, expression in enumerate(scalars.values())}
    row = _caught(lambda: frame.select(**named).collect().row(0))
    if not isinstance(row, Exception):
        return dict(zip(scalars, row, strict=True))
    if len(scalars) == 1:
        return dict.fromkeys(scalars, row)
    # Some value made the whole pass fail: halve until the metric that it breaks stands alone.
    keys = list(scalars)
    halves = (keys[: len(keys) // 2], keys[len(keys) // 2 :])
    return {key: value for half in halves for key, value in _one_select(frame, {k: scalars[k] for k in half}).items()}


def _caught(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - handed to the metrics that asked
        return error
    except pl.exceptions.PanicException as panic:
        return RuntimeError(str(panic))


def _alone(batch: PolarsBatchData, need: Need) -> Any:
    match need:
        case Repeats():
            return repeated(batch.frame, need)
        case Ranked():
            return ranked(batch.frame, need)
        case Rows():
            return _rows(batch, need)
        case Table():
            return need.query.collect()
    raise TypeError(f"No way to meet {need!r}")


def _rows(batch: PolarsBatchData, need: Rows) -> pl.DataFrame:
    columns = list(dict.fromkeys([*need.columns, *batch.identity]))
    if need.repeats is None:
        found = batch.with_position().filter(need.mask).select(columns).head(need.limit).collect()
    else:
        found = rows_repeating(batch.with_position(), need, columns)
    return batch.within_files(found.sort(SOURCE_ROW))
