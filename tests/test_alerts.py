"""Alerts through `assemble`: ids, order, states across nights and reruns, evidence, cases."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.findings import NIGHT, STAMPS, finding, findings, night, staged

from mirrorwatch.alerts import Assembled, Stamp, alert_id
from mirrorwatch.contract import ALERTS, CASES, EVIDENCE, EXPLANATIONS
from mirrorwatch.errors import MirrorwatchError

NEXT = NIGHT + timedelta(days=1)


def swap(*rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    return {"mirror_swap": findings(*rows)}


def states(tables: Assembled) -> dict[str, str]:
    return dict(tables.alerts.select(pl.col("account_ids").list.join("+"), "state").iter_rows())


def assert_same(left: Assembled, right: Assembled) -> None:
    for name in ("alerts", "cases", "evidence", "explanations"):
        assert_frame_equal(getattr(left, name), getattr(right, name))


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1), st.randoms())
def test_an_id_is_its_evidence_whatever_the_order(accounts: list[str], rows: list[str], random: object) -> None:
    shuffled = [*accounts, accounts[0]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert alert_id("mirror_swap", shuffled, rows[::-1]) == alert_id("mirror_swap", accounts, rows)
    assert alert_id("shell_company", accounts, rows) != alert_id("mirror_swap", accounts, rows)


def test_ids_do_not_run_members_together() -> None:
    assert alert_id("mirror_swap", ["a", "bc"], ["t"]) != alert_id("mirror_swap", ["ab", "c"], ["t"])
    assert alert_id("mirror_swap", ["a"], ["b", "t"]) != alert_id("mirror_swap", ["a", "b"], ["t"])


def test_a_night_without_findings_has_empty_tables_with_the_contracts_columns() -> None:
    tables = night(swap())
    for name, schema in (("alerts", ALERTS), ("cases", CASES), ("evidence", EVIDENCE), ("explanations", EXPLANATIONS)):
        frame = getattr(tables, name)
        assert frame.schema == schema
        assert frame.is_empty()


def test_rank_goes_by_score_then_chance_then_amount_then_id_without_ties() -> None:
    tables = night(
        swap(
            finding(["low"], ["t1"], score=0.5),
            finding(["no model"], ["t2"], chance_probability=None),
            finding(["rare"], ["t3"], chance_probability=1e-9),
            finding(["rare and large"], ["t4"], chance_probability=1e-9, amount_usd_minor=10**9),
            finding(["twin a"], ["t5"]),
            finding(["twin b"], ["t6"]),
        )
    )
    ordered = tables.alerts["account_ids"].list.join("").to_list()
    assert ordered[:2] == ["rare and large", "rare"]
    assert set(ordered[2:4]) == {"twin a", "twin b"}
    assert ordered[4:] == ["no model", "low"]
    assert tables.alerts["rank"].to_list() == [1, 2, 3, 4, 5, 6]


def test_evidence_rows_carry_role_order_money_and_source() -> None:
    tables = night(swap(finding(["a"], ["t2", "t1"])))
    assert tables.evidence["transaction_id"].to_list() == ["t2", "t1"]
    assert tables.evidence["amount"].to_list() == tables.evidence["amount_usd"].to_list()
    assert str(tables.evidence["amount_usd"][0]) == "123.45"
    assert tables.evidence["source_row"].to_list() == [1, 0]
    assert tables.explanations["would_not_fire_if"].to_list() == [["fewer matches"]]


def test_a_finding_on_rows_that_were_not_staged_is_a_fault() -> None:
    with pytest.raises(MirrorwatchError, match="did not stage"):
        night(swap(finding(["a"], ["t1"])), rows=staged(["t2"]))


def test_one_matter_is_published_once_and_the_stronger_telling_wins() -> None:
    tables = night(
        swap(
            finding(["a", "b", "c"], ["t1", "t2"], score=0.9),
            finding(["a", "b"], ["t3"], score=0.7),
            finding(["d"], ["t4"], score=0.6),
        )
    )
    assert states(tables) == {"a+b+c": "new", "d": "new"}
    assert "1 weaker finding(s)" in tables.alerts["narrative"][0]
    assert "weaker" not in tables.alerts["narrative"][1]


def test_two_typologies_on_the_same_accounts_are_two_alerts_in_one_case() -> None:
    both = {**swap(finding(["a"], ["t1"])), "shell_company": findings(finding(["a"], ["t2"], score=0.7))}
    tables = night(both)
    assert tables.alerts.height == 2
    assert tables.cases["typologies"].to_list() == [["mirror_swap", "shell_company"]]
    assert tables.cases["score"].to_list() == [0.8]


def test_the_same_night_again_is_identical() -> None:
    found = swap(finding(["a"], ["t1"]), finding(["b"], ["t2"]))
    first = night(found)
    assert_same(night(found, superseded=first), first)


def test_the_next_night_tells_new_unchanged_changed_and_withdrawn_apart() -> None:
    before = night(swap(finding(["same"], ["t1"]), finding(["grows"], ["t2"]), finding(["ends"], ["t3"])))
    found = swap(finding(["same"], ["t1"]), finding(["grows"], ["t2", "t4"]), finding(["fresh"], ["t5"]))
    tables = night(found, previous=before, run_date=NEXT)
    assert states(tables) == {"same": "unchanged", "grows": "changed", "fresh": "new", "ends": "withdrawn"}
    changed = tables.alerts.filter(state="changed")
    assert changed["previous_alert_id"].to_list() == [alert_id("mirror_swap", ["grows"], ["t2"])]
    assert tables.alerts.filter(state="withdrawn")["rank"].to_list() == [4]
    assert tables.alerts["run_date"].unique().to_list() == [NEXT]
    again = night(found, previous=before, superseded=tables, run_date=NEXT)
    assert_same(again, tables)


def test_a_withdrawn_alert_is_told_once_with_its_evidence() -> None:
    before = night(swap(finding(["ends"], ["t3"])))
    told = night(swap(), previous=before, run_date=NEXT)
    assert states(told) == {"ends": "withdrawn"}
    assert told.evidence["transaction_id"].to_list() == ["t3"]
    assert told.cases["state"].to_list() == ["withdrawn"]
    later = night(swap(), previous=told, run_date=NEXT + timedelta(days=1))
    assert later.alerts.is_empty()
    assert later.cases.is_empty()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"first_day": date(2026, 3, 21)}, "left the lookback window"),
        ({"rows": staged([])}, "no longer in the data"),
        ({"rows": staged(["t1", "t2"], usd_minor=5)}, "read otherwise"),
        ({"stamps": {**STAMPS, "mirror_swap": Stamp("2", "other")}}, "its parameters or the rules changed"),
        ({}, "explained otherwise"),
    ],
)
def test_a_withdrawn_alert_says_why(changes: dict[str, object], reason: str) -> None:
    before = night(swap(finding(["ends"], ["t1", "t2"])))
    arguments = {"rows": staged(["t1", "t2"]), **changes}
    tables = night(swap(), previous=before, run_date=NEXT, **arguments)  # type: ignore[arg-type]
    narrative = tables.alerts["narrative"][0]
    assert narrative.startswith("Withdrawn. ")
    assert reason in narrative
    assert narrative.endswith(before.alerts["narrative"][0])


def test_two_alerts_that_become_one_leave_one_changed_and_one_withdrawn() -> None:
    before = night(swap(finding(["a"], ["t1", "t2"]), finding(["b"], ["t3"])))
    tables = night(swap(finding(["a", "b"], ["t1", "t2", "t3"])), previous=before, run_date=NEXT)
    assert states(tables) == {"a+b": "changed", "b": "withdrawn"}
    assert "Alert " in tables.alerts.filter(state="withdrawn")["narrative"][0]


def test_a_rerun_on_other_data_withdraws_what_its_readers_had_seen_and_stays_so() -> None:
    seen = night(swap(finding(["a"], ["t1"]), finding(["b"], ["t2"])))
    found = swap(finding(["a"], ["t1", "t9"]))
    rerun = night(found, superseded=seen)
    assert states(rerun) == {"a": "changed", "b": "withdrawn"}
    assert_same(night(found, superseded=rerun), rerun)
    assert rerun.cases.filter(pl.col("state") != "withdrawn")["case_id"].to_list() == [
        seen.cases.filter(pl.col("account_ids").list.contains("a"))["case_id"].item()
    ]


def test_a_typology_that_was_not_looked_for_is_not_withdrawn() -> None:
    both = {**swap(finding(["a"], ["t1"])), "shell_company": findings(finding(["z"], ["t2"]))}
    before = night(both)
    only_swaps = Assembled(
        before.alerts.filter(typology="mirror_swap"), before.cases, before.evidence, before.explanations
    )
    tables = night(swap(finding(["a"], ["t1"])), previous=only_swaps, run_date=NEXT)
    assert states(tables) == {"a": "unchanged"}
    assert tables.cases["state"].to_list() == ["unchanged"]


def test_a_case_keeps_its_name_and_opening_day_while_its_alerts_change() -> None:
    before = night(swap(finding(["a"], ["t1"])))
    tables = night(swap(finding(["a", "b"], ["t1", "t2"])), previous=before, run_date=NEXT)
    assert tables.cases["case_id"].to_list() == before.cases["case_id"].to_list()
    assert tables.cases["opened_on"].to_list() == [NIGHT]
    assert tables.cases["state"].to_list() == ["changed"]


def test_alerts_that_share_a_party_are_one_case() -> None:
    tables = night(swap(finding(["a"], ["t1"], party_ids=["p"]), finding(["b"], ["t2"], party_ids=["p"])))
    assert tables.cases["account_ids"].to_list() == [["a", "b"]]


@settings(max_examples=20)
@given(st.permutations(range(5)))
def test_the_order_of_findings_does_not_matter(order: list[int]) -> None:
    rows = [finding([f"a{n}", f"b{n // 2}"], [f"t{n}"], score=0.5 + n / 10) for n in range(5)]
    assert_same(night(swap(*(rows[n] for n in order))), night(swap(*rows)))
