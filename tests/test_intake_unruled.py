"""Blindness where no rule holds: which country, how many bookings, and whether the book or the law has none."""

from datetime import date

import polars as pl
import pytest
from tests.town import Town

from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Parameters, RuleNeed
from mirrorwatch.intake.unruled import unruled
from mirrorwatch.rulebook import SHIPPED, Rulebook
from mirrorwatch.rulebook.reading import read

DAY = date(2026, 3, 31)
NEED = RuleNeed("cash_report", "split_days", ("cash_deposit", "cash_withdrawal"), "handled", "cash handled", "no rule")
OWN = """
[[rule]]
id = "own"
kind = "threshold"
title = "t"
jurisdiction = "{country}"
reference = "Policy 7"
use = "cash_report"
[[rule.versions]]
since = 2020-01-01
{more}
says = "x."
source = "y"
"""


def _detect(frames: NightFrames, parameters: Parameters) -> pl.LazyFrame:
    del frames, parameters
    return pl.LazyFrame(schema=FINDINGS)


def told(town: Town, *needs: RuleNeed, rulebook: Rulebook = SHIPPED) -> list[tuple[str, int | None, int | None]]:
    one = Detector("structuring", "1", "t", "s", Parameters, (), _detect, rules=needs)
    rows = unruled(town.night().transactions, rulebook.on(DAY), [one])
    return [(why, accounts, usd) for _, _, why, accounts, usd in rows]


def cash(**sums: tuple[str, str]) -> Town:
    """Each of `sums`, a country and a currency, brings 100 and 50 to an account of its own."""
    town = Town()
    for name, (country, currency) in sums.items():
        town.person(name, country=country)
        for amount in (100, 50):
            town.cash(1, name, amount, currency=currency)
    return town


def overlaid(country: str, more: str) -> Rulebook:
    return SHIPPED.overlaid(read([OWN.format(country=country, more=more)]))


def test_a_country_of_which_the_book_knows_nothing_is_told_with_what_hangs_on_it() -> None:
    [(why, accounts, usd)] = told(cash(p=("DE", "EUR"), q=("US", "USD")), NEED)
    assert (accounts, usd) == (1, 15_000)
    assert why == (
        "cash handled in DE, where the rulebook knows no cash report on 2026-03-31: structuring cannot judge "
        "split_days of 2 bookings, USD 150 on 1 accounts; no rule."
    )


def test_a_country_without_such_a_law_is_told_apart_from_one_that_nobody_looked_up() -> None:
    [(why, _, _)] = told(cash(p=("GB", "GBP")), NEED)
    assert "in GB, where the law, as far as it was read, has no cash report" in why


def test_a_rule_that_does_not_bind_leaves_its_country_blind() -> None:
    suspended = overlaid("DE", 'status = "suspended"\namount = "1000"\ncurrency = "EUR"')
    [(why, _, _)] = told(cash(p=("DE", "EUR")), NEED, rulebook=suspended)
    assert "no cash report was in force (Policy 7, suspended on 2026-03-31)" in why


@pytest.mark.parametrize("place", [("US", "USD"), ("US", "EUR"), ("CN", "EUR"), ("CA", "CAD")])
def test_what_a_rule_speaks_of_is_not_told(place: tuple[str, str]) -> None:
    """A sum in dollars speaks of every currency: of the United States, and of foreign money in China."""
    assert told(cash(p=place), NEED) == []


def test_other_currencies_than_the_rules_are_told() -> None:
    [(why, _, _)] = told(cash(p=("CA", "EUR")), NEED)
    assert why.startswith("cash handled in CA in currencies of which no rule there speaks: structuring cannot judge")


def test_an_operators_rule_ends_the_blindness() -> None:
    town = cash(p=("DE", "EUR"))
    assert told(town, NEED, rulebook=overlaid("DE", 'amount = "1000"\ncurrency = "EUR"')) == []
    assert len(told(town, NEED, rulebook=overlaid("DE", 'amount = "1000"\ncurrency = "CHF"'))) == 1


def test_each_detector_asks_for_its_own_bookings_and_place() -> None:
    town = Town()
    town.person("p", country="US")
    town.company("dev", country="DE")
    town.pay(1, "p", "dev", 9_000, channel="check")
    payee = RuleNeed("cash_report", "structured_share", ("check",), "payee", "cheques paid", "none can be small")
    [(why, accounts, _)] = told(town, NEED, payee)
    assert accounts == 2
    assert why.startswith("cheques paid in DE, where the rulebook knows no cash report")


def test_an_account_counts_once_and_one_that_is_not_named_not_at_all() -> None:
    town = cash(p=("DE", "EUR"))
    town.person("q", country="DE")
    town.cash(2, "p", 100, currency="EUR")
    [(why, accounts, usd)] = told(town, NEED)
    assert (accounts, usd) == (1, 25_000)
    assert "3 bookings" in why


def test_bookings_are_counted_as_they_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six million bookings as lists of both sides took a gigabyte and a half: no part of the plan may hold them all."""
    plans: list[str] = []
    collect = pl.LazyFrame.collect

    def watched(frame: pl.LazyFrame) -> pl.DataFrame:
        plan = str(frame.show_graph(engine="streaming", plan_stage="physical", raw_output=True, show=False))
        plans.append(plan.split("in-memory engine fallback>", 1)[1])
        return collect(frame)

    bookings = cash(p=("DE", "EUR")).night().transactions
    one = Detector("structuring", "1", "t", "s", Parameters, (), _detect, rules=(NEED,))
    monkeypatch.setattr(pl.LazyFrame, "collect", watched)
    assert len(list(unruled(bookings, SHIPPED.on(DAY), [one]))) == 1
    assert plans
    assert not [plan for plan in plans if 'fillcolor="0.0 0.3 1.0"' in plan or "in-memory-map" in plan]
