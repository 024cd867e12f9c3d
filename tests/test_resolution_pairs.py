"""Which parties are one: evidence, chance, kin, chains, and what is never asked."""

from datetime import date
from math import log2
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch import contract
from mirrorwatch.resolution import ENTITIES, PAIRS, ResolutionParameters, Resolved, resolve
from mirrorwatch.resolution.clusters import Links, cut
from mirrorwatch.resolution.marks import MARKS
from mirrorwatch.synth.duplicates import registered_twice

PARAMETERS = ResolutionParameters()
GIVEN, FAMILY = (
    ("Ada", "Benno", "Carys", "Dario", "Elin", "Farid"),
    ("Wexcombe", "Tavorin", "Lamboure", "Quorrin", "Ilvane"),
)
LETTERS = ("ba", "do", "fe", "gi", "ku", "la", "mo", "ne", "ri", "su")
DAY = date(1980, 2, 3)


def person(party_id: str, name: str, **more: object) -> dict[str, Any]:
    return {"party_id": party_id, "party_type": "person", "name": name, "country": "US", **more}


def name_of(number: int) -> str:
    tail = "".join(LETTERS[int(digit)] for digit in f"{number:04}")
    return f"{GIVEN[number % 6]}{'abcdefg'[number % 7]} {FAMILY[number % 5]}{tail}"


def crowd(count: int = 300) -> list[dict[str, Any]]:
    """Strangers: nothing shared but common names."""
    return [
        person(
            f"x{number:04}",
            name_of(number),
            phone=f"+1 200{number:06}",
            email=f"someone{number}@mail.example",
            address=f"{number} Mill Lane, Town {number % 40}",
            born_or_incorporated_on=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        )
        for number in range(count)
    ]


def found(
    *rows: dict[str, Any],
    links: tuple[dict[str, Any], ...] = (),
    marks: tuple[dict[str, Any], ...] = (),
    others: int = 300,
) -> Resolved:
    parties = pl.DataFrame([*crowd(others), *rows], schema=contract.PARTIES.schema).lazy()
    owned = pl.DataFrame(list(links), schema=contract.OWNERSHIP.schema).lazy()
    given_marks = pl.DataFrame(list(marks), schema=MARKS).lazy() if marks else None
    return resolve(parties, owned, pl.LazyFrame(schema=contract.ACCOUNTS.schema), PARAMETERS, given_marks)


def probability(result: Resolved, one: str = "a", other: str = "b") -> float:
    rows = result.pairs.filter(pl.col("left_party_id") == one, pl.col("right_party_id") == other)
    return float(rows["probability"][0]) if len(rows) else 0.0


FULL = {"phone": "+1 555000111", "email": "zora.q@mail.example", "address": "9 Kiln Street, Town 3"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Zora Quillfeather", {"email": FULL["email"], "born_or_incorporated_on": DAY}),
        ("QUILLFEATHER ZORA", {"phone": "(555) 000-111", "born_or_incorporated_on": DAY}),
        (
            "Zora Quilfeather",
            {"phone": FULL["phone"], "email": FULL["email"], "born_or_incorporated_on": date(1980, 3, 2)},
        ),
        ("Zora M. Quillfeather", {"address": "9, kiln street; town 3", "born_or_incorporated_on": DAY}),
    ],
)
def test_one_person_under_two_spellings_is_one(name: str, more: dict[str, Any]) -> None:
    result = found(person("a", "Zora Quillfeather", born_or_incorporated_on=DAY, **FULL), person("b", name, **more))
    assert probability(result) >= PARAMETERS.least_probability
    assert result.entities.select("party_id", "entity_id").rows() == [("a", "a"), ("b", "a")]


def test_a_couple_is_not_one_person() -> None:
    born = {"born_or_incorporated_on": DAY}, {"born_or_incorporated_on": date(1982, 7, 19)}
    for first, second in (born, ({}, {})):
        result = found(
            person("a", "Zora Quillfeather", **FULL, **first), person("b", "Milo Quillfeather", **FULL, **second)
        )
        assert result.entities.is_empty()


def test_namesakes_with_other_birthdays_are_two() -> None:
    result = found(
        person("a", "Zora Quillfeather", born_or_incorporated_on=DAY, address=FULL["address"]),
        person("b", "Zora Quillfeather", born_or_incorporated_on=date(1951, 11, 27), address=FULL["address"]),
    )
    assert result.entities.is_empty()


def test_an_agents_address_is_next_to_nothing() -> None:
    tenants = [
        person(f"t{number:03}", f"Firm{'abcdefghij'[number % 10]}{number} Works", address="1 Agent Row")
        for number in range(80)
    ]
    result = found(*tenants)
    assert result.entities.is_empty()
    told = result.blocks.filter(pl.col("key") == "address").to_dicts()[0]
    assert (told["too_large"], told["parties_in_too_large"]) == (1, 80)


def test_one_that_owns_the_other_is_another() -> None:
    two = [person("a", "Quillfeather Works", **FULL), person("b", "Quillfeather Works", **FULL)]
    firms = [{**row, "party_type": "organisation"} for row in (*crowd(), *two)]
    link = {"owner_party_id": "a", "owned_party_id": "b", "role": "shareholder"}
    apart, owned = found(*firms, others=0), found(*firms, others=0, links=(link,))
    assert probability(owned) < probability(apart)


def test_a_shared_identifier_links_and_another_one_parts() -> None:
    people = [person(one, "Zora Quillfeather", address=FULL["address"]) for one in "ab"]
    marks = [{"party_id": one, "kind": "identifier", "value": "passport 1"} for one in "ab"]
    other = {**marks[1], "value": "passport 2"}
    assert probability(found(*people, marks=tuple(marks))) > 0.999
    assert probability(found(*people, marks=(marks[0], other))) < probability(found(*people))


def test_evidence_adds_up_to_the_probability() -> None:
    result = found(person("a", "Zora Quillfeather", **FULL), person("b", "Zora Quilfeather", **FULL))
    for row in result.pairs.to_dicts():
        bits = sum(item["bits"] for item in row["evidence"])
        assert 1 / (1 + 2**-bits) == pytest.approx(row["probability"], abs=0.01)
        assert {"expected", "name", "otherwise"} <= {item["field"] for item in row["evidence"]}


def test_country_is_never_compared() -> None:
    rows = [person("a", "Zora Quillfeather", **FULL), person("b", "Zora Quilfeather", phone=FULL["phone"])]
    moved = [rows[0], {**rows[1], "country": "CN"}]
    assert found(*rows).pairs.equals(found(*moved).pairs)


def test_a_rare_value_tells_more_than_a_common_one() -> None:
    pair = [person(one, "Zora Quillfeather", phone="+1 555000111") for one in "ab"]
    common = [person(f"y{number:02}", f"Sharer{number} Of{number}", phone="+1 555000111") for number in range(30)]
    rare, shared = found(*pair), found(*pair, *common)
    bits = [
        next(item["bits"] for item in result.pairs.row(0, named=True)["evidence"] if item["field"] == "phone")
        for result in (rare, shared)
        if len(result.pairs)
    ]
    assert probability(shared) < probability(rare)
    assert bits == sorted(bits, reverse=True)


def test_persons_and_firms_are_never_one() -> None:
    firm = {**person("b", "Zora Quillfeather", **FULL), "party_type": "organisation"}
    assert found(person("a", "Zora Quillfeather", **FULL), firm).pairs.is_empty()


@pytest.mark.parametrize("rows", [[], [person("a", "Zora")], [person("a", ""), person("b", " ")]])
def test_few_or_nameless_parties_give_empty_frames(rows: list[dict[str, Any]]) -> None:
    result = found(*rows, others=0)
    assert (result.pairs.height, result.entities.height) == (0, 0)
    assert (result.pairs.schema, result.entities.schema) == (PAIRS, ENTITIES)


def test_a_chain_is_cut_and_a_ring_of_likely_pairs_is_not() -> None:
    chain = Links(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([0.96, 0.995, 0.96]))
    labels, cuts = cut(chain, 4, ResolutionParameters(least_agreement=0.8))
    assert cuts == 1
    assert labels[1] == labels[2]
    assert len(set(labels)) == 3
    ring = Links(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.96, 0.96, 0.96]))
    assert len(set(cut(ring, 3, PARAMETERS)[0])) == 1


def test_two_known_to_be_different_are_not_joined_through_a_third() -> None:
    links = Links(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([0.97, 0.0, 0.99]))
    labels, cuts = cut(links, 3, PARAMETERS)
    assert cuts == 1
    assert labels[0] != labels[2]


def test_mutual_best_pairs_are_left_of_what_no_step_takes_apart() -> None:
    sure = np.array([1.0, 1.0, 1.0, 1.0])
    labels, _ = cut(Links(np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4]), sure), 5, PARAMETERS)
    assert max(np.bincount(labels)) <= 2


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_order_of_parties_is_of_no_matter(random: Random) -> None:
    rows = [person("a", "Zora Quillfeather", **FULL), person("b", "Zora Quilfeather", **FULL), *crowd(60)]
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = found(*rows, others=0), found(*shuffled, others=0)
    assert one.pairs.equals(other.pairs)
    assert one.entities.equals(other.entities)


def test_probabilities_hold_on_planted_duplicates() -> None:
    """Of the pairs told as likely nearly all are one party, and most of the planted ones are found."""
    rng = np.random.default_rng(3)
    parties = pl.DataFrame(crowd(2_000), schema=contract.PARTIES.schema)
    chosen = parties["party_id"].gather_every(20)
    again, truth = registered_twice(parties, chosen, pl.Series([f"z{n:04}" for n in range(len(chosen))]), rng)
    empty = [pl.LazyFrame(schema=dataset.schema) for dataset in (contract.OWNERSHIP, contract.ACCOUNTS)]
    result = resolve(pl.concat([parties, again]).lazy(), *empty, PARAMETERS)
    pairs = result.pairs.join(
        truth, left_on=["left_party_id", "right_party_id"], right_on=["duplicate_of", "party_id"], how="left"
    ).with_columns(one=pl.col("changed").is_not_null().cast(pl.Float64))
    likely = pairs.filter(pl.col("probability") >= PARAMETERS.least_probability)
    assert likely["one"].mean() >= 0.95
    assert likely["one"].sum() >= 0.7 * len(truth)
    surprise = -(
        pairs.select(pl.when(pl.col("one") == 1).then("probability").otherwise(1 - pl.col("probability")).clip(1e-6))
        .to_series()
        .log(2)
        .mean()
    )
    assert surprise < log2(1.5)
