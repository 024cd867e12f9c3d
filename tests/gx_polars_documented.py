"""Great Expectations' own cases: an expectation's docstring has rows, a passing and a failing use, and the results."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import great_expectations.expectations as gxe
import polars as pl

# What the docstrings show of databases, and what this engine does not answer.
_ELSEWHERE = (
    "ExpectColumnKLDivergenceToBeLessThan",
    "ExpectColumnTypeToBe",
    "ExpectColumnValuesToBeInTypeList",
    "ExpectColumnValuesToBeOfType",
    "ExpectColumnValuesToMatchStrftimeFormat",
    "ExpectColumnValuesToMatchLike",
    "ExpectColumnValuesToNotMatchLike",
    "ExpectTableRowCountToEqualOtherTable",
)


@dataclass(frozen=True)
class Documented:
    """One use of an expectation as its docstring has it."""

    kind: str
    name: str
    frame: pl.DataFrame
    expectation: gxe.Expectation
    success: bool


def documented() -> list[Documented]:
    """Return every case of the installed package that can be read."""
    kinds = [kind for name, kind in vars(gxe).items() if inspect.isclass(kind) and not name.startswith(_ELSEWHERE)]
    return [case for kind in kinds if "Example Data:" in (kind.__doc__ or "") for case in _cases(kind)]


def _cases(kind: type[gxe.Expectation]) -> Iterator[Documented]:
    text = inspect.cleandoc(kind.__doc__ or "")
    table = text.split("Example Data:")[1].split("Code Examples:")[0]
    for number, (use, result) in enumerate(
        re.findall(r"Input:\n(.*?)\n\s*Output:\n(.*?\n\s*\}\n?)(?=\s*(?:Failing|$))", text, re.DOTALL)
    ):
        arguments, told = _arguments(use), _json(result)
        if arguments is not None and told is not None:
            yield Documented(kind.__name__, f"case {number}", _frame(table), kind(**arguments), told["success"])


def _arguments(use: str) -> dict[str, Any] | None:
    try:
        call = ast.parse(use.strip(), mode="eval").body
        assert isinstance(call, ast.Call)
        return {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
    except (SyntaxError, ValueError):  # some docstrings lack a comma
        return None


def _json(result: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(re.sub(r",(\s*[}\]])", r"\1", result))
    except json.JSONDecodeError:
        return None
    return found


def _frame(table: str) -> pl.DataFrame:
    lines = [line.split() for line in table.strip().splitlines() if line.strip()]
    header, rows = lines[0], [_cells(line[1:], len(lines[0])) for line in lines[1:]]
    return pl.DataFrame(rows, schema=header, orient="row", strict=False)


def _cells(words: list[str], width: int) -> list[Any]:
    """Read a row's cells; one that holds blanks (a day and its time) is as many words longer."""
    extra = len(words) - width
    if extra > 0:
        words = [" ".join(words[: extra + 1]), *words[extra + 1 :]]
    return [_cell(word) for word in words] + [None] * -extra


def _cell(word: str) -> object:
    if word in {"NaN", "None", "NULL", "null"}:
        return None
    for read in (int, float, datetime.fromisoformat):
        try:
            return read(word)
        except ValueError:
            continue
    return word.strip("\"'")
