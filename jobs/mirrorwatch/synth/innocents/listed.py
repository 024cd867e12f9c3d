"""Who looks like a tie to a watchlist and is none: namesakes, minority holdings, former entries, honest officials."""

import numpy as np

from mirrorwatch.synth import names
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.innocents.business import live, operate, sell
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL
from mirrorwatch.synth.schemes.watchlist_exposure import (
    LISTED_FIRST,
    OFFICES,
    enter,
    firm_name,
    person_name,
)

_WIRE = CHANNEL["wire"]


def _customer(planter: Planter, country: int, name: str) -> int:
    person = planter.new_person(country)
    planter.described[person]["name"] = name
    live(planter, planter.account(person))
    return person


def _deal(planter: Planter, account: int, usd: float) -> None:
    """Receive and pay something that is worth a look by itself."""
    country = int(planter.people.account_country[account])
    at = planter.office(planter.recent(3), country)
    planter.pay(Flow.LARGE, at, planter.strangers(country, 3, BUSINESSES), account, usd=usd)


def namesake(planter: Planter) -> list[int]:
    """Plant a person with a common name that a listed one in another country bears too."""
    home, abroad = planter.two_countries()
    given, family = (str(planter.rng.choice(words)) for words in (names.GIVEN, names.FAMILY))
    enter(planter, f"{given} {family}", "person", abroad)
    person = _customer(planter, home, f"{given} {family}")
    _deal(planter, planter.account(person), 6_000.0)
    return [person]


def weak_word_firm(planter: Planter) -> list[int]:
    """Plant a firm whose name shares its weak words with a listed one's."""
    country = planter.any_country()
    first, second = str(planter.rng.choice(names.FIRST)), str(planter.rng.choice(names.SECOND))
    enter(planter, f"{first} Star {second} Company", "organisation", planter.any_country())
    firm = planter.new_company(country, name=f"{first} {second} {names.SUFFIX[COUNTRY_CODES[country]]}")
    operate(planter, firm, staff=4)
    return [firm]


def minority_holding(planter: Planter) -> list[int]:
    """Plant a firm of which a listed one who is no customer here holds 30 per cent, and an honest owner the rest."""
    country = planter.any_country()
    name = person_name(planter)
    enter(planter, name, "person", country)
    # on record for the holding, without any payment
    listed = planter.new_person(country)
    planter.described[listed]["name"] = name
    planter.listed.add(listed)
    firm = planter.new_company(country, owned=False, age_days=2_000)
    planter.tie(listed, firm, share=0.3)
    planter.tie(planter.take(country, PERSONS[:2]), firm, share=0.7)
    operate(planter, firm, staff=5)
    return [firm]


def former_entry(planter: Planter) -> list[int]:
    """Plant somebody who was taken off the list last year, and a firm that will be put on it."""
    country = planter.any_country()
    name, firm = person_name(planter), firm_name(planter)
    enter(planter, name, "person", country, listed=900, delisted=300)
    enter(planter, firm, "organisation", country, listed=-20)
    person, company = _customer(planter, country, name), planter.new_company(country, name=firm)
    _deal(planter, planter.account(person), 9_000.0)
    operate(planter, company, staff=3)
    return [person, company]


def politician(planter: Planter) -> list[int]:
    """Plant an exposed person with a pension and their child, both on a list of exposed persons."""
    country = planter.any_country()
    parties = []
    for programme in ("PEP; former minister of transport", "RCA; child of a minister"):
        name = person_name(planter)
        enter(planter, name, "person", country, programme=programme, list_name="SYNTHETIC-PEP")
        parties.append(_customer(planter, country, name))
    days = planter.monthly()
    office = planter.strangers(country, 1, (Role.TAX_OFFICE,))
    planter.pay(Flow.PENSION, planter.office(days, country), office, planter.account(parties[0]), usd=3_800.0)
    planter.pay(Flow.FAMILY, planter.office(planter.recent(2), country), *map(planter.account, parties), usd=900.0)
    return parties


def customs_officer(planter: Planter) -> list[int]:
    """Plant an official of customs or a port with a wage and a loan, who sold a carrier's owner a car."""
    rng, country = planter.rng, planter.any_country()
    name, office = person_name(planter), str(rng.choice(OFFICES))
    person = planter.new_person(country)
    planter.described[person] |= {"name": name, "occupation": office}
    enter(planter, name, "person", country, programme=f"PEP; {office}", list_name="SYNTHETIC-PEP")
    account = planter.account(person)
    live(planter, account)
    bank = planter.strangers(country, 1, (Role.BANK,))
    planter.pay(Flow.LOAN, planter.office(planter.recent(1), country), bank, account, usd=9_000.0)
    planter.pay(Flow.LOAN, planter.office(planter.monthly(), country), account, bank, usd=240.0)
    carrier = planter.strangers(country, 1, (Role.LOGISTICS,))
    planter.pay(Flow.PRIVATE, planter.office(planter.recent(1), country), carrier, account, usd=4_200.0)
    return [person]


def paid_by_listed(planter: Planter) -> list[int]:
    """Plant whom everybody pays: landlord, supplier, worker and a seller of a car; by a scheme's listed one, if any."""
    rng, country = planter.rng, planter.any_country()
    listed = [label.accounts[0] for label in planter.schemes if label.label_id.endswith(LISTED_FIRST)]
    payer = int(rng.choice(listed)) if listed else int(planter.strangers(country, 1, BUSINESSES)[0])
    landlord, supplier = (planter.new_company(country, age_days=3_000, monthly_usd=30_000) for _ in range(2))
    for firm in (landlord, supplier):
        operate(planter, firm, staff=3)
        sell(planter, planter.account(firm), 12, 4_000)
    worker = planter.new_person(country)
    account = planter.account(worker)
    wage = float(planter.people.party_scale[worker]) * 12 / 26
    planter.pay(Flow.SALARY, planter.office(planter.every(14), country), payer, account, usd=wage)
    planter.pay(Flow.RENT, planter.office(planter.monthly(), country), payer, planter.account(landlord), usd=2_900.0)
    bills = planter.office(planter.recent(3), country)
    planter.pay(Flow.SUPPLIER, bills, payer, planter.account(supplier), usd=1_800 * rng.lognormal(0, 0.4, 3))
    shops = planter.strangers(country, 8, (Role.GROCER, Role.MERCHANT))
    planter.pay(Flow.CARD, planter.office(planter.recent(8), country), account, shops, usd=np.full(8, 60.0))
    seller = _customer(planter, country, person_name(planter))
    car = planter.office(planter.recent(1), country)
    planter.pay(Flow.PRIVATE, car, payer, planter.account(seller), usd=7_500.0, channel=_WIRE)
    return [landlord, supplier, worker, seller]
