"""The shell-company detector: what it finds, whom it names, when it stays silent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell_town import EVERY_HOURS, SUMS, Town, chain_town, route, staffed

from mirrorwatch.detectors.base import FINDINGS, NightFrames
from mirrorwatch.detectors.shell_company import DETECTOR
from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.detectors.shell_terms import TERMS
from mirrorwatch.detectors.terms import POINTS


def findings(night: NightFrames, **changed: float) -> list[dict[str, Any]]:
    frame = DETECTOR.detect(night, ShellParameters.model_validate(changed)).collect()
    assert frame.schema == FINDINGS
    return frame.to_dicts()


def named(town: Town, **changed: float) -> list[set[str]]:
    return [set(found["party_ids"]) for found in findings(town.night(), **changed)]


def test_a_chance_at_the_floor_is_told_as_less_than_it_and_says_why() -> None:
    (found,) = findings(chain_town().night())
    assert DETECTOR.floor is not None
    assert found["chance_probability"] == DETECTOR.floor.probability
    assert "less than 1 in 1,000,000; it rests on at most 20 other orders of the weeks" in found["narrative"]
    (weaker,) = findings(chain_town(("s1", "s2"), sums=SUMS[:3]).night())
    assert weaker["chance_probability"] > DETECTOR.floor.probability
    assert "less than 1 in" not in weaker["narrative"]


# --- firing -------------------------------------------------------------------------------------------------------


def test_one_finding_names_the_chain_and_neither_source_nor_exit() -> None:
    (found,) = findings(chain_town().night())
    assert found["party_ids"] == ["s1", "s2", "s3"]
    assert found["account_ids"] == ["acc.s1", "acc.s2", "acc.s3"]
    assert found["subject_party_id"] == "s1"
    assert "source → s1 → s2 → s3 → exit" in found["narrative"]
    assert found["amount_usd_minor"] == sum(SUMS) * 100


def test_the_order_is_the_money_s_and_not_the_alphabet_s() -> None:
    (found,) = findings(chain_town(("zeta", "mid", "alpha")).night())
    assert "source → zeta → mid → alpha → exit" in found["narrative"]
    assert found["account_ids"] == ["acc.alpha", "acc.mid", "acc.zeta"]


def test_evidence_follows_each_sum_in_hop_out() -> None:
    (found,) = findings(chain_town().night())
    evidence = pl.DataFrame(found["evidence"])
    assert sorted(evidence["transaction_id"]) == found["transaction_ids"]
    groups = evidence.sort("group_no", "step_no").group_by("group_no", maintain_order=True).agg("role", "step_no")
    assert groups["group_no"].to_list() == list(range(1, len(SUMS) + 1))
    assert set(map(tuple, groups["role"])) == {("in", "hop", "hop", "out")}
    assert set(map(tuple, groups["step_no"])) == {(1, 2, 3, 4)}


def test_the_score_is_the_sum_of_its_terms() -> None:
    (found,) = findings(chain_town().night())
    assert 0 < found["score"] < 1
    assert sum(term["weight"] for term in found["indicators"]) == pytest.approx(found["score"], abs=1e-9)
    assert all(term["reason"] and term["reference"] for term in found["indicators"])
    assert sum(term.weight for term in TERMS) < POINTS


def test_every_finding_is_explained() -> None:
    (found,) = findings(chain_town().night())
    assert len(found["would_not_fire_if"]) >= 3
    assert len(found["next_steps"]) >= 3
    assert found["chance_probability"] < 0.01


@pytest.mark.parametrize("lag", [2, 6, 30, 60, 110])
@pytest.mark.parametrize("kept", [0.0, 0.03, 0.07])
def test_slow_hops_and_large_cuts_are_found(lag: float, kept: float) -> None:
    assert named(chain_town(lag=lag, kept=kept)) == [{"s1", "s2", "s3"}]


def test_a_hub_that_splits_to_spokes_is_one_star() -> None:
    town = Town()
    for party in ("source", "hub", "a", "b", "c", "exit"):
        town.company(party)
    for number, usd in enumerate(SUMS):
        begin = number * EVERY_HOURS
        town.pay(begin, "source", "hub", usd)
        for spoke, share in (("a", 0.5), ("b", 0.3), ("c", 0.2)):
            town.pay(begin + 20, "hub", spoke, usd * share * 0.98)
            town.pay(begin + 50, spoke, "exit", usd * share * 0.96)
    (found,) = findings(town.night())
    assert found["party_ids"] == ["a", "b", "c", "hub"]
    assert "source → hub → a, b, c → exit" in found["narrative"]


def test_spokes_that_gather_in_a_hub_are_one_star() -> None:
    town = Town()
    for party in ("source", "hub", "a", "b", "exit"):
        town.company(party)
    for number, usd in enumerate(SUMS):
        begin = number * EVERY_HOURS
        for spoke, share in (("a", 0.6), ("b", 0.4)):
            town.pay(begin, "source", spoke, usd * share)
            town.pay(begin + 20, spoke, "hub", usd * share * 0.97)
        town.pay(begin + 50, "hub", "exit", usd * 0.95)
    assert named(town) == [{"a", "b", "hub"}]


def test_arms_side_by_side_between_one_payer_and_one_payee_are_one_star() -> None:
    town = Town()
    for party in ("source", "a", "b", "c", "exit"):
        town.company(party)
    for arm, offset in (("a", 0), ("b", 7), ("c", 15)):
        for number, usd in enumerate(SUMS):
            town.pay(offset + number * EVERY_HOURS, "source", arm, usd + offset * 100)
            town.pay(offset + number * EVERY_HOURS + 9, arm, "exit", (usd + offset * 100) * 0.98)
    assert named(town) == [{"a", "b", "c"}]


def test_receipts_that_wait_for_each_other_and_split_hops_are_followed() -> None:
    town = chain_town(sums=())
    for number, usd in enumerate(SUMS):
        begin = number * EVERY_HOURS
        town.pay(begin, "source", "s1", usd * 0.4)
        town.pay(begin + 5, "source", "s1", usd * 0.6)
        town.pay(begin + 30, "s1", "s2", usd * 0.97)
        for part in (0.3, 0.3, 0.4):
            town.pay(begin + 55 + part, "s2", "s3", usd * 0.95 * part)
        town.pay(begin + 90, "s3", "exit", usd * 0.93)
    assert named(town) == [{"s1", "s2", "s3"}]


def test_several_accounts_of_one_company_are_one_purse() -> None:
    town = chain_town(sums=())
    town.account("acc.s2b", "s2")
    for number, usd in enumerate(SUMS):
        begin = number * EVERY_HOURS
        town.pay(begin, "source", "s1", usd)
        town.pay(begin + 20, "s1", "s2", usd * 0.98)
        town.pay(begin + 25, "acc.s2", "acc.s2b", usd * 0.98)
        town.pay(begin + 50, "acc.s2b", "s3", usd * 0.96)
        town.pay(begin + 70, "s3", "exit", usd * 0.94)
    (found,) = findings(town.night())
    assert found["account_ids"] == ["acc.s1", "acc.s2", "acc.s2b", "acc.s3"]


def test_bills_bought_for_appearance_do_not_hide_a_shell() -> None:
    town = chain_town()
    town.company("telecom", industry_code="6110")
    for shell in ("s1", "s2", "s3"):
        for month in range(2):
            town.pay(24 * (20 * month + 4), shell, "telecom", 60)
            town.pay(24 * (20 * month + 9), shell, "landlord", 450)
    assert named(town) == [{"s1", "s2", "s3"}]


def test_a_chain_whose_owners_run_in_a_circle_is_no_treasury() -> None:
    town = chain_town()
    for owner, owned in (("s1", "s2"), ("s2", "s3"), ("s3", "s1")):
        town.own(owner, owned, share=1.0)
    (found,) = findings(town.night())
    assert found["party_ids"] == ["s1", "s2", "s3"]
    assert {term["code"]: term["value"] for term in found["indicators"]}["opaque_ownership"] == 1.0


def test_a_parent_without_an_account_or_owners_in_a_row_pool_nothing() -> None:
    town = chain_town()
    town.company("offshore")
    town.accounts.pop()
    for shell in ("s1", "s2", "s3"):
        town.own("offshore", shell, share=1.0)
    assert named(town) == [{"s1", "s2", "s3"}]
    town.ownership.clear()
    town.own("s1", "s2", share=1.0)
    town.own("s2", "s3", share=1.0)
    assert named(town) == [{"s1", "s2", "s3"}]


def test_a_shared_director_links_but_does_not_excuse() -> None:
    plain = findings(chain_town().night())[0]["score"]
    town = chain_town()
    town.person("boss")
    for shell in ("s1", "s2", "s3"):
        town.own("boss", shell, "director")
    assert findings(town.night())[0]["score"] > plain


# --- silent -------------------------------------------------------------------------------------------------------

SHELLS = ("s1", "s2", "s3")


def with_business(town: Town) -> None:
    for shell in SHELLS:
        staffed(town, shell, 12_000)


def with_licence(town: Town) -> None:
    for row in town.parties:
        if row["party_id"] in SHELLS:
            row["licence"] = "msb"


def as_agents(town: Town) -> None:
    town.company("remitter", licence="msb")
    for shell in SHELLS:
        town.own("remitter", shell, "agent")


def under_one_parent(town: Town) -> None:
    town.company("parent")
    for shell in SHELLS:
        town.own("parent", shell, share=1.0)


def under_one_parent_that_operates(town: Town) -> None:
    under_one_parent(town)
    town.accounts = [row for row in town.accounts if row["party_id"] != "parent"]
    town.company("sister")
    town.own("parent", "sister", share=1.0)
    town.pay(50, "exit", "sister", 60_000)
    town.pay(80, "sister", "source", 10_000)
    staffed(town, "sister", 20_000)


def in_escrow(town: Town) -> None:
    for row in town.accounts:
        if row["party_id"] in SHELLS:
            row["account_type"] = "escrow"


def all_reversed(town: Town) -> None:
    for row in list(town.payments):
        about = {"reverses_transaction_id": row["transaction_id"]}
        payer, payee = row["beneficiary_account_id"], row["originator_account_id"]
        town.pay(40 * 24, payer, payee, row["usd_minor"] / 100, **about)


def paid_back(town: Town) -> None:
    for row in list(town.payments):
        pair = (row["originator_account_id"], row["beneficiary_account_id"])
        if all(account in {f"acc.{shell}" for shell in SHELLS} for account in pair):
            hours = (row["booked_at"] - town.payments[0]["booked_at"]).total_seconds() / 3600
            town.pay(hours + 80, pair[1], pair[0], row["usd_minor"] / 200)


@pytest.mark.parametrize(
    "innocence",
    [
        with_business, with_licence, as_agents, under_one_parent, under_one_parent_that_operates, in_escrow,
        all_reversed, paid_back,
    ],
)  # fmt: skip
def test_what_clears_a_chain(innocence: Callable[[Town], None]) -> None:
    town = chain_town()
    assert named(town) == [set(SHELLS)]
    innocence(town)
    assert named(town) == []


@pytest.mark.parametrize("sent", [{"kept": 0.15}, {"lag": 190}, {"sums": SUMS[:1]}])
def test_a_margin_a_long_rest_and_a_single_sum_of_two_companies_are_silent(sent: dict[str, Any]) -> None:
    assert named(chain_town(("s1", "s2"), **sent)) == []


@pytest.mark.parametrize(("payees", "silent"), [(3, False), (60, True)])
def test_a_bureau_that_pays_many_is_silent(payees: int, *, silent: bool) -> None:
    town = chain_town(("s1",), sums=())
    town.company("bureau")
    for number, usd in enumerate(SUMS):
        town.pay(number * EVERY_HOURS, "source", "s1", usd)
        town.pay(number * EVERY_HOURS + 5, "s1", "bureau", usd * 0.99)
        for payee in range(payees):
            name = f"payee{payee}"
            town.pay(number * EVERY_HOURS + 20, "bureau", name if number else town.company(name), usd * 0.98 / payees)
    assert (named(town) == []) is silent


def test_dollars_to_many_do_not_hide_a_chain() -> None:
    town = chain_town()
    for shell in SHELLS:
        for payee in range(40):
            town.pay(100 + payee, shell, town.company(f"payee{payee}.{shell}"), 5 + payee)
    assert named(town) == [set(SHELLS)]


def test_one_company_of_which_nothing_else_is_known_is_not_enough() -> None:
    assert named(chain_town(("s1",))) == []
    assert named(chain_town(("s1",)), single_score=0.1) == []


def about(town: Town, party: str, **known: Any) -> Town:  # noqa: ANN401
    """`town` with more known of a party."""
    for row in town.parties:
        if row["party_id"] == party:
            row.update(known)
    return town


YOUNG, OLD = date(2025, 11, 3), date(2014, 5, 6)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        pytest.param({"born_or_incorporated_on": YOUNG}, True, id="young"),
        pytest.param({"annual_turnover_usd": Decimal(45_000)}, True, id="far more than declared"),
        pytest.param({"annual_turnover_usd": Decimal(4_000_000)}, False, id="what it declared"),
        pytest.param({"born_or_incorporated_on": OLD}, False, id="old"),
    ],
)
def test_one_company_is_reported_where_what_is_known_of_it_speaks_against_it_too(
    known: dict[str, Any], found: bool
) -> None:
    town = about(chain_town(("s1",)), "s1", **known)
    assert named(town) == ([{"s1"}] if found else [])


def test_a_bill_does_not_wake_a_company() -> None:
    town = chain_town(("z1", "z2"))  # whose payments begin the window
    town.company("s1", age_days=4_000)
    town.accounts[-1]["opened_on"] = OLD
    town.company("telecom", industry_code="6110")
    town.pay(24 * 3, "s1", "telecom", 50)
    for number, usd in enumerate(SUMS):
        town.pay(24 * (29 + 2 * number), "source", "s1", usd)
        town.pay(24 * (30 + 2 * number), "s1", "exit", usd * 0.97)
    found = next(each for each in findings(town.night(), least_background=0.005) if each["party_ids"] == ["s1"])
    assert {term["code"]: term["value"] for term in found["indicators"]}["dormant_days"] == 29
    assert found["would_not_fire_if"][0].endswith("since one company stands alone.")


@pytest.mark.parametrize("sums", [SUMS, SUMS[:2]])
def test_one_company_s_few_sums_are_too_few_and_a_rhythm_that_any_week_shows_is_none(sums: tuple[int, ...]) -> None:
    town = about(chain_town(("s1",), sums=()), "s1", born_or_incorporated_on=YOUNG)
    for number, _ in enumerate(sums):  # of one amount every week, so that every other week would match as well
        town.pay(10 + number * 168, "source", "s1", 50_000)
        town.pay(40 + number * 168, "s1", "exit", 49_000)
    assert named(town) == []


def test_persons_are_never_shells() -> None:
    town = chain_town()
    for row in town.parties:
        if row["party_id"] in SHELLS:
            row["party_type"] = "person"
    assert named(town) == []


def test_empty_input_gives_no_findings() -> None:
    assert findings(Town().night()) == []


# --- invariants ---------------------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_partition_of_rows_are_of_no_matter(random: Any, parts: int) -> None:  # noqa: ANN401
    town = chain_town()
    expected = findings(town.night())
    for rows in (town.payments, town.accounts, town.parties):
        random.shuffle(rows)
    night = town.night()
    whole = night.transactions.collect()
    pieces = [whole.gather_every(parts, offset).lazy() for offset in range(parts)]
    shuffled = NightFrames(night.run_date_iso, pl.concat(pieces), night.accounts, night.parties, night.ownership)
    assert findings(shuffled) == expected


@settings(max_examples=8)
@given(st.permutations(("source", "s1", "s2", "s3", "exit")), st.sampled_from(("US", "CN", "MX", "CH")))
def test_names_and_countries_of_parties_leave_every_score(names: list[str], country: str) -> None:
    town = chain_town()
    expected = findings(town.night())
    given_names = dict(zip(("source", "s1", "s2", "s3", "exit"), names, strict=True))
    for row in town.parties:
        row["name"], row["country"] = given_names.get(row["party_id"], row["name"]), country
    assert findings(town.night()) == expected


@settings(max_examples=8)
@given(st.integers(1, 5_000))
def test_scaling_every_amount_leaves_the_structure(factor: int) -> None:
    town = chain_town()
    (expected,) = findings(town.night())
    for row in town.payments:
        row["amount_minor"] *= factor
        row["usd_minor"] *= factor
    (found,) = findings(town.night())
    assert found["account_ids"] == expected["account_ids"]
    assert found["evidence"] == expected["evidence"]


def test_purposes_and_codes_are_not_needed() -> None:
    town = chain_town()
    for row in town.parties:
        row["industry_code"] = None
    assert named(town) == [set(SHELLS)]


def test_two_schemes_are_two_findings() -> None:
    town = chain_town()
    for party in ("source2", "z1", "z2", "exit2"):
        town.company(party)
    route(town, ["source2", "z1", "z2", "exit2"], lag=20)
    assert sorted(map(sorted, named(town))) == [["s1", "s2", "s3"], ["z1", "z2"]]


def side_by_side(*marks: str, age_days: int = 150) -> Town:
    """Three young firms without a link of money, each between payers and payees of its own, that share `marks`."""
    town = Town()
    for number in range(3):
        shared = {mark: f"+1 555 {mark}" for mark in marks if mark != "director"}
        town.company(f"s{number}", age_days=age_days, employees=0, annual_turnover_usd=Decimal(60_000), **shared)
        for side in (f"from{number}", f"to{number}"):
            town.company(side)
            staffed(town, side, 40_000)
        sums = tuple(usd + 1_000 * number for usd in SUMS)
        route(town, [f"from{number}", f"s{number}", f"to{number}"], sums=sums)
        if "director" in marks:
            town.own("boss", f"s{number}", role="director")
    return town


@pytest.mark.parametrize(
    ("marks", "together"),
    [
        pytest.param(("director", "phone"), True, id="one director, one telephone"),
        pytest.param(("phone", "email"), True, id="one telephone, one mailbox"),
        pytest.param(("director",), False, id="a lawyer on three boards"),
        pytest.param((), False, id="nothing in common"),
    ],
)
def test_firms_side_by_side_in_one_hand_are_one_scheme(marks: tuple[str, ...], together: bool) -> None:
    found = findings(side_by_side(*marks).night())
    assert any(each["party_ids"] == ["s0", "s1", "s2"] for each in found) == together
    if together:
        assert "side by side in one hand" in found[0]["narrative"]


def test_firms_in_one_hand_have_to_show_what_one_alone_has_to() -> None:
    town = side_by_side("director", "phone", age_days=3_000)
    (found,) = findings(town.night(), single_score=0.5)
    assert found["party_ids"] == ["s0", "s1", "s2"]
    assert findings(town.night(), single_score=found["score"] + 0.001) == []
