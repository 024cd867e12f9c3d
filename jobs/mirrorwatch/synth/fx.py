"""A daily FX path for each currency, and what is published of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from mirrorwatch.synth.places import COUNTRIES, CURRENCIES
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec

LEAD_DAYS = 10  # rates start before the first booking, so that the 7-day rule holds on the first day too
LONGEST_GAP_DAYS = 4  # a weekend and two holidays: well inside the contract's 7 days


@dataclass(frozen=True)
class Rates:
    """`usd_per_unit[day, currency]` as the contract reads it (last published on or before the day); day 0 = start."""

    start: date
    usd_per_unit: np.ndarray
    published: pl.DataFrame  # contract.FX_RATES

    def minor(self, usd: np.ndarray | float, currency: np.ndarray | int, day: np.ndarray | int) -> np.ndarray:
        """Convert USD to hundredths of `currency`, at least 1."""
        rate = self.usd_per_unit[day, currency]
        return np.asarray(np.maximum(np.rint(np.asarray(usd) / rate * 100), 1)).astype(np.int64)

    def usd(self, minor: np.ndarray, currency: np.ndarray | int, day: np.ndarray | int) -> np.ndarray:
        """Convert hundredths of `currency` to USD."""
        return np.asarray(np.asarray(minor) / 100 * self.usd_per_unit[day, currency])


def fx_path(spec: WorldSpec) -> Rates:
    """Walk each currency at random; some worlds publish on weekdays only, and single days are missing."""
    rng = generator(spec.seed, Section.FX)
    days = spec.days + LEAD_DAYS
    dates = np.datetime64(spec.start_date - timedelta(days=LEAD_DAYS), "D") + np.arange(days)
    start = np.array([country.usd_per_unit for country in COUNTRIES]) * _level(rng)
    sigma = np.array([country.volatility for country in COUNTRIES]) / np.sqrt(252)
    path = np.round(start * np.exp(np.cumsum(rng.standard_normal((days, len(COUNTRIES))) * sigma, axis=0)), 8)
    shown = _published_days(rng, dates)
    last = np.maximum.accumulate(np.where(shown, np.arange(days), 0))
    return Rates(spec.start_date, path[last][LEAD_DAYS:], _published_frame(dates[shown], path[shown]))


def _level(rng: np.random.Generator) -> np.ndarray:
    """Draw where each currency starts; USD is 1 and a peg stays a peg."""
    spread = np.array([0.0 if country.volatility == 0 else min(0.05, country.volatility) for country in COUNTRIES])
    return np.asarray(np.exp(rng.uniform(-1, 1, len(COUNTRIES)) * spread))


def _published_days(rng: np.random.Generator, dates: np.ndarray) -> np.ndarray:
    weekday = (dates.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    shown = np.ones(len(dates), dtype=bool) if rng.random() < 0.4 else weekday < 5
    shown &= rng.random(len(dates)) > 0.03  # holidays
    shown[0] = True
    for day in range(LONGEST_GAP_DAYS, len(dates)):
        if not shown[day - LONGEST_GAP_DAYS : day + 1].any():
            shown[day] = True
    return shown


def _published_frame(dates: np.ndarray, path: np.ndarray) -> pl.DataFrame:
    frame = pl.DataFrame(path, schema=list(CURRENCIES), orient="row").with_columns(rate_date=pl.Series(dates))
    rates = frame.unpivot(index="rate_date", variable_name="currency", value_name="usd_per_unit")
    return rates.select("rate_date", "currency", "usd_per_unit").sort("rate_date", "currency")
