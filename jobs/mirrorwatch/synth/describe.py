"""The parties, accounts and ownership tables as the contract asks for them, from arrays and what planting set."""

from typing import Any

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNT_TYPES, ACCOUNTS, OWNERSHIP, PARTIES
from mirrorwatch.synth import names
from mirrorwatch.synth.economy import Economy
from mirrorwatch.synth.places import BANK_CODES, COUNTRIES, COUNTRY_CODES, CURRENCIES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import OPEN, Role, is_business, is_person
from mirrorwatch.synth.seeds import Section, generator

_ISIC = {
    Role.GROCER: "4711", Role.RESTAURANT: "5610", Role.MERCHANT: "4771", Role.SERVICE: "7020", Role.CONSTRUCTION: "4100",
    Role.TRADER: "4690", Role.MANUFACTURER: "2599", Role.LOGISTICS: "5229", Role.LANDLORD: "6810",
    Role.TAX_OFFICE: "8411", Role.UTILITY: "3510", Role.TELECOM: "6110", Role.INSURER: "6512", Role.BANK: "6419",
    Role.ACQUIRER: "6619", Role.EXCHANGE: "6499", Role.REMITTER: "6619", Role.UNIVERSITY: "8530", Role.PLANTED: "7020",
}  # fmt: skip
_LICENCE = {Role.BANK: "bank", Role.ACQUIRER: "psp", Role.EXCHANGE: "msb", Role.REMITTER: "msb", Role.INSURER: None}
_OCCUPATIONS = (
    "clerk",
    "driver",
    "nurse",
    "teacher",
    "engineer",
    "cook",
    "cleaner",
    "accountant",
    "manager",
    "labourer",
)
_PERSON_OCCUPATION = {Role.SELF_EMPLOYED: "self-employed", Role.RETIRED: "retired", Role.STUDENT: "student",
                      Role.HOMEMAKER: "homemaker"}  # fmt: skip
_AGENT_SHARE = 0.05  # businesses registered at an agent's address that many others share
_AGENTS_PER_COUNTRY = 3
_HOUSEHOLD_SHARE = 0.3  # persons who share an address and telephone with the person before


def _gather(rng: np.random.Generator, words: tuple[str, ...], n: int) -> pl.Series:
    return pl.Series(words).gather(rng.integers(0, len(words), n))


def _lookup(words: dict[Any, Any], keys: np.ndarray) -> pl.Series:
    table: list[Any] = [None] * (int(max(Role)) + 1)
    for key, word in words.items():
        table[int(key)] = word
    return pl.Series(table, dtype=pl.String).gather(keys.astype(np.int64))


def parties_frame(planter: Planter, identifiers: np.ndarray) -> pl.DataFrame:
    """contract.PARTIES, sorted by id. Optional columns are null at the world's rates, planted parties like the rest."""
    people, habits = planter.people, planter.world.habits
    rng = generator(planter.world.spec.seed, Section.DESCRIPTION)
    role, country = people.party_role, people.party_country
    person = is_person(role)
    n = people.parties
    frame = pl.DataFrame(
        {
            "party_id": identifiers,
            "party_type": pl.Series(person).replace_strict({True: "person", False: "organisation"}),
            "name": _names(rng, person, country),
            "country": pl.Series(COUNTRY_CODES).gather(country.astype(np.int64)),
            "industry_code": _lookup(_ISIC, role),
            "occupation": _occupations(rng, role, person),
            "born_or_incorporated_on": pl.Series(people.party_born.astype("datetime64[D]")),
            **_contacts(rng, person, country),
            "employees": _employees(rng, role, people.party_scale),
            "annual_turnover_usd": np.round(people.party_scale * 12 * rng.lognormal(0, 0.25, n), -2),
            "licence": _lookup(_LICENCE, role),
        }
    ).with_columns(pl.col("annual_turnover_usd").cast(pl.Decimal(18, 2)), pl.col("employees").cast(pl.Int64))
    frame = _override(frame, planter)
    for column, rate in habits.null_rates.items():
        hidden = rng.random(n) < rate
        frame = frame.with_columns(pl.when(~pl.Series(hidden)).then(pl.col(column)).alias(column))
    frame = _shared_addresses(frame, planter)
    return frame.select(list(PARTIES.schema)).cast(dict(PARTIES.schema)).sort("party_id")


def _names(rng: np.random.Generator, person: np.ndarray, country: np.ndarray) -> pl.Series:
    n = len(person)
    parts = pl.DataFrame(
        {
            "given": _gather(rng, names.GIVEN, n),
            "family": _gather(rng, names.FAMILY, n),
            "first": _gather(rng, names.FIRST, n),
            "second": _gather(rng, names.SECOND, n),
            "suffix": pl.Series([names.SUFFIX[code] for code in COUNTRY_CODES]).gather(country.astype(np.int64)),
            "number": rng.integers(1, 400, n),
            "person": person,
        }
    )
    private = pl.concat_str("given", "family", separator=" ")
    firm = pl.concat_str("first", "second", "number", "suffix", separator=" ")
    return parts.select(pl.when("person").then(private).otherwise(firm)).to_series()


def _occupations(rng: np.random.Generator, role: np.ndarray, person: np.ndarray) -> pl.Series:
    drawn = _gather(rng, _OCCUPATIONS, len(role))
    known = _lookup(_PERSON_OCCUPATION, role)
    frame = pl.DataFrame({"drawn": drawn, "known": known, "person": person})
    return frame.select(pl.when("person").then(pl.coalesce("known", "drawn"))).to_series()


def _contacts(rng: np.random.Generator, person: np.ndarray, country: np.ndarray) -> dict[str, pl.Series]:
    """Address, phone, email: households share the first two, some businesses sit at a registered agent's address."""
    n = len(person)
    home = np.arange(n)
    shares = person & (rng.random(n) < _HOUSEHOLD_SHARE)
    shares[1:] &= person[:-1] & (country[1:] == country[:-1])
    shares[0] = False
    home = np.maximum.accumulate(np.where(shares, 0, home))
    at_agent = ~person & (rng.random(n) < _AGENT_SHARE)
    agent = country.astype(np.int64) * _AGENTS_PER_COUNTRY + rng.integers(0, _AGENTS_PER_COUNTRY, n)
    own = _addresses(rng, country).gather(home)
    agents = _addresses(rng, np.repeat(np.arange(len(COUNTRIES)), _AGENTS_PER_COUNTRY)).gather(agent)
    address = pl.DataFrame({"own": own, "agent": agents, "at": at_agent}).select(
        pl.when("at").then("agent").otherwise("own")
    )
    prefixes = pl.Series([place.dialling_code for place in COUNTRIES]).gather(country.astype(np.int64))
    digits = pl.Series(rng.integers(200_000_000, 999_999_999, n)).cast(pl.String).gather(home)
    user = pl.Series(rng.integers(10**6, 10**10, n)).cast(pl.String)
    return {
        "address": address.to_series(),
        "phone": pl.select(pl.concat_str(prefixes, digits, separator=" ")).to_series(),
        "email": pl.select(pl.concat_str(pl.lit("u"), user, pl.lit("@mail.example"))).to_series(),
    }


def _addresses(rng: np.random.Generator, country: np.ndarray) -> pl.Series:
    n = len(country)
    cities = [f"{city}, {place.code}" for place in COUNTRIES for city in place.cities]
    start = np.cumsum([0] + [len(place.cities) for place in COUNTRIES])[:-1]
    size = np.array([len(place.cities) for place in COUNTRIES])
    city = start[country] + (rng.random(n) * size[country]).astype(np.int64)
    number = pl.Series(rng.integers(1, 9_000, n)).cast(pl.String)
    street, place = _gather(rng, names.STREETS, n), pl.Series(cities).gather(city)
    return pl.select(pl.concat_str(number, pl.lit(" "), street, pl.lit(", "), place)).to_series()


def _employees(rng: np.random.Generator, role: np.ndarray, scale: np.ndarray) -> pl.Series:
    staff = np.maximum(1, np.rint(scale / 9_000 * rng.lognormal(0, 0.5, len(role)))).astype(np.int64)
    return pl.DataFrame({"staff": staff, "person": is_person(role)}).select(pl.when(~pl.col("person")).then("staff")
                                                                            ).to_series()  # fmt: skip


def _override(frame: pl.DataFrame, planter: Planter) -> pl.DataFrame:
    """What planting said of its own parties, in place of what was drawn."""
    for column in ("name", "industry_code", "employees", "annual_turnover_usd", "licence", "occupation"):
        said = {party: about[column] for party, about in planter.described.items() if column in about}
        if said:
            values = frame[column].to_list() if len(frame) < 1 else None
            del values
            index = pl.Series(list(said), dtype=pl.UInt32)
            frame = frame.with_columns(
                frame[column].scatter(index, pl.Series(list(said.values()), dtype=frame[column].dtype, strict=False))
            )
    return frame


def _shared_addresses(frame: pl.DataFrame, planter: Planter) -> pl.DataFrame:
    """Parties that were planted at one address: after nulls, so that the one given is the one shared."""
    address = frame["address"].to_list() if planter.described else []
    shared = {p: about["address_of"] for p, about in planter.described.items() if "address_of" in about}
    for party, other in shared.items():
        if address[other] is None:
            address[other] = f"{1 + other % 900} Ropewalk, {COUNTRIES[planter.people.party_country[other]].cities[0]}"
        address[party] = address[other]
    return frame.with_columns(pl.Series("address", address, dtype=pl.String)) if shared else frame


def accounts_frame(world: Economy, identifiers: np.ndarray, parties: np.ndarray) -> pl.DataFrame:
    """contract.ACCOUNTS, sorted by id."""
    people = world.population
    closed = people.account_closed.astype("datetime64[D]")
    frame = pl.DataFrame(
        {
            "account_id": identifiers,
            "party_id": parties[people.account_party],
            "institution_id": pl.Series(BANK_CODES).gather(people.account_bank.astype(np.int64)),
            "country": pl.Series(COUNTRY_CODES).gather(people.account_country.astype(np.int64)),
            "currency": pl.Series(CURRENCIES).gather(people.account_currency.astype(np.int64)),
            "account_type": pl.Series(ACCOUNT_TYPES).gather(people.account_type.astype(np.int64)),
            "opened_on": people.account_opened.astype("datetime64[D]"),
            "closed_on": np.where(people.account_closed == OPEN, np.datetime64("NaT"), closed),
        }
    )
    return frame.cast(dict(ACCOUNTS.schema)).sort("account_id")


def ownership_frame(planter: Planter, parties: np.ndarray) -> pl.DataFrame:
    """contract.OWNERSHIP: an owner and mostly a director for each background business, groups, and planted ties."""
    people = planter.people
    rng = generator(planter.world.spec.seed, Section.OWNERSHIP)
    firms = np.flatnonzero(is_business(people.party_role))
    persons = np.flatnonzero(is_person(people.party_role))
    known = firms[rng.random(len(firms)) < 0.92]  # noqa: PLR2004 : of the rest no owner is on record
    owner = persons[rng.integers(0, len(persons), len(known))]
    grouped = rng.random(len(known)) < 0.04  # noqa: PLR2004
    owner = np.where(grouped & (known > firms[0]), firms[rng.integers(0, len(firms), len(known))], owner)
    owner = np.where(owner == known, persons[0], owner)
    director = np.where(rng.random(len(known)) < 0.7, np.where(grouped, persons[0], owner),  # noqa: PLR2004
                        persons[rng.integers(0, len(persons), len(known))])  # fmt: skip
    share = np.round(np.where(rng.random(len(known)) < 0.6, 1.0, rng.uniform(0.25, 0.95, len(known))), 2)  # noqa: PLR2004
    background = pl.DataFrame(
        {
            "owner_party_id": np.concatenate([parties[owner], parties[director]]),
            "owned_party_id": np.concatenate([parties[known], parties[known]]),
            "role": ["shareholder"] * len(known) + ["director"] * len(known),
            "share": pl.concat([pl.Series(share), pl.Series([None] * len(known), dtype=pl.Float64)]),
            "since": np.concatenate([people.party_born[known]] * 2).astype("datetime64[D]"),
        }
    ).with_columns(until=pl.lit(None, dtype=pl.Date()))
    frame = pl.concat([background, _planted_ties(planter, parties)]).cast(dict(OWNERSHIP.schema))
    return frame.unique(subset=list(OWNERSHIP.key)).sort(*OWNERSHIP.key)


def _planted_ties(planter: Planter, parties: np.ndarray) -> pl.DataFrame:
    people = planter.people
    owners, owned = ([tie[i] for tie in planter.ties] for i in (0, 1))
    since = people.party_born[np.array(owned, dtype=np.int64)].astype("datetime64[D]")
    return pl.DataFrame(
        {
            "owner_party_id": pl.Series(parties[np.array(owners, dtype=np.int64)], dtype=pl.String),
            "owned_party_id": pl.Series(parties[np.array(owned, dtype=np.int64)], dtype=pl.String),
            "role": pl.Series([tie[2] for tie in planter.ties], dtype=pl.String),
            "share": pl.Series([tie[3] for tie in planter.ties], dtype=pl.Float64),
            "since": pl.Series(since, dtype=pl.Date),
            "until": pl.Series([None] * len(owners), dtype=pl.Date),
        }
    )
