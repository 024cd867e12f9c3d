"""The parties and accounts tables as the contract asks for them, from arrays and from what planting set."""

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNT_TYPES, ACCOUNTS, PARTIES
from mirrorwatch.synth import names
from mirrorwatch.synth.places import BANK_CODES, COUNTRIES, COUNTRY_CODES, CURRENCIES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import OPEN, Population, Role, is_person
from mirrorwatch.synth.seeds import Section, generator

_ISIC: dict[Role, str | None] = {
    Role.GROCER: "4711", Role.RESTAURANT: "5610", Role.MERCHANT: "4771", Role.SERVICE: "7020",
    Role.CONSTRUCTION: "4100", Role.TRADER: "4690", Role.MANUFACTURER: "2599", Role.LOGISTICS: "5229",
    Role.LANDLORD: "6810", Role.TAX_OFFICE: "8411", Role.UTILITY: "3510", Role.TELECOM: "6110", Role.INSURER: "6512",
    Role.BANK: "6419", Role.ACQUIRER: "6619", Role.EXCHANGE: "6499", Role.REMITTER: "6619", Role.UNIVERSITY: "8530",
    Role.PLANTED: "7020",
}  # fmt: skip
_LICENCE: dict[Role, str | None] = {
    Role.BANK: "bank", Role.ACQUIRER: "psp", Role.EXCHANGE: "msb", Role.REMITTER: "msb",
}  # fmt: skip
_OCCUPATIONS = (
    "clerk", "driver", "nurse", "teacher", "engineer", "cook", "cleaner", "accountant", "manager", "labourer",
)  # fmt: skip
_PERSON_OCCUPATION: dict[Role, str | None] = {
    Role.SELF_EMPLOYED: "self-employed", Role.RETIRED: "retired", Role.STUDENT: "student", Role.HOMEMAKER: "homemaker",
}  # fmt: skip
_USD_PER_EMPLOYEE = 9_000  # of monthly turnover
_OVERRIDDEN = ("name", "occupation", "industry_code", "employees", "annual_turnover_usd", "licence")


def parties_frame(planter: Planter, identifiers: np.ndarray) -> pl.DataFrame:
    """Make contract.PARTIES, sorted by id. Optional columns are null at the world's rates, planted parties' too."""
    people = planter.people
    rng = generator(planter.world.spec.seed, Section.DESCRIPTION)
    role, country = people.party_role, people.party_country
    person = is_person(role)
    turnover = np.round(people.party_scale * 12 * rng.lognormal(0, 0.25, people.parties), -2)
    employees = np.maximum(1, people.party_scale / _USD_PER_EMPLOYEE * rng.lognormal(0, 0.5, people.parties))
    frame = pl.DataFrame(
        {
            "party_id": identifiers,
            "party_type": pl.Series(np.where(person, "person", "organisation")),
            "name": _names(rng, person, country),
            "country": _gather(COUNTRY_CODES, country),
            "industry_code": _of_role(_ISIC, role),
            "occupation": _occupations(rng, role, person),
            "born_or_incorporated_on": pl.Series(people.party_born.astype("datetime64[D]")),
            **_contacts(rng, person, country),
            "employees": pl.Series(employees.astype(np.int64)).zip_with(pl.Series(~person), _nothing(len(person))),
            "annual_turnover_usd": pl.Series(turnover).cast(pl.Decimal(18, 2)),
            "licence": _of_role(_LICENCE, role),
        }
    )
    frame = _with_nulls(_overridden(frame, planter), rng, planter.world.habits.null_rates)
    frame = _with_shared_contacts(_at_one_address(frame, planter), planter)
    return frame.select(list(PARTIES.schema)).sort("party_id")


def _nothing(n: int) -> pl.Series:
    return pl.Series([None], dtype=pl.Int64).new_from_index(0, n)


def _gather(words: tuple[str, ...], index: np.ndarray) -> pl.Series:
    return pl.Series(words).gather(index.astype(np.int64))


def _draw(rng: np.random.Generator, words: tuple[str, ...], n: int) -> pl.Series:
    return _gather(words, rng.integers(0, len(words), n))


def _of_role(words: dict[Role, str | None], role: np.ndarray) -> pl.Series:
    table = [words.get(Role(code)) if code in list(Role) else None for code in range(max(Role) + 1)]
    return pl.Series(table, dtype=pl.String).gather(role.astype(np.int64))


def _joined(*parts: pl.Series | str) -> pl.Series:
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def _names(rng: np.random.Generator, person: np.ndarray, country: np.ndarray) -> pl.Series:
    n = len(person)
    initial = _draw(rng, tuple("ABCDEFGHIJKLMNOPRSTVWY"), n)
    private = _joined(_draw(rng, names.GIVEN, n), " ", initial, ". ", _draw(rng, names.FAMILY, n))
    number = pl.Series(rng.integers(1, 400, n)).cast(pl.String)
    suffix = _gather(tuple(names.SUFFIX[code] for code in COUNTRY_CODES), country)
    firm = _joined(_draw(rng, names.FIRST, n), " ", _draw(rng, names.SECOND, n), " ", number, " ", suffix)
    return private.zip_with(pl.Series(person), firm)


def _occupations(rng: np.random.Generator, role: np.ndarray, person: np.ndarray) -> pl.Series:
    known = _of_role(_PERSON_OCCUPATION, role)
    drawn = known.zip_with(known.is_not_null(), _draw(rng, _OCCUPATIONS, len(role)))
    return drawn.zip_with(pl.Series(person), pl.Series([None], dtype=pl.String).new_from_index(0, len(role)))


def _contacts(rng: np.random.Generator, person: np.ndarray, country: np.ndarray) -> dict[str, pl.Series]:
    """Draw address, phone and email. Households share the first two; some firms sit at a registered agent's address."""
    n = len(person)
    shares = person & (rng.random(n) < names.HOUSEHOLD_SHARE)
    shares[1:] &= person[:-1] & (country[1:] == country[:-1])
    shares[0] = False
    home = np.maximum.accumulate(np.where(shares, 0, np.arange(n)))  # the member that a household is named by
    at_agent = ~person & (rng.random(n) < names.AGENT_SHARE)
    agent = country.astype(np.int64) * names.AGENTS_PER_COUNTRY + rng.integers(0, names.AGENTS_PER_COUNTRY, n)
    agents = _addresses(rng, np.repeat(np.arange(len(COUNTRIES)), names.AGENTS_PER_COUNTRY))
    digits = pl.Series(rng.integers(200_000_000, 999_999_999, n)).cast(pl.String).gather(home)
    mailbox = pl.Series(rng.integers(10**6, 10**10, n)).cast(pl.String)
    return {
        "address": agents.gather(agent).zip_with(pl.Series(at_agent), _addresses(rng, country).gather(home)),
        "phone": _joined(_gather(tuple(place.dialling_code for place in COUNTRIES), country), " ", digits),
        "email": _joined("u", mailbox, "@mail.example"),
    }


def _addresses(rng: np.random.Generator, country: np.ndarray) -> pl.Series:
    cities = tuple(f"{city}, {place.code}" for place in COUNTRIES for city in place.cities)
    size = np.array([len(place.cities) for place in COUNTRIES])
    start = np.cumsum(size) - size
    city = start[country] + (rng.random(len(country)) * size[country]).astype(np.int64)
    number = pl.Series(rng.integers(1, 9_000, len(country))).cast(pl.String)
    return _joined(number, " ", _draw(rng, names.STREETS, len(country)), ", ", _gather(cities, city))


def _overridden(frame: pl.DataFrame, planter: Planter) -> pl.DataFrame:
    """Put what planting said of its own parties in place of what was drawn."""
    for column in _OVERRIDDEN:
        said = {party: about[column] for party, about in planter.described.items() if column in about}
        if said:
            values = pl.Series(list(said.values()), strict=False).cast(frame[column].dtype)
            frame = frame.with_columns(frame[column].scatter(pl.Series(list(said)), values))
    return frame


def _with_nulls(frame: pl.DataFrame, rng: np.random.Generator, rates: dict[str, float]) -> pl.DataFrame:
    hidden = {column: pl.Series(rng.random(len(frame)) < rate) for column, rate in rates.items()}
    return frame.with_columns(pl.when(~mask).then(pl.col(column)).alias(column) for column, mask in hidden.items())


def _at_one_address(frame: pl.DataFrame, planter: Planter) -> pl.DataFrame:
    """Give parties that were planted at one address that address: after the nulls, so that it is known of all."""
    shared = planter.hosts
    if not shared:
        return frame
    hosts = sorted(set(shared.values()))
    places = [COUNTRIES[planter.people.party_country[host]] for host in hosts]
    fallback = {host: f"{1 + host % 900} Ropewalk, {place.cities[0]}, {place.code}"
                for host, place in zip(hosts, places, strict=True)}  # fmt: skip
    address = {host: frame["address"][host] or fallback[host] for host in hosts}
    address |= {party: address[host] for party, host in shared.items()}
    return frame.with_columns(frame["address"].scatter(pl.Series(list(address)), pl.Series(list(address.values()))))


def _with_shared_contacts(frame: pl.DataFrame, planter: Planter) -> pl.DataFrame:
    """Give parties that were planted with one telephone or e-mail that one; also after the nulls."""
    for column, shared in planter.contacts.items():
        if not shared:
            continue
        known: dict[int, str] = {}
        for host in sorted(set(shared.values())):
            code = COUNTRIES[planter.people.party_country[host]].dialling_code
            number = 200_000_000 + host * 7_919_317 % 799_999_999  # as long as what is drawn for others
            drawn = f"{code} {number}" if column == "phone" else f"u{number}@mail.example"
            known[host] = frame[column][host] or drawn
        known |= {party: known[host] for party, host in shared.items()}
        frame = frame.with_columns(frame[column].scatter(pl.Series(list(known)), pl.Series(list(known.values()))))
    return frame


def accounts_frame(people: Population, identifiers: np.ndarray, parties: np.ndarray) -> pl.DataFrame:
    """Make contract.ACCOUNTS, sorted by id."""
    closed = np.where(
        people.account_closed == OPEN, np.datetime64("NaT"), people.account_closed.astype("datetime64[D]")
    )
    frame = pl.DataFrame(
        {
            "account_id": identifiers,
            "party_id": parties[people.account_party],
            "institution_id": _gather(BANK_CODES, people.account_bank),
            "country": _gather(COUNTRY_CODES, people.account_country),
            "currency": _gather(CURRENCIES, people.account_currency),
            "account_type": _gather(ACCOUNT_TYPES, people.account_type),
            "opened_on": people.account_opened.astype("datetime64[D]"),
            "closed_on": closed.astype("datetime64[D]"),
        }
    )
    return frame.select(list(ACCOUNTS.schema)).sort("account_id")
