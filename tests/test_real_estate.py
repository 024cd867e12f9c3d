"""What the property detector is built from: units in texts, thresholds with dates, and who counts as one payer."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from tests.cases.real_estate import buyers, mortgage, one_unit, shells, small_drafts
from tests.town import Town

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.real_estate import DETECTOR
from mirrorwatch.detectors.terms import POINTS
from mirrorwatch.features.real_property import references
from mirrorwatch.rulebook import SHIPPED, Rulebook


def detect(night: NightFrames) -> pl.DataFrame:
    return DETECTOR.detect(night, DETECTOR.parameters()).collect()


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Unit 1204 deposit", ["1204"]),
        ("DEPOSIT unit #1204", ["1204"]),
        ("lot 17, second payment", ["17"]),
        ("Apt. B-12", ["b12"]),
        ("1204 Maple Street", ["1204"]),
        ("closing 2026", []),
        ("for the house", []),
        (None, []),
    ],
)
def test_units_are_read_from_texts(text: str | None, units: list[str]) -> None:
    rows = pl.DataFrame(
        {"transaction_id": ["t"], "purpose": [text]}, schema={"transaction_id": pl.String, "purpose": pl.String}
    )
    assert references(rows)["reference"].to_list() == units


def test_the_file_tells_more_than_the_flat_in_its_address() -> None:
    text = "File 11142 7690 Mission Blvd Apt 5"
    rows = pl.DataFrame({"transaction_id": ["t"], "purpose": [text]})
    assert references(rows)["reference"].to_list() == ["11142"]


def test_two_homes_at_one_agent_are_two_findings() -> None:
    """Whoever names a file of their own is no part of what others pay, however odd all of them are."""
    town = one_unit(5, unit="unit 1204")
    for number, name in enumerate(buyers(town, [f"second{number}" for number in range(6)], income=9_000)):
        town.pay(4 + 2 * number, name, "agent", 41_000 + 900 * number, channel="cashiers_check", purpose="file 99811")
    found = detect(town.night())
    named = sorted(found["account_ids"].to_list())
    assert named == [[f"acc.payer{number}" for number in range(5)], [f"acc.second{number}" for number in range(6)]]


def test_weights_leave_room_below_certainty() -> None:
    assert sum(term.weight for term in DETECTOR.terms) < POINTS


def test_no_sum_is_near_a_threshold_that_does_not_hold() -> None:
    night = small_drafts().night()
    assert not detect(night).is_empty()
    kept = tuple(rule for rule in night.rulebook.rules if rule.id != "us_ctr")
    assert detect(replace(night, rulebook=Rulebook(kept))).is_empty()


def test_an_operators_own_threshold_and_rule_on_homes_are_read() -> None:
    town = small_drafts()
    for account in town.accounts:
        account["country"] = "DE"
    for paid in town.payments:
        paid |= {"originator_country": "DE", "beneficiary_country": "DE", "currency": "EUR"}
    night = town.night()
    assert detect(night).is_empty()
    rule = next(rule for rule in SHIPPED.rules if rule.id == "us_ctr")
    version = rule.versions[0].model_copy(update={"currency": "EUR"})
    changes = {"jurisdiction": "DE", "reference": "Policy 7", "versions": (version,)}
    cash = rule.model_copy(update=changes | {"id": "house_cash"})
    homes = rule.model_copy(update=changes | {"id": "house_homes", "use": "property", "reference": "Policy 8"})
    said = detect(replace(night, rulebook=SHIPPED.overlaid(Rulebook.of([cash, homes]))))["narrative"].item()
    assert "Policy 8, in force on 2026-03-31; Policy 7, in force on 2026-03-31" in said


def test_the_rules_that_are_told_are_those_of_the_payees_country() -> None:
    town = small_drafts()
    for account in town.accounts:
        account["country"] = "CA"
    for paid in town.payments:
        paid |= {"originator_country": "CA", "beneficiary_country": "CA", "currency": "CAD"}
    said = detect(town.night())["narrative"].item()
    assert "Rules as they stood: " in said
    assert SHIPPED.on(town.night_of)["ca_lctr"].words in said
    assert "CFR" not in said
    assert "31 CFR 1010.311" in detect(small_drafts().night())["narrative"].item()


def test_the_rule_on_homes_is_told_as_it_stood() -> None:
    assert "31 CFR 1031.320, vacated on 2026-03-31" in detect(shells().night())["narrative"].item()
    town = shells()
    earlier = Town(night_of=date(2026, 3, 10))
    earlier.parties, earlier.accounts, earlier.payments = town.parties, town.accounts, town.payments
    assert "31 CFR 1031.320, in force on 2026-03-10" in detect(earlier.night())["narrative"].item()


def test_the_score_does_not_rest_on_that_rule() -> None:
    night = shells().night()
    kept = tuple(rule for rule in night.rulebook.rules if not rule.id.startswith("us_real_estate"))
    without = detect(replace(night, rulebook=Rulebook(kept)))
    assert without["score"].equals(detect(night)["score"])


def test_whoever_is_paid_is_never_named() -> None:
    for town in (one_unit(), small_drafts(), shells(), mortgage()):
        named = set(detect(town.night())["account_ids"].explode())
        assert named
        assert not named & {"acc.agent", "acc.developer", "acc.lender"}


def test_without_a_trade_the_payee_is_known_by_what_payers_write() -> None:
    night = small_drafts(texts=True).night()
    untold = night.parties.with_columns(pl.lit(None, dtype=pl.String).alias("industry_code"))
    assert detect(replace(night, parties=untold))["account_ids"].equals(detect(night)["account_ids"])


def test_payments_that_were_returned_do_not_count() -> None:
    town = small_drafts(1, 3)
    returned = town.payments[-1]
    back = {"transaction_id": "back", "reverses_transaction_id": returned["transaction_id"]}
    town.payments.append(returned | back)
    assert detect(town.night()).is_empty()
