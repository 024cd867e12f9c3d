"""Buying precursors and equipment: payments to China or Hong Kong that nothing in the payer's trade explains.

Variants: `direct` (an importer of an unrelated trade pays chemical or pharmaceutical firms), `routed` (through a
trading company in a third country), `retail` (private buyers make many small purchases from people who share a
telephone or an e-mail), `ramp` (the same, bought and paid out through crypto exchanges).
Easy: a young firm without staff, often a second one with the same telephone and e-mail; 8 to 14 wires of 12,000 to
90,000 USD to firms that are chemical by name and trade, some texts that say so; sellers of small lots share both.
Hard: an ordinary firm of the background that goes on importing from others; 8 to 14 purchases of 6,000 to 35,000 USD
in one to three instalments, some sellers not chemical by name, documents of other goods, no texts; the company
between has business of its own and keeps 1 to 6 in a hundred for up to six days; small sellers share one contact, and
not all do.
The labels name the buyers, the company between and the small sellers; not chemical firms, which may not know.
Companies between are in whichever other country a world has: it knows no Germany, India, Turkey or Guatemala.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.economy import rounded
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.goods import abroad_partners, chemical_firm, fund, source_country
from mirrorwatch.synth.moments import ONLINE
from mirrorwatch.synth.places import COUNTRY_CODES, US
from mirrorwatch.synth.planting import COVER, Label, Planter
from mirrorwatch.synth.population import PERSONS, Role
from mirrorwatch.synth.rows import CHANNEL, NONE
from mirrorwatch.synth.spec import TypologySpec

VARIANTS = ("direct", "routed", "retail", "ramp")
_TRADES = (
    ("4641", "Textiles"),
    ("4630", "Foods"),
    ("4652", "Electronics"),
    ("4771", "Fashion"),
    ("4649", "Home Goods"),
)
_FIRMS = (Role.MERCHANT, Role.LOGISTICS, Role.GROCER, Role.RESTAURANT)
_TEXTS = ("CAS {a}-{b}-{c}", "customs clearance guaranteed", "chemical sample {a}", "intermediate powder 25 kg")
_OTHER_GOODS = ("610910", "392690", "851762", "080440")
_TRANSITS = ("DE", "IN", "TR", "GT", None, None)  # what documents say of the way; accounts are elsewhere


def plant_precursors(planter: Planter, spec: TypologySpec, label_id: str) -> None:
    """Plant one scheme and its label. Raises ValueError in a world without China and Hong Kong."""
    label = Label(label_id, spec.typology, spec.difficulty)
    variant, hard = str(planter.rng.choice(VARIANTS)), spec.difficulty == "hard"
    home, source = _home(planter), source_country(planter)
    if variant in ("retail", "ramp"):
        suspects = _small_lots(planter, label, home, source, hard=hard, ramp=variant == "ramp")
    else:
        suspects = _bulk(planter, label, home, source, hard=hard, routed=variant == "routed")
    planter.finish(label, suspects)


def _home(planter: Planter) -> int:
    """Draw the buyer's country: Mexico in most cases, never China or Hong Kong."""
    weights = planter.world.habits.country_weights.copy()
    weights[[code in ("CN", "HK") for code in COUNTRY_CODES]] = 0
    weights[COUNTRY_CODES.index("MX")] *= 8
    if not weights.any():
        raise ValueError("precursor_procurement: a world needs a country beside CN and HK")
    return int(planter.rng.choice(len(weights), p=weights / weights.sum()))


# bulk: direct, or through a company in a third country --------------------------------------------------------


@dataclass(frozen=True)
class _Trade:
    """One importer's bad trade. `between`: the company in a third country that pays the sellers, or None."""

    planter: Planter
    label: Label
    hard: bool
    between: int | None


def _bulk(planter: Planter, label: Label, home: int, source: int, *, hard: bool, routed: bool) -> list[int]:
    rng = planter.rng
    buyers = [planter.account(planter.take(home, _FIRMS))] if hard else _fronts(planter, home)
    sellers = [chemical_firm(planter, source)]  # one at least is chemical by name and trade
    sellers += [chemical_firm(planter, source, plain=hard and rng.random() < 0.6) for _ in range(rng.integers(1, 3))]
    trade = _Trade(planter, label, hard, _between(planter, home, hard=hard) if routed else None)
    number = int(rng.integers(8, 15))
    starts = planter.office(planter.recent(number, after_days=12), home)
    low, high = np.log((6_000, 35_000) if hard else (12_000, 90_000))
    usd = np.exp(rng.uniform(low, high, number))
    usd = rounded(rng, (usd * 100).astype(np.int64), 0.2) / 100 if hard else np.rint(usd / 1_000) * 1_000
    for group, (start, worth) in enumerate(zip(starts, usd.tolist(), strict=True), start=1):
        _buy(trade, group, (buyers[group % len(buyers)], int(rng.choice(sellers))), np.array([start]), worth)
    if hard:
        _go_on_importing(planter, label, buyers[0], source, float(usd.sum()))
    else:
        for buyer in buyers:
            label.add(0, COVER, fund(planter, buyer, float(usd.sum()) / len(buyers)))
    return [*buyers, *([] if trade.between is None else [trade.between])]


def _buy(trade: _Trade, group: int, sides: tuple[int, int], at: np.ndarray, usd: float) -> None:
    """Pay once for a delivery: to the seller, or to the company between, which pays the seller."""
    planter, (buyer, seller) = trade.planter, sides
    if trade.between is None:
        _pay_seller(trade, (group, 1), sides, (at, usd))
        return
    trade.label.add(group, "in", _wire(planter, at, buyer, trade.between, np.array([usd])))
    country = int(planter.people.account_country[trade.between])
    later = planter.lagged(at, (20, 144) if trade.hard else (2, 48), country, weekdays=True)
    kept = planter.rng.uniform(0.01, 0.06 if trade.hard else 0.02)
    _pay_seller(trade, (group, 2), (trade.between, seller), (later, usd * (1 - kept)))


def _fronts(planter: Planter, home: int) -> list[int]:
    """Add one or two young importers of some other trade; two share telephone and e-mail, and no owner."""
    rng, fronts = planter.rng, list[int]()
    for _ in range(int(rng.integers(1, 3))):
        industry, trade = _TRADES[int(rng.integers(0, len(_TRADES)))]
        fronts.append(
            planter.new_company(
                home, age_days=int(rng.integers(60, 500)), monthly_usd=float(rng.uniform(6_000, 20_000)),
                industry_code=industry, employees=int(rng.integers(0, 3)), name=planter.firm_name(home, trade),
            )
        )  # fmt: skip
    for party in fronts if len(fronts) > 1 else ():
        planter.share_contact(party, fronts[0], "phone")
        planter.share_contact(party, fronts[0], "email")
    return [planter.account(party) for party in fronts]


def _between(planter: Planter, home: int, *, hard: bool) -> int:
    """Choose the trading company in a third country: a shell of another trade, or, hard, a trader with business."""
    weights = planter.world.habits.country_weights.copy()
    weights[[code in ("CN", "HK") for code in COUNTRY_CODES]] = 0
    weights[home] = 0
    country = int(planter.rng.choice(len(weights), p=weights / weights.sum())) if weights.any() else home
    if hard:
        return planter.account(planter.take(country, (Role.TRADER, Role.LOGISTICS)))
    industry, trade = _TRADES[int(planter.rng.integers(0, len(_TRADES)))]
    age = int(planter.rng.integers(60, 600))
    return planter.account(
        planter.new_company(country, age_days=age, monthly_usd=15_000, industry_code=industry, employees=1,
                            name=planter.firm_name(country, trade))
    )  # fmt: skip


def _wire(planter: Planter, at: np.ndarray, payer: int, payee: int, usd: np.ndarray, **fixed: int) -> np.ndarray:
    amount = np.rint(usd * 100).astype(np.int64)
    return planter.pay(Flow.FOREIGN, at, payer, payee, amount=amount, currency=US, channel=CHANNEL["wire"], **fixed)


def _pay_seller(trade: _Trade, place: tuple[int, int], sides: tuple[int, int], due: tuple[np.ndarray, float]) -> None:
    """Pay a chemical firm, in up to three instalments where it is hard; a document may tell of other goods."""
    planter, rng, (payer, seller), (at, usd) = trade.planter, trade.planter.rng, sides, due
    number = int(rng.integers(1, 4)) if trade.hard else 1
    country = int(planter.people.account_country[payer])
    later = planter.lagged(np.repeat(at, number - 1), (20, 100), country, weekdays=True)
    times = np.sort(np.concatenate([at, later]))
    text = {"purpose": planter.text(_drawn_text(rng))} if not trade.hard and rng.random() < 0.4 else {}
    planted = _wire(planter, times, payer, seller, usd * rng.dirichlet(np.full(number, 4.0)), **text)
    trade.label.add(place[0], "out", planted, first_step=place[1])
    if rng.random() < (0.5 if trade.hard else 0.3):
        row = int(planted[0]) if rng.random() < 0.3 else NONE
        planter.document(seller, payer, usd * rng.normal(1, 0.02), int(times[0]), row=row,
                         hs_code=str(rng.choice(_OTHER_GOODS)), parcels=int(rng.integers(1, 40)),
                         transit=_TRANSITS[int(rng.integers(0, len(_TRANSITS)))])  # fmt: skip


def _drawn_text(rng: np.random.Generator) -> str:
    numbers = {"a": rng.integers(10_000, 99_999), "b": rng.integers(10, 99), "c": rng.integers(0, 9)}
    return str(rng.choice(_TEXTS)).format(**numbers)


def _go_on_importing(planter: Planter, label: Label, buyer: int, source: int, usd: float) -> None:
    """Let the importer pay ordinary suppliers abroad a like sum, so that the bad payments are a part of its trade."""
    rng = planter.rng
    number = int(rng.integers(5, 11))
    at = planter.office(planter.recent(number), int(planter.people.account_country[buyer]))
    partners = abroad_partners(planter, buyer, 3, also=source)
    worth = usd * rng.uniform(0.6, 1.5) * rng.dirichlet(np.full(number, 3.0))
    label.add(0, COVER, planter.pay(Flow.FOREIGN, at, buyer, rng.choice(partners, number), usd=worth, currency=US,
                                    documented=1))  # fmt: skip


# small lots ---------------------------------------------------------------------------------------------------


def _small_lots(planter: Planter, label: Label, home: int, source: int, *, hard: bool, ramp: bool) -> list[int]:
    """Let private buyers pay 10 to 990 USD many times to people at the source who share contacts."""
    rng = planter.rng
    buyers = [planter.account(planter.take(home, PERSONS[:4])) for _ in range(int(rng.integers(1, 3 if hard else 4)))]
    sellers = _small_sellers(planter, source, hard=hard)
    channels = [CHANNEL[name] for name in ("remittance", "p2p", "wire", "card")]
    channel = int(rng.choice(channels))
    for group, buyer in enumerate(buyers, start=1):
        number = int(rng.integers(12, 21) if hard else rng.integers(16, 31))
        at = planter.lagged(planter.office(planter.recent(number, after_days=2), home), (-3, 9), home, ONLINE)
        usd = np.clip(70 * rng.lognormal(0, 0.8, number), 10, 990)
        payee = np.append(rng.permutation(sellers), rng.choice(sellers, number))[:number]
        if hard:
            usd = np.round(usd, 2)
            channel = int(rng.choice(channels))
        if ramp:
            _through_ramp(planter, label, group, buyer, (at, payee, usd), source)
        else:
            label.add(group, "out", planter.pay(Flow.REMITTANCE, at, buyer, payee, usd=usd, channel=channel))
    return [*buyers, *sellers]


def _small_sellers(planter: Planter, source: int, *, hard: bool) -> list[int]:
    """Add unrelated people who share telephone and e-mail, or, hard, all but one of them one of the two."""
    rng = planter.rng
    parties = [planter.new_person(source) for _ in range(int(rng.integers(4, 7)))]
    kinds = ("phone", "email") if not hard else (("phone",) if rng.random() < 0.5 else ("email",))
    for party in parties[:-1] if hard else parties:
        for kind in kinds:
            planter.share_contact(party, parties[0], "phone" if kind == "phone" else "email")
    return [planter.account(party) for party in parties]


def _through_ramp(
    planter: Planter,
    label: Label,
    group: int,
    buyer: int,
    order: tuple[np.ndarray, np.ndarray, np.ndarray],
    source: int,
) -> None:
    """Buy at an exchange at home; within hours one at the source pays out the worth less 1 to 4 in a hundred."""
    rng, (at, payee, usd) = planter.rng, order
    home = int(planter.people.account_country[buyer])
    here, there = (planter.strangers(country, 1, (Role.EXCHANGE,)) for country in (home, source))
    minor = rounded(rng, planter.minor(usd, home, at), 0.5)
    bought = planter.pay(Flow.CRYPTO, at, buyer, here, amount=minor, currency=home)
    label.add(group, "in", bought)
    later = planter.lagged(at, (0.2, 8), source, (0.0, 24.0))
    worth = planter.world.rates.usd(minor, home, planter.day_of(at)) * rng.uniform(0.96, 0.99, len(usd))
    sold = planter.pay(Flow.CRYPTO, later, there, payee, amount=planter.minor(worth, source, later), currency=source,
                       channel=CHANNEL["crypto"])  # fmt: skip
    label.add(group, "out", sold, first_step=len(bought) + 1)
