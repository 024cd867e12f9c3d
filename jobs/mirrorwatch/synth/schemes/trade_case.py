"""What trade-based schemes have in common: two sides, payments for goods, the papers that tell of them."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.places import US
from mirrorwatch.synth.planting import COVER, Label, Planter
from mirrorwatch.synth.population import Role
from mirrorwatch.synth.rows import CHANNEL, NONE

TRADES = (("4652", "Electronics"), ("4649", "Home Goods"), ("4641", "Textiles"), ("4659", "Machinery"))
_TRADERS = (Role.TRADER, Role.MANUFACTURER)
HS_CODES = ("847130", "851762", "610910", "940360", "392690", "841391", "870899")


@dataclass(frozen=True)
class Case:
    """What one scheme is planted from."""

    planter: Planter
    label: Label
    hard: bool


def span_of(case: Case, easy: tuple[float, float], hard: tuple[float, float]) -> tuple[float, float]:
    """Choose the span of the case's difficulty."""
    return hard if case.hard else easy


def count_of(case: Case, easy: tuple[int, int], hard: tuple[int, int]) -> int:
    """Draw a number, ends included, from the span of the case's difficulty."""
    low, high = hard if case.hard else easy
    return int(case.planter.rng.integers(low, high + 1))


def worth_of(case: Case, number: int, easy: tuple[float, float], hard: tuple[float, float]) -> np.ndarray:
    """Draw USD, log-uniform; whole thousands where it is easy."""
    low, high = np.log(span_of(case, easy, hard))
    usd = np.exp(case.planter.rng.uniform(low, high, number))
    return np.asarray(usd if case.hard else np.rint(usd / 1_000) * 1_000)


def young_firm(planter: Planter, country: int) -> int:
    """Add a firm of two months to 20, with two employees at most; returns its account."""
    industry, trade = TRADES[int(planter.rng.integers(0, len(TRADES)))]
    return planter.account(
        planter.new_company(
            country, age_days=int(planter.rng.integers(60, 600)), monthly_usd=float(planter.rng.uniform(8_000, 25_000)),
            industry_code=industry, employees=int(planter.rng.integers(0, 3)), name=planter.firm_name(country, trade),
        )
    )  # fmt: skip


def two_sides(case: Case) -> tuple[int, int]:
    """Choose an importer and an exporter of two countries: young firms, or, hard, traders unknown to each other."""
    home, abroad = case.planter.two_countries()
    if not case.hard:
        return young_firm(case.planter, home), young_firm(case.planter, abroad)
    importer = case.planter.account(case.planter.take(home, _TRADERS))
    return importer, case.planter.account(case.planter.take(abroad, _TRADERS, unknown_to=[importer]))


def pay_for_goods(
    case: Case, group: int, role: str, sides: tuple[int, int], at: np.ndarray, usd: float, *, parts: int = 1
) -> np.ndarray:
    """Let the importer pay the exporter, in instalments a few days apart; returns planted numbers."""
    planter, (importer, exporter) = case.planter, sides
    country = int(planter.people.account_country[importer])
    later = planter.lagged(np.repeat(at[:1], parts - 1), (48, 220), country, weekdays=True)
    times = np.sort(np.concatenate([at[:1], later]))
    shares = planter.rng.dirichlet(np.full(parts, 6.0))
    planted = planter.pay(Flow.FOREIGN, times, importer, exporter, amount=np.rint(usd * shares * 100).astype(np.int64),
                          currency=US, channel=CHANNEL["wire"])  # fmt: skip
    case.label.add(group, role, planted)
    return planted


def named_payment(case: Case, planted: np.ndarray) -> int:
    """Choose the payment that a document names: the first, or, in half of the hard cases, none."""
    return NONE if case.hard and case.planter.rng.random() < 0.5 else int(planted[0])


def drawn_goods(rng: np.random.Generator) -> tuple[str, int]:
    """Draw an HS code and a number of parcels."""
    return str(rng.choice(HS_CODES)), int(rng.integers(20, 400))


def honest_shipments(case: Case, sides: tuple[int, int], usd: float) -> None:
    """Let the same two trade honestly beside it: each shipment documented and paid as declared."""
    rng, planter, (importer, exporter) = case.planter.rng, case.planter, sides
    number = int(rng.integers(4, 9))
    starts = planter.office(planter.recent(number), int(planter.people.account_country[importer]))
    for start, worth in zip(starts, usd * rng.lognormal(0, 0.5, number), strict=True):
        planted = pay_for_goods(case, 0, COVER, sides, np.array([start]), float(worth))
        hs_code, parcels = drawn_goods(rng)
        planter.document(exporter, importer, worth * rng.normal(1, 0.008), int(start), row=named_payment(case, planted),
                         hs_code=hs_code, parcels=parcels)  # fmt: skip
