"""Row conditions as expressions: Great Expectations' own objects, and the strings of `DataFrame.query` before them."""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import reduce
from io import StringIO
from token import NAME
from tokenize import TokenError, generate_tokens, untokenize
from typing import Any

import polars as pl
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
    PassThroughCondition,
    deserialize_row_condition,
)

from gx_polars.domain import column
from gx_polars.literals import bound, members

Schema = pl.Schema
_COMPARE: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "IN",
    ast.NotIn: "NOT_IN",
}


def row_condition(given: Any, schema: Schema) -> pl.Expr:
    """Return where the condition holds.

    Raises ValueError for a string that is no comparison of columns with constants.
    """
    condition = deserialize_row_condition(given)
    return from_query(condition, schema) if isinstance(condition, str) else from_condition(condition, schema)


def from_condition(condition: Condition | None, schema: Schema) -> pl.Expr:
    """Translate one of Great Expectations' condition objects."""
    match condition:
        case ComparisonCondition():
            return _compared(condition.column.name, str(condition.operator), condition.parameter, schema)
        case NullityCondition():
            missing = _column(condition.column.name, schema).is_null()
            return missing if condition.is_null else ~missing
        case AndCondition():
            return reduce(operator.and_, [from_condition(part, schema) for part in condition.conditions])
        case OrCondition():
            return reduce(operator.or_, [from_condition(part, schema) for part in condition.conditions])
        case PassThroughCondition():
            return from_query(condition.pass_through_filter, schema)
    raise ValueError(f"No row condition: {condition!r}")


def _column(name: str, schema: Schema) -> pl.Expr:
    if name not in schema:
        raise ValueError(f'The row condition names "{name}", which is no column of the batch.')
    return column(name, schema[name])


def _compared(name: str, sign: str, value: Any, schema: Schema) -> pl.Expr:
    own, dtype = _column(name, schema), schema[name]
    if isinstance(dtype, (pl.Categorical, pl.Enum)):
        dtype = pl.String()
    if sign in {"IN", "NOT_IN"}:
        found = own.is_in(pl.lit(members(value, dtype)).implode()).fill_null(value=False)
        return found if sign == "IN" else ~found
    return _decided(_COMPARE[sign](own, bound(value, dtype)), sign)


def _decided(compared: pl.Expr, sign: str) -> pl.Expr:
    """Decide for a missing value as pandas does: it is not equal, not greater, not less; so `!=` and `not` keep it."""
    return compared.fill_null(value=sign == "!=")


def from_query(query: str, schema: Schema) -> pl.Expr:
    """Translate the part of pandas' query language that compares columns with constants or with each other."""
    try:
        tree = ast.parse(_with_words(query.replace("`", "")), mode="eval").body
    except (SyntaxError, TokenError) as error:
        raise ValueError(f"The row condition {query!r} cannot be read: {error}.") from error
    return _node(tree, schema, query)


def _with_words(query: str) -> str:
    """Write & and | as words, which bind less than comparisons do: so pandas reads them."""
    words = {"&": "and", "|": "or"}
    tokens = generate_tokens(StringIO(query).readline)
    return untokenize((NAME, words[text]) if text in words else (kind, text) for kind, text, *_ in tokens)


def _node(node: ast.expr, schema: Schema, query: str) -> pl.Expr:
    match node:
        case ast.BoolOp():
            join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
            return reduce(join, [_node(part, schema, query) for part in node.values])
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            return ~_node(node.operand, schema, query)
        case ast.Compare(ops=[sign], comparators=[right]):
            return _comparison(node.left, _SIGNS[type(sign)], right, schema, query)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[]):
            missing = _column(name, schema).is_null()
            known = {"isnull": missing, "isna": missing, "notnull": ~missing, "notna": ~missing}
            if method in known:
                return known[method]
    raise ValueError(f"The row condition {query!r} holds more than comparisons of columns with constants.")


def _comparison(left: ast.expr, sign: str, right: ast.expr, schema: Schema, query: str) -> pl.Expr:
    if not isinstance(left, ast.Name):
        raise ValueError(f"The row condition {query!r} must name a column at the left of each comparison.")  # noqa: TRY004
    if isinstance(right, ast.Name) and sign in _COMPARE:
        return _decided(_COMPARE[sign](_column(left.id, schema), _column(right.id, schema)), sign)
    return _compared(left.id, sign, ast.literal_eval(right), schema)
