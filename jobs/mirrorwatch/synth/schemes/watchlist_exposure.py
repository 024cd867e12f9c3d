"""Listed persons and firms among a bank's customers, under their own name and under others.

Easy: `holder` (a listed one holds an account in that very name), `wholly_owned` (a firm of which a listed one holds
all), `paid_directly` (a listed one pays somebody most of what that account gets). Hard: `respelt` (other letters, other
order, another legal form), `renamed` (weeks after the listing a new firm has its director and telephone), `two_layers`
(two listed ones together hold half of a firm, through firms in between), `two_hops` (money goes on through an account
with a life of its own), `newly_listed` (listed after most of the payments, or all), `official` (carriers and traders,
and an owner of one, pay an official of customs, a port or the police).
"""

from datetime import date, timedelta

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import live, operate
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL
from mirrorwatch.synth.schemes.staging import HOP, IN, OUT, Scheme, stage
from mirrorwatch.synth.spec import TypologySpec

_WIRE, _INSTANT = CHANNEL["wire"], CHANNEL["instant"]
PROGRAMMES = ("NARCO-SYN", "SDN-SYN", "ILLICIT-DRUGS-SYN")
# variants whose first account is a listed one's
LISTED_FIRST = (
    "-holder",
    "-paid_directly",
    "-two_hops",
    "-respelt",
    "-newly_listed",
)
OFFICES = ("customs officer", "customs inspector", "port authority inspector", "police commander", "harbour master")
_BEGIN = (
    "Zor",
    "Tav",
    "Mur",
    "Bel",
    "Kas",
    "Dren",
    "Vol",
    "Jas",
    "Hal",
    "Rum",
    "Qar",
    "Ost",
    "Lev",
    "Nor",
    "Pir",
    "Sel",
)
_MIDDLE = ("a", "o", "i", "e", "ari", "eno", "ovi", "ala", "uri", "este")
_END = (
    "bek",
    "din",
    "mar",
    "tov",
    "nak",
    "lis",
    "ran",
    "gul",
    "shen",
    "vic",
    "dor",
    "zan",
    "miro",
    "quet",
    "phar",
    "kell",
)
_TRADES = ("Shipping", "Chemical", "Trading", "Holdings", "Logistics", "Import Export")
_FORMS = ("LLC", "Co Ltd", "SA de CV", "Limited", "Inc", "GmbH")
# one sound, two spellings: what romanisation and clerks make of a name
_SPELLINGS = (
    ("k", "c"),
    ("q", "k"),
    ("v", "w"),
    ("ph", "f"),
    ("sh", "ch"),
    ("i", "y"),
    ("z", "s"),
    ("ou", "u"),
    ("o", "u"),
)


def word(planter: Planter) -> str:
    """Invent a word that hardly anybody else is called."""
    return "".join(str(planter.rng.choice(parts)) for parts in (_BEGIN, _MIDDLE, _END))


def person_name(planter: Planter, words: int = 3) -> str:
    """Invent a person's name of so many rare words."""
    return " ".join(word(planter) for _ in range(words))


def firm_name(planter: Planter) -> str:
    """Invent a firm's name: two rare words, a trade, a form."""
    rng = planter.rng
    return f"{word(planter)} {word(planter)} {rng.choice(_TRADES)} {rng.choice(_FORMS)}"


def respelt(planter: Planter, name: str) -> str:
    """Spell a name otherwise: one letter group of each long word, the order of words, the case."""
    rng, changed = planter.rng, []
    for each in name.split():
        lower = each.lower()
        fits = [pair for pair in _SPELLINGS if pair[0] in lower[1:]]
        if len(each) > 4 and fits and each not in _TRADES:
            old, new = fits[int(rng.integers(0, len(fits)))]
            each = each[0] + lower[1:].replace(old, new, 1)  # noqa: PLW2901
        changed.append(each)
    return changed[-1].upper() + ", " + " ".join(changed[:-1]) if rng.random() < 0.5 else " ".join(changed)


def enter(
    planter: Planter,
    name: str,
    kind: str,
    country: int,
    *,
    listed: int = 400,
    delisted: int | None = None,
    aliases: tuple[str, ...] = (),
    programme: str | None = None,
    list_name: str = "SYNTHETIC",
) -> date:
    """Put a name on the watchlist, `listed` days before the world's last one (`delisted` likewise); returns the day."""
    last = planter.world.spec.end_date
    day = last - timedelta(days=listed)
    planter.listings.append(
        {
            "list_name": list_name,
            "name": name,
            "aliases": list(aliases),
            "entity_type": kind,
            "country": COUNTRY_CODES[country],
            "programme": str(planter.rng.choice(PROGRAMMES)) if programme is None else programme,
            "listed_on": day,
            "delisted_on": None if delisted is None else last - timedelta(days=delisted),
        }
    )
    return day


def plant_watchlist_exposure(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme; its label names the listed one's accounts and those that hang on them."""
    easy = {"holder": _holder, "wholly_owned": _wholly_owned, "paid_directly": _paid_directly}
    hard = {
        "respelt": _respelt, "renamed": _renamed, "two_layers": _two_layers, "two_hops": _two_hops,
        "newly_listed": _newly_listed, "official": _official,
    }  # fmt: skip
    stage(planter, spec, label_id, hard if spec.difficulty == "hard" else easy)


def _person(scheme: Scheme, country: int, name: str) -> int:
    """Add a customer of that name who lives from the account."""
    planter = scheme.planter
    person = planter.new_person(country)
    planter.described[person]["name"] = name
    planter.listed.add(person)
    account = scheme.suspect(person)
    scheme.beside(lambda: live(planter, account))
    return account


def _firm(scheme: Scheme, country: int, name: str, *, age_days: int = 1_500) -> int:
    """Add a customer firm of that name with some business and nobody on record; returns its party."""
    planter = scheme.planter
    firm = planter.new_company(country, age_days=age_days, owned=False, name=name, industry_code="4690")
    scheme.suspect(firm)
    scheme.beside(lambda: operate(planter, firm, staff=2))
    return firm


def _deal(scheme: Scheme, account: int, number: int = 4) -> None:
    """Let strangers pay an account, and the account pay others."""
    planter, country = scheme.planter, int(scheme.planter.people.account_country[account])
    usd = scheme.amounts((15_000, 90_000), (6_000, 60_000), number) * scheme.level(country)
    at = planter.office(planter.recent(number), country)
    scheme.note(IN, 1, planter.pay(Flow.LARGE, at, planter.bystanders(country, number, BUSINESSES), account, usd=usd))
    out = planter.lagged(at, (20, 150), country, weekdays=True)
    paid = planter.pay(Flow.LARGE, out, account, planter.bystanders(country, number, BUSINESSES), usd=usd * 0.8)
    scheme.note(OUT, 1, paid)


def _holder(scheme: Scheme) -> None:
    planter = scheme.planter
    country = planter.any_country()
    if planter.rng.random() < 0.5:
        name = person_name(planter)
        enter(planter, name, "person", country)
        _deal(scheme, _person(scheme, country, name))
        return
    name = firm_name(planter)
    enter(planter, name, "organisation", country)
    _deal(scheme, planter.account(_firm(scheme, country, name)))


def _wholly_owned(scheme: Scheme) -> None:
    planter = scheme.planter
    country, name = planter.any_country(), person_name(planter)
    enter(planter, name, "person", country)
    owner = _person(scheme, country, name)
    firm = _firm(scheme, country, planter.firm_name(country, "Supply"))
    planter.tie(int(planter.people.account_party[owner]), firm, share=1.0)
    _deal(scheme, planter.account(firm))


def _listed_payer(scheme: Scheme, country: int, *, listed: int = 400) -> int:
    planter = scheme.planter
    name = firm_name(planter)
    enter(planter, name, "organisation", country, listed=listed)
    return planter.account(_firm(scheme, country, name))


def _paid_directly(scheme: Scheme) -> None:
    planter, country = scheme.planter, scheme.planter.any_country()
    payer = _listed_payer(scheme, country)
    payee = scheme.mule(country, PERSONS[:2])
    number = scheme.number((3, 6), (3, 6))
    at = planter.office(planter.recent(number), country)
    usd = scheme.amounts((9_000, 45_000), (9_000, 45_000), number) * scheme.level(country)
    scheme.note(IN, 1, planter.pay(Flow.PRIVATE, at, payer, payee, usd=usd, channel=_WIRE))


def _respelt(scheme: Scheme) -> None:
    planter = scheme.planter
    country = planter.any_country()
    if planter.rng.random() < 0.5:
        name = person_name(planter)
        enter(planter, name, "person", country)
        _deal(scheme, _person(scheme, country, respelt(planter, name)))
        return
    first, second, trade = word(planter), word(planter), str(planter.rng.choice(_TRADES))
    old, new = (str(form) for form in planter.rng.choice(_FORMS, 2, replace=False))
    enter(planter, f"{first} {second} {trade} {old}", "organisation", country)
    name = f"{respelt(planter, f'{first} {second}').replace(',', '')} {trade} {new}"
    _deal(scheme, planter.account(_firm(scheme, country, name)))


def _renamed(scheme: Scheme) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    country, listed = planter.any_country(), int(rng.integers(150, 320))
    name = firm_name(planter)
    enter(planter, name, "organisation", country, listed=listed)
    old = planter.new_company(country, age_days=2_500, owned=False, name=name)
    scheme.beside(lambda: operate(planter, old, staff=1))
    # the world begins `days` before its end; the firm was made some weeks after the listing
    age = max(listed - planter.days - int(rng.integers(10, 60)), 1)
    new = _firm(scheme, country, planter.firm_name(country, "Solutions"), age_days=age)
    director = planter.take(country, PERSONS[:2])
    for firm in (old, new):
        planter.tie(director, firm, "director")
    host = old if rng.random() < 0.7 else new
    planter.share_contact(old, host, "phone")
    planter.share_contact(new, host, "phone")
    _deal(scheme, planter.account(new))


def _two_layers(scheme: Scheme) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    country = planter.any_country()
    top = []
    for _ in range(2):
        name = person_name(planter)
        enter(planter, name, "person", country)
        top.append(int(planter.people.account_party[_person(scheme, country, name)]))
    between = [_firm(scheme, country, planter.firm_name(country, "Partners")) for _ in range(2)]
    target = _firm(scheme, country, planter.firm_name(country, "Goods"))
    for owner, firm in zip(top, between, strict=True):
        planter.tie(owner, firm, share=round(float(rng.uniform(0.5, 0.9)), 2))
    first = round(float(rng.uniform(0.26, 0.3)), 2)
    for firm, share in zip(between, (first, round(0.51 - first + float(rng.uniform(0, 0.1)), 2)), strict=True):
        planter.tie(firm, target, share=share)
    _deal(scheme, planter.account(target))


def _two_hops(scheme: Scheme) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    country = planter.any_country()
    payer = _listed_payer(scheme, country)
    between, last = scheme.mule(country, PERSONS[:2]), scheme.mule(country, PERSONS[:2])
    number = scheme.number((3, 6), (3, 6))
    usd = scheme.amounts((8_000, 40_000), (8_000, 40_000), number) * scheme.level(country)
    at = planter.office(planter.recent(number, after_days=6), country)
    for group, (moment, worth) in enumerate(zip(at, usd, strict=True), start=1):
        first = planter.pay(Flow.PRIVATE, moment, payer, between, usd=worth, channel=_WIRE)
        on = planter.lagged(np.array([moment]), (6, 90), country)
        kept = worth * rng.uniform(0.92, 0.99)
        scheme.note(IN, group, first)
        scheme.note(HOP, group, planter.pay(Flow.PRIVATE, on, between, last, usd=kept, channel=_INSTANT))


def _newly_listed(scheme: Scheme) -> None:
    planter = scheme.planter
    country, name = planter.any_country(), person_name(planter)
    enter(planter, name, "person", country, listed=int(planter.rng.integers(0, 4)))
    _deal(scheme, _person(scheme, country, name), 5)


def _official(scheme: Scheme) -> None:
    planter, rng = scheme.planter, scheme.planter.rng
    country = planter.any_country()
    official = planter.new_person(country)
    office = str(rng.choice(OFFICES))
    planter.described[official]["occupation"] = office
    name = person_name(planter)
    planter.described[official]["name"] = name
    # an occupation is unknown of some: whoever is to be found stands on the list too
    enter(planter, name, "person", country, programme=f"PEP; {office}", list_name="SYNTHETIC-PEP")
    account = scheme.suspect(official)
    scheme.beside(lambda: live(planter, account))
    payers = [scheme.mule(country, (kind,)) for kind in (Role.LOGISTICS, Role.TRADER)]
    owner = scheme.mule(country, PERSONS[:2])
    planter.tie(int(planter.people.account_party[owner]), int(planter.people.account_party[payers[0]]), "director")
    number = scheme.number((6, 9), (6, 9))
    income = float(planter.people.party_scale[official])
    usd = income * rng.uniform(0.25, 0.7, number)
    at = planter.office(planter.recent(number), country)
    by = rng.choice([*payers, owner], number)
    by[:3] = [*payers, owner]
    scheme.note(IN, 1, planter.pay(Flow.PRIVATE, at, by, account, usd=usd))
