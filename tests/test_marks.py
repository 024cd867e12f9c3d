"""Facts that regulators name weigh a payment; a fact that is not known, or that everybody shows, weighs nothing."""

import polars as pl
import pytest

from mirrorwatch.features.marks import SHARE_OF_SWAPS, marked

SCHEMA = {
    "transaction_id": pl.String, "account_id": pl.String, "class": pl.String, "account_type": pl.String,
    "country": pl.String, "usd_minor": pl.Int64, "turnover_usd": pl.Float64, "once": pl.Boolean, "by_other": pl.Boolean,
}  # fmt: skip


def legs(facts: list[bool | None], accounts: list[str] | None = None, **more: object) -> pl.DataFrame:
    names = accounts or [f"a{i:02d}" for i in range(len(facts))]
    row = {"class": "cash", "account_type": "business", "country": "US", "usd_minor": 1, "turnover_usd": None} | more
    rows = [
        row | {"transaction_id": f"{name}-{i:03d}", "account_id": name, "by_other": fact, "once": None}
        for i, (name, fact) in enumerate(zip(names, facts, strict=True))
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def test_a_rare_fact_weighs_for_and_its_absence_little_against() -> None:
    marks = marked(legs([True] + [False] * 19))["mark"]
    assert 1.5 < marks[0] < 2.5
    assert -0.5 < marks[1] < 0


def test_what_is_not_known_weighs_nothing() -> None:
    assert marked(legs([None] * 5))["mark"].to_list() == [0.0] * 5


def test_a_fact_as_common_as_with_brokers_weighs_nothing() -> None:
    common = SHARE_OF_SWAPS["by_other"]
    marks = marked(legs([True] * round(10 * common) + [False] * round(10 * (1 - common))))["mark"]
    assert marks.to_list() == pytest.approx([0.0] * 10)


def test_one_busy_account_does_not_make_a_fact_common() -> None:
    few = marked(legs([True] + [False] * 19))["mark"][0]
    many = marked(legs([True] * 50 + [False] * 19, ["busy"] * 50 + [f"c{i:02d}" for i in range(19)]))["mark"][0]
    assert many == pytest.approx(few)


def test_a_person_is_held_to_the_declared_income_and_a_firm_is_not() -> None:
    paid = [{"usd_minor": 400_000}, {"usd_minor": 90_000}]
    usual = [legs([None], [f"u{i}"], account_type="personal", turnover_usd=12_000.0) for i in range(9)]
    for kind, differ in (("personal", True), ("business", False)):
        two = [legs([None], [f"p{i}"], account_type=kind, turnover_usd=12_000.0, **row) for i, row in enumerate(paid)]
        marks = marked(pl.concat([*two, *usual]))["mark"]
        assert (marks[0] > marks[1]) is differ


def test_an_undeclared_income_is_taken_for_the_usual_one() -> None:
    known = [legs([None], [f"p{i}"], account_type="personal", turnover_usd=12_000.0) for i in range(5)]
    unknown = legs([None], ["p9"], account_type="personal", usd_minor=400_000)
    assert marked(pl.concat([*known, unknown]))["mark"][5] > 0
