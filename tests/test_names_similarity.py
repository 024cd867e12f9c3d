"""Names written differently are one name; names that share weak words are not."""

from importlib import import_module

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch.names import NAMED, SIMILAR, NameParameters, similarity

LISTED = (
    ("L1", "CHEMEZOV, Sergei Viktorovich", "person"),
    ("L2", "IRISL EUROPE GMBH", "organisation"),
    ("L3", "DESARROLLOS TURISTICOS FORTIA, S.A. DE C.V.", "organisation"),
    ("L4", "AL-ZARQAWI, Mohammed Hadi", "person"),
    ("L5", "WANG, Xiaoming", "person"),
    ("L6", "Golden Horizon General Trading LLC", "organisation"),
    ("L7", "Qasem Petrochemical Company", "organisation"),
    ("L8", "GUTIERREZ RESTREPO, Luis Fernando", "person"),
)


ALL = NameParameters(least_score=0)  # whatever is worth comparing


def frame(*rows: tuple[str, str | None, str | None]) -> pl.LazyFrame:
    return pl.LazyFrame(list(rows), schema=NAMED, orient="row")


def hits(name: str, kind: str | None, least: float = 0.5) -> list[str]:
    asked = frame(("P1", name, kind))
    found = similarity(asked, frame(*LISTED), NameParameters(least_score=least)).collect()
    return found["right_id"].to_list()


@pytest.mark.parametrize(
    ("name", "kind", "entry"),
    [
        pytest.param("Sergey Chemezov Viktorovich", "person", "L1", id="order and romanisation"),
        pytest.param("Сергей Викторович Чемезов", "person", "L1", id="Cyrillic"),
        pytest.param("I.R.I.S.L. Europe", "organisation", "L2", id="dotted letters, no legal form"),
        pytest.param("Desarollos Turisticos Fortia SA", "organisation", "L3", id="a letter left out, another form"),
        pytest.param("Muhammad Hadi al Zarqawi", "person", "L4", id="vowels of another system"),
        pytest.param("Mr Mohamed Hadi Alzarqawi", "person", "L4", id="a title, and two words joined"),
        pytest.param("王小明", "person", "L5", id="signs without spaces"),
        pytest.param("GOLDEN HORIZON GEN. TRDG. (LLC)", "organisation", "L6", id="abbreviations"),
        pytest.param("Luis Gutierrez Restrepo", "person", "L8", id="a word left out"),
        pytest.param("Luis F. Gutierrez Restrepo", "person", "L8", id="an initial"),
        pytest.param("Golden Horizon General Trading LLC Dubai", None, "L6", id="words added, kind unknown"),
        pytest.param("Golden Horizon General Trading limitd", "organisation", "L6", id="a legal form misspelt"),
        pytest.param("Goldenhorizon General Trading LLC", "organisation", "L6", id="two words of a firm joined"),
        pytest.param("Sergei Viktorovichchemezov", "person", "L1", id="last word joined to the first of the list"),
        pytest.param("Sergei Chemezov", "person", "L1", id="the middle name left out"),
        pytest.param("Serg8i Viktorovich Chemez0v", "person", "L1", id="letters read as digits"),
        pytest.param("CHEMEZOV, Sergei Vikt", "person", "L1", id="a name cut short"),
        pytest.param("سيرغي فيكتوروفيتش تشيميزوف", "person", "L1", id="Arabic letters"),
    ],
)
def test_a_name_written_differently_is_found(name: str, kind: str | None, entry: str) -> None:
    assert hits(name, kind) == [entry]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("Silver Lake General Trading LLC", "organisation", id="weak words alone"),
        pytest.param("Viktor Petrochemical Company", "organisation", id="a trade and a form"),
        pytest.param("Luis Fernando Castro", "person", id="given names alone"),
        pytest.param("Mohammed Hassan", "person", id="one common word"),
        pytest.param("Golden Horizon General Trading", "person", id="a person is no company"),
        pytest.param("", "person", id="no name"),
        pytest.param("---", None, id="nothing but punctuation"),
    ],
)
def test_another_name_is_not_found(name: str, kind: str | None) -> None:
    assert hits(name, kind) == []


def test_a_reason_tells_what_was_found_missing_and_added() -> None:
    found = similarity(frame(("P1", "Sergey Chemezov Karlovich", "person")), frame(*LISTED), ALL).collect()
    reason = found["reason"].item()
    assert "found: chemezov (" in reason
    assert "sergei as sergey (" in reason
    assert "missing: viktorovich (" in reason
    assert "added: karlovich (" in reason


@pytest.mark.parametrize(
    ("form", "told"),
    [("Inc", "Inc"), ("GmbH", "Ltd"), ("& Co", "Co"), ("L.P.", "LP"), ("FGUP", "Unitary Enterprise")],
)
def test_a_reason_tells_a_legal_form_by_one_that_readers_know(form: str, told: str) -> None:
    listed = frame(("L1", "Umber Pharmakon", "organisation"))
    found = similarity(frame(("P1", f"Umber Pharmakon {form}", "organisation")), listed, ALL).collect()
    assert f"added: a legal form like {told} (0.5)" in found["reason"].item()


def test_a_common_word_weighs_less_than_a_rare_one() -> None:
    crowd = [(f"C{number}", f"Trabelsi Name{number}", "person") for number in range(3_000)]
    party, listed = ("P1", "Trabelsi Orlandus Kim", "person"), frame(("L1", "Trabelsi Orlandus", "person"))
    rare = similarity(frame(party), listed, ALL).collect()
    common = similarity(frame(party, *crowd), listed, ALL).filter(pl.col("left_id") == "P1").collect()
    assert common["score"].item() < rare["score"].item()


def test_the_best_of_several_names_is_told_once_a_pair() -> None:
    listed = frame(("L1", "Ansar Horizon", "organisation"), ("L1", "Ansar Horizon Foundation", "organisation"))
    found = similarity(frame(("P1", "Ansar Horizon Foundation", "organisation")), listed).collect()
    assert found.select("left_id", "right_id", "right_name").rows() == [("P1", "L1", "Ansar Horizon Foundation")]


def test_reading_a_large_side_by_parts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = frame(
        *((f"P{place}", name.replace("a", "e", 1), kind) for place, (_, name, kind) in enumerate(LISTED)),
        ("Q1", "Sergey Chemezov", "person"), ("Q2", "Sergey Chemezov", "person"), ("Q3", None, "person"),
    )  # fmt: skip
    whole = similarity(asked, frame(*LISTED)).collect()
    monkeypatch.setattr(import_module("mirrorwatch.names.similarity"), "_NAMES_A_BUCKET", 2)
    assert similarity(asked, frame(*LISTED)).collect().equals(whole)
    assert {"Q1", "Q2"} <= set(whole["left_id"])


def test_one_side_with_itself_tells_each_pair_once() -> None:
    parties = frame(
        ("B", "Orlandus Quibble", "person"), ("A", "Quibble, Orlandus", "person"), ("C", "Orlandus Quibble", "person"),
        ("D", "Somebody Else", "person"),
    )  # fmt: skip
    found = similarity(parties, parties).collect()
    assert found.select("left_id", "right_id").rows() == [("A", "B"), ("A", "C"), ("B", "C")]


@pytest.mark.parametrize(("left", "right"), [((), LISTED), (LISTED, ()), ((), ())])
def test_empty_sides_give_an_empty_frame(
    left: tuple[tuple[str, str, str], ...], right: tuple[tuple[str, str, str], ...]
) -> None:
    found = similarity(frame(*left), frame(*right)).collect()
    assert found.schema == SIMILAR
    assert found.is_empty()


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_whatever_is_written_scores_lie_in_bounds_and_order_does_not_matter(names: list[str], draw: object) -> None:
    rows = [(f"P{place}", name, None) for place, name in enumerate([*names, *(name for _, name, _ in LISTED)])]
    shuffled = rows[:]
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    found = similarity(frame(*rows), frame(*LISTED)).collect()
    assert found.equals(similarity(frame(*shuffled), frame(*LISTED)).collect())
    assert found["score"].is_between(0.5, 1).all()
    own = found.filter(pl.col("left_name") == pl.col("right_name"))
    assert set(own["right_id"]) == {entry for entry, _, _ in LISTED}
