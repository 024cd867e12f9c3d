"""What schemes and look-alikes about goods have in common: where they come from, chemical firms, partners, funds."""

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.population import BUSINESSES, PERSONS, Role

_CHEMICAL = (
    ("2011", "Chemical"),
    ("2029", "Fine Chemicals"),
    ("2100", "Pharma"),
    ("2100", "Biotech"),
    ("2011", "Chem"),
)
_PLAIN = (("4690", "Trading"), ("8299", "Supply"))
_PARTNERS = (Role.TRADER, Role.MANUFACTURER, Role.LOGISTICS)


def source_country(planter: Planter) -> int:
    """Draw China or Hong Kong. Raises ValueError in a world with neither."""
    weights = planter.world.habits.country_weights.copy()
    weights[[code not in ("CN", "HK") for code in COUNTRY_CODES]] = 0
    if not weights.any():
        raise ValueError("a world with neither CN nor HK has nobody to buy chemicals from")
    return int(planter.rng.choice(len(weights), p=weights / weights.sum()))


def buyer_and_source(planter: Planter) -> tuple[int, int]:
    """Draw a buyer's country and another that goods come from: China or Hong Kong where the world has either."""
    if not {"CN", "HK"} & set(planter.world.spec.countries):
        return planter.two_countries()
    source = source_country(planter)
    weights = planter.world.habits.country_weights.copy()
    weights[source] = 0
    return int(planter.rng.choice(len(weights), p=weights / weights.sum())), source


def chemical_firm(planter: Planter, country: int, *, plain: bool = False) -> int:
    """Add a chemical or pharmaceutical firm (`plain`: one that calls itself a trader); returns its account."""
    options = _PLAIN if plain else _CHEMICAL
    industry, trade = options[int(planter.rng.integers(0, len(options)))]
    party = planter.new_company(country, industry_code=industry, name=planter.firm_name(country, trade))
    return planter.account(party)


def abroad_partners(planter: Planter, account: int, number: int, *, also: int | None = None) -> np.ndarray:
    """Draw ordinary trading firms of other countries than the account's; `also`: a country that one of them is in."""
    home = int(planter.people.account_country[account])
    weights = planter.world.habits.country_weights.copy()
    weights[home] = 0
    places = planter.rng.choice(len(weights), number, p=weights / weights.sum())
    if also is not None and also != home:
        places[0] = also
    return np.concatenate([planter.strangers(int(place), 1, _PARTNERS) for place in places])


def fund(planter: Planter, account: int, usd: float) -> np.ndarray:
    """Let strangers at home pay in what an account needs, over the window; returns planted numbers."""
    rng, country = planter.rng, int(planter.people.account_country[account])
    number = int(rng.integers(6, 15))
    at = planter.office(planter.recent(number), country)
    payers = planter.strangers(country, number, (*PERSONS[:3], *BUSINESSES))
    return planter.pay(Flow.PRIVATE, at, payers, account, usd=usd * rng.dirichlet(np.full(number, 3.0)))
