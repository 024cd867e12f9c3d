"""What the structuring detector says beyond its cases: rules with dates, other currencies, who is named, and why."""

from dataclasses import replace
from datetime import date

import polars as pl
from tests.cases.structuring import CASES
from tests.town import Town

from mirrorwatch.contract import PARTIES
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.structuring import DETECTOR
from mirrorwatch.features import counter
from mirrorwatch.rulebook import SHIPPED, Rulebook
from mirrorwatch.rulebook.reading import read


def town(name: str) -> NightFrames:
    return next(case.town() for case in CASES if case.name == name).night()


def found(night: NightFrames) -> pl.DataFrame:
    return DETECTOR.detect(night, DETECTOR.parameters()).collect()


def ruled(night: NightFrames, **changes: object) -> NightFrames:
    """Give the night a rulebook in which the report of cash reads otherwise."""
    rule = next(rule for rule in SHIPPED.rules if rule.id == "us_ctr")
    version = rule.versions[0].model_copy(update=changes)
    others = [other for other in SHIPPED.rules if other.id != "us_ctr"]
    return replace(night, rulebook=Rulebook.of([*others, rule.model_copy(update={"versions": (version,)})]))


def test_a_rule_that_does_not_hold_leaves_nothing_to_evade() -> None:
    night = town("three branches a day")
    assert found(night).height == 1
    assert found(ruled(night, status="vacated")).is_empty()
    assert found(ruled(night, until=date(2026, 3, 30))).is_empty()


def test_the_amount_is_the_rule_books() -> None:
    """Under a threshold of 5,000 these sums were all reported; under one of 40,000 they add up to no report."""
    night = town("three branches a day")
    assert found(ruled(night, amount=5_000)).is_empty()
    assert found(ruled(night, amount=40_000)).is_empty()


def test_a_finding_says_which_rule_held() -> None:
    said = found(town("three branches a day"))["narrative"][0]
    assert "Rules as they stood: 31 CFR 1010.311, in force on 2026-03-31." in said


def test_every_rule_that_is_used_as_a_report_of_cash_is_a_limit_and_no_other() -> None:
    rules = SHIPPED.on(date(2026, 3, 31))
    known = counter.limits(rules)
    cash = {held.rule.jurisdiction for held in rules.held.values() if held.rule.use == "cash_report" and held.in_force}
    assert set(known.filter(pl.col("kind") == counter.DEPOSIT)["country"]) == cash >= {"US", "IN", "IT", "ZA"}
    assert not {"GB", "HK", "DE"} & set(known["country"])
    assert set(known.filter(pl.col("kind") == counter.INSTRUMENT)["country"]) == {"US"}


OWN = """
[[rule]]
id = "{id}"
kind = "threshold"
title = "Report of cash"
jurisdiction = "{country}"
reference = "Policy 7"
use = "cash_report"

[[rule.versions]]
since = 2020-01-01
amount = "{amount}"
currency = "{currency}"
adds_up = "{adds_up}"
says = "Cash is reported."
source = "The law."
"""


def abroad(country: str, currency: str, name: str = "three branches a day") -> NightFrames:
    place = next(case.town() for case in CASES if case.name == name)
    for account in place.accounts:
        account["country"] = country
    for paid in place.payments:
        paid |= {"originator_country": country, "beneficiary_country": country, "currency": currency}
    return place.night()


def own_rules(night: NightFrames, **told: str) -> NightFrames:
    defaults = {"id": "own", "country": "GB", "amount": "10000", "currency": "GBP", "adds_up": "day"}
    return replace(night, rulebook=SHIPPED.overlaid(read([OWN.format(**(defaults | told))])))


def test_a_country_is_added_by_an_operators_rule() -> None:
    night = abroad("GB", "GBP")
    assert found(night).is_empty()
    added = found(own_rules(night))
    assert added.height == 1
    assert "Policy 7, in force on 2026-03-31" in added["narrative"].item()
    assert found(own_rules(night, country="IE", currency="EUR")).is_empty()


def test_of_several_rules_of_a_country_the_lowest_counts_once() -> None:
    night = town("three branches a day")
    both = own_rules(night, country="US", currency="USD", amount="20000")
    assert found(both)["transaction_ids"].to_list() == found(night)["transaction_ids"].to_list()
    lower = own_rules(night, country="US", currency="USD", amount="5000")
    assert found(lower).is_empty()


def test_where_a_month_of_one_person_is_added_up_only_other_names_evade() -> None:
    """In India one holder's branches are one sum; several holders whom the same hands serve are several."""
    for adds_up, number in (("day", 1), ("month", 0)):
        assert found(own_rules(abroad("GB", "GBP"), adds_up=adds_up)).height == number
    several = "one hand serves three people's accounts"
    assert found(own_rules(abroad("GB", "GBP", several), adds_up="month")).height == 1


def test_the_sum_of_the_threshold_itself_is_below_only_where_more_than_it_is_reported() -> None:
    bounds = counter.limits(SHIPPED.on(date(2026, 3, 31)))
    for country, currency, below in (("US", "USD", True), ("CA", "CAD", False)):
        place = Town()
        place.person("p", country=country)
        place.cash(1, "p", 10_000, currency=currency)
        holders = pl.LazyFrame(
            {"account_id": ["acc.p"], "party_id": ["p"], "group_id": ["p"], "personal": [True]},
        )
        rows = counter.handled(place.night().transactions, holders, bounds, 1).collect()
        assert rows["below"].to_list() == [below]


def test_what_would_clear_cheques_is_not_what_would_clear_cash() -> None:
    """Cheques of one hand, branch and account are instruments of their own: to use but one would not clear them."""
    for name, single in (("cashier's cheques under the sum that is recorded", False), ("three branches a day", True)):
        said = " ".join(found(town(name))["would_not_fire_if"][0])
        assert ("through one branch, by one hand, to one account" in said) == single


def test_who_only_stood_at_the_counter_or_was_paid_is_not_named() -> None:
    finding = found(town("a funnel account")).row(0, named=True)
    assert finding["account_ids"] == ["acc.p"]
    assert finding["party_ids"] == ["p"]


def test_evidence_is_what_stayed_below_and_nothing_else() -> None:
    night = town("rotating hands over weeks, partly unknown")
    shown = found(night)["transaction_ids"][0].to_list()
    rows = night.transactions.filter(pl.col("transaction_id").is_in(shown)).collect()
    assert set(rows["channel"]) == {"cash_deposit"}
    assert rows["amount_minor"].max() < 1_000_000  # type: ignore[operator]


def test_what_the_source_does_not_say_weighs_nothing() -> None:
    """Without branches, hands and incomes the three branches a day are three sums a day at one counter."""
    night = town("three branches a day")
    unsaid = ("branch_id", "branch_region", "conductor_party_id")
    bare = replace(
        night,
        transactions=night.transactions.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in unsaid),
        parties=night.parties.with_columns(
            pl.lit(None, dtype=PARTIES.schema["annual_turnover_usd"]).alias("annual_turnover_usd")
        ),
    )
    assert found(bare).is_empty()
