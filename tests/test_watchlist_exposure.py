"""What a tie to a list rests on: names held against chance, money carried on in time, and the list of the day."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from tests.cases.watchlist_exposure import (
    FAMILY,
    GIVEN,
    LISTED,
    PERSON,
    carried,
    deal,
    enter,
    holder,
    listed_payer,
    official,
    owned,
    paid,
    place,
    said,
    successor,
)
from tests.town import NIGHT, Town

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure import DETECTOR
from mirrorwatch.detectors.watchlist_exposure_listed import in_force
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.watchlist_exposure_strength import expected, vocabulary
from mirrorwatch.screening import DISMISSALS


def found(night: NightFrames, **changes: float) -> pl.DataFrame:
    return DETECTOR.detect(night, ExposureParameters.model_validate(changes)).collect()


def value(findings: pl.DataFrame, code: str) -> float | None:
    told = {each["code"]: each["value"] for each in findings["indicators"].item()}
    return told.get(code)


def test_countries_that_change_their_names_together_change_nothing() -> None:
    night = holder(PERSON, PERSON).night()
    other = {"US": "QZ"}
    renamed = replace(
        night,
        parties=night.parties.with_columns(pl.col("country").replace(other)),
        watchlist=night.watchlist.with_columns(pl.col("country").replace(other)),
    )
    assert found(renamed).equals(found(night))


def test_a_country_that_differs_weakens_a_name_and_one_that_agrees_risks_nothing() -> None:
    same, abroad, unknown = (holder(PERSON, PERSON, country=country) for country in ("US", "MX", None))
    strengths = [value(found(town.night()), "name_strength") for town in (same, abroad, unknown)]
    assert strengths[0] is not None
    assert strengths[1] is not None
    assert strengths[0] >= strengths[1]
    assert strengths[2] == strengths[0]  # everybody is of one country here: it tells nobody apart
    assert value(found(unknown.night()), "country_agrees") is None


def test_somebody_else_of_the_same_name_makes_it_no_evidence() -> None:
    town = holder(PERSON, PERSON)
    town.person("other", name=PERSON)
    assert found(town.night()).is_empty()


def test_of_two_namesakes_the_one_in_the_listed_country_is_named() -> None:
    town = holder(PERSON, PERSON)
    town.person("other", name=PERSON, country="MX")
    assert found(deal(town, "other").night())["account_ids"].to_list() == [["acc.it"]]


def test_the_same_party_twice_with_one_telephone_is_no_rival() -> None:
    town = place()
    enter(town, PERSON)
    for name in ("it", "again"):
        town.person(name, name=PERSON, phone="+1 555 010 7788")
        deal(town, name)
    assert found(town.night())["account_ids"].to_list() == [["acc.again", "acc.it"]]


def test_a_pair_that_somebody_dismissed_is_left_out_until_that_ends() -> None:
    night = holder(PERSON, PERSON).night()
    looked = {"party_id": "it", "entry_id": "E0", "reason": "another birth date", "dismissed_by": "desk",
              "dismissed_on": NIGHT - timedelta(days=9)}  # fmt: skip
    for until, named in ((None, 0), (NIGHT - timedelta(days=1), 1)):
        dismissals = pl.LazyFrame([looked | {"until": until}], schema=DISMISSALS)
        assert len(found(replace(night, dismissals=dismissals))) == named


@pytest.mark.parametrize(("born", "named"), [(date(1961, 4, 5), 0), (date(1993, 5, 23), 1)])
def test_a_birth_date_that_differs_is_another_person(born: date, named: int) -> None:
    night = holder(PERSON, PERSON).night()
    detail = {"entry_id": ["E0"], "kind": ["birth_date"], "earliest": [born], "latest": [born]}
    assert len(found(replace(night, watchlist_details=pl.LazyFrame(detail)))) == named


def test_a_word_that_a_listed_name_says_twice_is_one_fact() -> None:
    asked = {"party_id": "p", "party_name": "Tara Ulbright", "kind": "person"}
    entries = ("Yara Ulbright", "Yara Ulbright Ulbright")
    rows = pl.DataFrame([asked | {"entry_id": name, "entry_name": name} for name in entries])
    names = [*(f"{GIVEN[n % 10]} {FAMILY[n // 30]}" for n in range(299)), "Tara Ulbright"]
    crowd = pl.DataFrame({"party_id": [str(n) for n in range(300)], "name": names}).with_columns(kind=pl.lit("person"))
    once, twice = expected(rows, vocabulary(crowd))["expected"]
    assert twice == once


@pytest.mark.parametrize(("income", "trade", "named"), [
    pytest.param(None, "4690", False, id="a wage, of an income that is only supposed"),
    pytest.param(48_000, None, False, id="a wage of a firm of unknown trade"),
    pytest.param(20_000, "4690", True, id="beyond what is declared, by a trader"),
])  # fmt: skip
def test_an_even_wage_is_no_bribe_where_income_or_trade_is_unknown(
    income: int | None, trade: str | None, named: bool
) -> None:
    town = place()
    town.person("it", occupation="customs inspector", annual_turnover_usd=income)
    town.company("work", name="Work Ltd", industry_code=trade)
    town.company("carrier", name="Carrier Ltd", industry_code="4923")
    for day in (2, 16, 30, 44):
        town.pay(day, "work", "it", 2_400, channel="ach")
    town.pay(9, "carrier", "it", 4_200)
    assert (len(found(town.night())) == 1) == named


def test_a_listing_after_the_payments_is_told_as_such() -> None:
    findings = found(holder(PERSON, PERSON, listed_on=NIGHT).night())
    assert "after the payments: not a breach" in findings["narrative"].item()
    assert value(findings, "since_listing") == 0
    before = found(holder(PERSON, PERSON).night())
    assert findings["score"].item() < before["score"].item()


def listings(*states: tuple[str, str, str, date]) -> pl.LazyFrame:
    """Rows of an import for one entry: id, opened_by, listed_on_basis, known_from."""
    names = ("entry_id", "opened_by", "listed_on_basis", "known_from")
    return pl.LazyFrame(states, schema=names, orient="row").with_columns(base_entry_id=pl.lit("E"))


def renamed(told_by: str) -> NightFrames:
    """Build a night whose listed one got an alias on the last day; `told_by` gave the day of its listing."""
    town = holder(PERSON, PERSON, entry_id="E", listed_on=NIGHT)
    enter(town, PERSON, entry_id="E~former", delisted_on=NIGHT)
    began = ("E~former", "listed", told_by, LISTED)
    return replace(
        town.night(), watchlist_listings=listings(began, ("E", "renamed", "version", NIGHT)), last_night=None
    )


def test_a_new_alias_is_no_new_listing() -> None:
    findings, plain = found(renamed("publisher")), found(holder(PERSON, PERSON).night())
    assert f"Listed since {LISTED}." in findings["narrative"].item()
    assert value(findings, "since_listing") == 1
    assert findings["score"].item() == plain["score"].item()


def test_the_day_of_a_version_is_not_told_as_that_of_the_listing() -> None:
    findings = found(renamed("version"))
    told = f"{PERSON} is first on the version of {LISTED}: when that was listed is not said"
    assert told in findings["narrative"].item()
    assert "Listed" not in findings["narrative"].item()
    assert value(findings, "since_listing") is None


def test_a_firm_made_after_the_listing_stays_one_when_the_list_adds_an_alias() -> None:
    town = successor()
    first = town.watchlist[0]
    town.watchlist = [first | {"entry_id": "E", "listed_on": NIGHT}, first | {"entry_id": "E~", "delisted_on": NIGHT}]
    began = ("E~", "listed", "publisher", first["listed_on"])
    night = replace(town.night(), watchlist_listings=listings(began, ("E", "renamed", "version", NIGHT)))
    assert value(found(night), "successor") == 1


def test_the_table_and_the_words_give_one_bound_of_exposure() -> None:
    [term] = [term for term in DETECTOR.terms if term.code == "tainted_share"]
    assert term.threshold == ExposureParameters().least_share
    assert f"Less than {term.threshold:.0%} of the account's volume" in str(found(paid().night()).to_dicts())


def test_a_rule_that_did_not_hold_makes_nobody_owned() -> None:
    town = owned(1.0)
    early = replace(town.night(), run_date_iso="2007-12-31")
    listed = early.watchlist.with_columns(listed_on=pl.lit(date(2005, 1, 1)))
    assert found(replace(early, watchlist=listed)).is_empty()


@pytest.mark.parametrize(
    ("list_name", "shares", "named"),
    [
        pytest.param("ofac-sdn", (0.5, None), True, id="US: half"),
        pytest.param("ofac-sdn", (0.25, 0.25), True, id="US: added up"),
        pytest.param("eu-fsf", (0.5, None), True, id="EU: half"),
        pytest.param("eu-fsf", (0.25, 0.25), True, id="EU: added up"),
        pytest.param("uk-sanctions-list", (0.5, None), False, id="UK: more than half"),
        pytest.param("uk-sanctions-list", (0.51, None), True, id="UK: a little more"),
        pytest.param("uk-sanctions-list", (0.4, 0.4), False, id="UK: not added up"),
        pytest.param("UK HMT", (0.4, 0.4), False, id="UK: named otherwise"),
        pytest.param("GB", (0.4, 0.4), False, id="UK: by its code alone"),
        pytest.param("HMT consolidated", (0.4, 0.4), False, id="UK: by its treasury"),
        pytest.param("gb_hmt_sanctions", (0.4, 0.4), False, id="UK: as data sets are called"),
        pytest.param("ukraine", (0.25, 0.25), True, id="a longer word is another"),
        pytest.param("another", (0.25, 0.25), True, id="a list that no rule names"),
    ],
)
def test_a_firm_is_owned_by_the_rule_of_the_owners_list(
    list_name: str, shares: tuple[float, float | None], named: bool
) -> None:
    night = owned(*shares).night()
    listed = night.watchlist.with_columns(list_name=pl.lit(list_name), programme=pl.lit("SANCTIONS"))
    assert len(found(replace(night, watchlist=listed))) == named


def test_on_an_old_night_half_was_not_enough_for_the_european_union() -> None:
    night = replace(owned(0.5).night(), run_date_iso="2024-07-02")
    listed = night.watchlist.with_columns(list_name=pl.lit("eu-fsf"), listed_on=pl.lit(date(2022, 1, 1)))
    assert found(replace(night, watchlist=listed)).is_empty()


@pytest.mark.parametrize(
    ("list_name", "second", "other", "named"),
    [
        pytest.param("eu-fsf", False, 0.0, True, id="EU: every seat"),
        pytest.param("EU consolidated", False, 0.0, True, id="EU: named otherwise"),
        pytest.param("uk-sanctions-list", False, 0.5, True, id="UK: every seat, nobody has more than half"),
        pytest.param("ofac-sdn", False, 0.0, False, id="US: control does not count"),
        pytest.param("eu-fsf", True, 0.0, False, id="another director beside"),
        pytest.param("eu-fsf", False, 0.6, False, id="somebody else owns more than half"),
    ],
)
def test_control_counts_where_the_rule_says_so(list_name: str, second: bool, other: float, named: bool) -> None:
    town = place()
    enter(town, PERSON, list_name=list_name, programme="SANCTIONS")
    town.person("boss", name=PERSON)
    town.company("target", name="Red Harbour Supplies")
    town.own("boss", "target", role="director")
    if second:
        town.own("person5", "target", role="director")
    if other:
        town.own("person6", "target", share=other)
    findings = found(deal(town, "target").night())
    assert len(findings) == named
    if named:
        assert "every director's seat" in findings["narrative"].item()
        assert value(findings, "owned") == 0


def test_the_rule_on_ownership_is_cited_as_of_the_night() -> None:
    assert "Entities Owned by Blocked Persons, in force on 2026-03-31" in found(owned(1.0).night())["narrative"].item()


@pytest.mark.parametrize(
    ("hours", "kept", "named"), [(20, 0.04, True), (20 * 24, 0.04, False), (-20, 0.04, False), (20, 0.95, False)]
)
def test_money_is_followed_in_time_and_with_its_amount(hours: float, kept: float, named: bool) -> None:
    accounts = found(carried(hours=hours, kept=kept).night())["account_ids"].item()
    assert ("acc.person4" in accounts) == named


@pytest.mark.parametrize(
    ("days", "sums", "named"),
    [
        pytest.param((4, 18, 32), (2_000, 2_300, 2_050), False, id="a wage with a bonus"),
        pytest.param((4, 18, 32), (2_000, 2_900, 2_050), True, id="sums too far apart"),
        pytest.param((4, 11, 32), (2_000, 2_500, 2_050), True, id="out of step"),
        pytest.param((4, 6, 8), (2_000, 2_300, 2_050), True, id="every other day"),
    ],
)
def test_what_keeps_to_a_calendar_is_custom(days: tuple[int, ...], sums: tuple[int, ...], named: bool) -> None:
    town = listed_payer()
    town.person("worker", annual_turnover_usd=None)
    for day, usd in zip(days, sums, strict=True):
        town.pay(day, "listed", "worker", usd)
    assert ("acc.worker" in found(town.night())["account_ids"].explode().to_list()) == named


def test_a_step_farther_counts_less() -> None:
    near, far = found(paid().night()), found(carried().night(), least_share=0.1)
    assert value(near, "nearness") == 1
    shares = value(far, "tainted_share"), value(near, "tainted_share")
    assert all(share is not None for share in shares)


def test_followed_no_farther_than_the_parameter_says() -> None:
    accounts = found(carried().night(), hops=1)["account_ids"].item()
    assert "acc.person4" not in accounts


def test_whose_own_name_a_text_holds_is_no_suspect_of_it() -> None:
    town = said("loan for Tumaril Qesnadin Zorabek")
    assert len(found(town.night())) == 1
    town.parties[[row["party_id"] for row in town.parties].index("person7")]["name"] = PERSON
    town.person("other", name=PERSON)
    assert found(town.night()).is_empty()


def test_an_absent_list_leaves_officials_only() -> None:
    assert len(found(official().night())) == 1
    assert found(replace(paid().night(), watchlist=Town().night().watchlist)).is_empty()


def test_the_list_is_that_of_the_day() -> None:
    town = Town()
    for days in (-1, 0, 1):
        enter(town, f"listed {days}", listed_on=NIGHT + timedelta(days=days))
        enter(town, f"delisted {days}", delisted_on=NIGHT + timedelta(days=days))
    enter(town, "always", listed_on=None)
    names = set(in_force(town.night().watchlist, NIGHT)["name"])
    assert names == {"listed -1", "listed 0", "delisted 1", "always"}


@pytest.mark.parametrize(
    ("programme", "sanctioned"),
    [("SDNTK", True), ("PEP", False), ("RCA", False), ("PEP; minister of transport", False), ("PEP; SDGT", True),
     (None, True)],
)  # fmt: skip
def test_an_office_is_no_sanction(programme: str | None, sanctioned: bool) -> None:
    town = Town()
    enter(town, PERSON, programme=programme)
    assert in_force(town.night().watchlist, NIGHT)["sanctioned"].to_list() == [sanctioned]


def test_rare_words_are_stronger_than_common_ones_and_like_ones_weaker_than_equal_ones() -> None:
    names = [f"Common{number % 3} Name{number % 2}" for number in range(60)] + ["Zorabek Tumaril", "Zorabec Tumaril"]
    parties = pl.DataFrame({"party_id": [f"p{n}" for n in range(62)], "name": names}).with_columns(
        kind=pl.lit("person")
    )
    pairs = [("p0", "Common0 Name0", "Common0 Name0"), ("p60", "Zorabek Tumaril", "Zorabek Tumaril"),
             ("p61", "Zorabec Tumaril", "Zorabik Tumaril")]  # fmt: skip
    hits = pl.DataFrame(pairs, schema=["party_id", "party_name", "entry_name"], orient="row")
    hits = hits.with_columns(entry_id=pl.lit("E"), kind=pl.lit("person"))
    common, rare, like = expected(hits, vocabulary(parties))["expected"]
    assert rare < like < common
    assert common > 1
