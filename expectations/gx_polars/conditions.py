"""What each map expectation calls met, row by row: one entry a Great Expectations metric.

An entry is a function of the domain and the metric's values that returns where the condition is met, for rows that
count. Rows where it comes out null are not met, as in pandas.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, and_, or_

import polars as pl

from gx_polars.domain import Domain
from gx_polars.literals import between, members
from gx_polars.matching import matches
from gx_polars.needs import Values

Condition = Callable[[Domain, Values], pl.Expr]
_TRUE = pl.lit(value=True)


def _text(domain: Domain) -> pl.Expr:
    return domain.column().cast(pl.String)


def _in_set(domain: Domain, values: Values) -> pl.Expr:
    if values.get("value_set") is None:
        return _TRUE
    allowed = members(values["value_set"], domain.dtype(domain.columns[0]))
    return domain.column().is_in(pl.lit(allowed).implode()) if allowed.len() else pl.lit(value=False)


def _not_in_set(domain: Domain, values: Values) -> pl.Expr:
    return _TRUE if values.get("value_set") is None else ~_in_set(domain, values)


def _between(domain: Domain, values: Values) -> pl.Expr:
    return between(domain.column(), domain.dtype(domain.columns[0]), dict(values))


def _length_between(domain: Domain, values: Values) -> pl.Expr:
    return between(_text(domain).str.len_chars().cast(pl.Int64), pl.Int64(), dict(values))


def _length_equals(domain: Domain, values: Values) -> pl.Expr:
    return _text(domain).str.len_chars().cast(pl.Int64).eq(values["value"])


def _regex(domain: Domain, values: Values) -> pl.Expr:
    return matches(_text(domain), values["regex"])


def _regex_list(domain: Domain, values: Values) -> pl.Expr:
    found = [matches(_text(domain), regex) for regex in values["regex_list"]]
    how = values.get("match_on") or "any"
    if how not in {"any", "all"}:
        raise ValueError("match_on must be either 'any' or 'all'")
    return reduce(or_ if how == "any" else and_, found)


def _not_regex_list(domain: Domain, values: Values) -> pl.Expr:
    return ~reduce(or_, [matches(_text(domain), regex) for regex in values["regex_list"]])


def _order(*, falling: bool) -> Condition:
    def in_order(domain: Domain, values: Values) -> pl.Expr:
        value = domain.value()
        before = value.forward_fill().shift()  # the last row that counts and has a value
        if values.get("strictly"):
            ordered = value < before if falling else value > before
        else:
            ordered = value <= before if falling else value >= before
        return ordered | before.is_null()

    return in_order


def _pair(domain: Domain) -> tuple[pl.Expr, pl.Expr]:
    return domain.column(domain.columns[0]), domain.column(domain.columns[1])


def _greater(domain: Domain, values: Values) -> pl.Expr:
    first, second = _pair(domain)
    return first >= second if values.get("or_equal") else first > second


def _equal(domain: Domain, values: Values) -> pl.Expr:  # noqa: ARG001 - all conditions are called alike
    first, second = _pair(domain)
    return first == second


def _pair_in_set(domain: Domain, values: Values) -> pl.Expr:
    if values.get("value_pairs_set") is None:
        return _TRUE
    allowed = [_both(domain, *pair) for pair in values["value_pairs_set"]]
    return reduce(or_, allowed, pl.lit(value=False))


def _both(domain: Domain, *pair: object) -> pl.Expr:
    return reduce(and_, [_is(domain, name, value) for name, value in zip(domain.columns, pair, strict=True)])


def _is(domain: Domain, name: str, value: object) -> pl.Expr:
    if value is None:
        return domain.column(name).is_null()
    fitting = members([value], domain.dtype(name))
    return domain.column(name).eq_missing(pl.lit(fitting[0], fitting.dtype)) if fitting.len() else pl.lit(value=False)


def _sum_equals(domain: Domain, values: Values) -> pl.Expr:
    return reduce(add, map(domain.column, domain.columns)).eq(values["sum_total"])


def _all_equal(domain: Domain, values: Values) -> pl.Expr:  # noqa: ARG001 - all conditions are called alike
    first, *others = map(domain.column, domain.columns)
    return reduce(and_, [first.eq_missing(other) for other in others])


def _all_different(domain: Domain, values: Values) -> pl.Expr:  # noqa: ARG001 - all conditions are called alike
    own = list(map(domain.column, domain.columns))
    pairs = [first.ne_missing(second) for number, first in enumerate(own) for second in own[number + 1 :]]
    return reduce(and_, pairs)


COLUMN: Mapping[str, Condition] = {
    "column_values.in_set": _in_set,
    "column_values.not_in_set": _not_in_set,
    "column_values.between": _between,
    "column_values.value_length.between": _length_between,
    "column_values.value_length.equals": _length_equals,
    "column_values.match_regex": _regex,
    "column_values.not_match_regex": lambda domain, values: ~_regex(domain, values),
    "column_values.match_regex_list": _regex_list,
    "column_values.not_match_regex_list": _not_regex_list,
    "column_values.increasing": _order(falling=False),
    "column_values.decreasing": _order(falling=True),
}
PAIR: Mapping[str, Condition] = {
    "column_pair_values.a_greater_than_b": _greater,
    "column_pair_values.equal": _equal,
    "column_pair_values.in_set": _pair_in_set,
}
RECORD: Mapping[str, Condition] = {
    "multicolumn_sum.equal": _sum_equals,
    "multicolumn_values.equal": _all_equal,
    "select_column_values.unique.within_record": _all_different,
}
