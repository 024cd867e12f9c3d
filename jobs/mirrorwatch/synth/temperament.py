"""What a seed changes about a world beside its dice: habits that a detector must not rely on."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.contract import CHANNELS
from mirrorwatch.synth.flows import STYLES, Flow
from mirrorwatch.synth.places import COUNTRIES, COUNTRY_CODES
from mirrorwatch.synth.rows import CHANNEL
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec

TICKETS = 256  # channel tables: one lookup instead of a search in cumulated weights
_CONCENTRATION = 25.0  # Dirichlet: a 40 % channel ends between about 22 and 59 % in most worlds


@dataclass(frozen=True)
class Temperament:
    """Drawn once a world. Tables are indexed by Flow; `channels[flow, country, ticket]` is a channel code."""

    channels: np.ndarray
    round_share: np.ndarray
    text_share: np.ndarray
    rate: np.ndarray  # factor on how often a flow happens
    spread: np.ndarray  # factor on the log-amounts' standard deviation
    country_weights: np.ndarray  # 0 for countries outside the spec
    business_share: float
    cash_share: float  # of retail takings
    acquired_share: float  # merchants whose cards an acquirer settles
    reversal_share: float
    null_rates: dict[str, float]  # parties' optional columns
    branch_null: float
    conductor_share: float


def temperament(spec: WorldSpec) -> Temperament:
    """Draw the habits of this seed's world."""
    rng = generator(spec.seed, Section.TEMPERAMENT)
    flows = len(Flow)
    base_round = np.array([STYLES[flow].round_share for flow in Flow])
    base_text = np.array([STYLES[flow].text_share for flow in Flow])
    return Temperament(
        channels=_channel_tables(rng),
        round_share=np.clip(base_round * rng.uniform(0.4, 1.8, flows), 0, 0.95),
        text_share=np.clip(base_text * rng.uniform(0.1, 1.5), 0, 0.95),
        rate=rng.lognormal(0, 0.3, flows),
        spread=rng.uniform(0.8, 1.2, flows),
        country_weights=_country_weights(rng, spec),
        business_share=float(rng.uniform(0.14, 0.24)),
        cash_share=float(rng.uniform(0.2, 0.6)),
        acquired_share=float(rng.uniform(0.2, 0.8)),
        reversal_share=float(rng.uniform(0.0005, 0.003)),
        null_rates={
            "industry_code": float(rng.uniform(0.02, 0.2)),
            "occupation": float(rng.uniform(0.02, 0.3)),
            "born_or_incorporated_on": float(rng.uniform(0.0, 0.05)),
            "address": float(rng.uniform(0.0, 0.1)),
            "phone": float(rng.uniform(0.05, 0.4)),
            "email": float(rng.uniform(0.1, 0.5)),
            "employees": float(rng.uniform(0.1, 0.5)),
            "annual_turnover_usd": float(rng.uniform(0.1, 0.5)),
        },
        branch_null=float(rng.uniform(0.0, 0.1)),
        conductor_share=float(rng.uniform(0.2, 0.9)),
    )


def _channel_tables(rng: np.random.Generator) -> np.ndarray:
    tables = np.zeros((len(Flow), len(COUNTRIES), TICKETS), dtype=np.int8)
    for flow, style in STYLES.items():
        names = [name for name in CHANNELS if name in style.channels]
        weights = np.array([style.channels[name] for name in names])
        for country in range(len(COUNTRIES)):
            drawn = rng.dirichlet(weights / weights.sum() * _CONCENTRATION)
            edges = np.cumsum(drawn) * TICKETS
            picked = np.searchsorted(edges, np.arange(TICKETS) + 0.5).clip(0, len(names) - 1)
            tables[flow, country] = np.array([CHANNEL[name] for name in names])[picked]
    return tables


def _country_weights(rng: np.random.Generator, spec: WorldSpec) -> np.ndarray:
    weights = rng.dirichlet(np.array([country.weight for country in COUNTRIES]) * 30)
    weights = weights + 0.02  # no country of the spec is empty
    weights[[code not in spec.countries for code in COUNTRY_CODES]] = 0
    return np.asarray(weights / weights.sum())
