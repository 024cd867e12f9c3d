"""When planted payments happen: opening hours, weekdays, lags, months; all in microseconds since 1970 UTC."""

import numpy as np

from mirrorwatch.synth.economy import Economy
from mirrorwatch.synth.places import UTC_OFFSETS
from mirrorwatch.synth.rows import DAY_US, HOUR_US
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS

OFFICE = (7.5, 19.5)  # local hours in which a business pays
COUNTER = (9.0, 17.5)  # in which a branch is open
ONLINE = (7.5, 21.5)  # in which people pay from home
_TRIES = 48  # lags tried until one falls into the hours asked for


class Moments:
    """The calendar of one world; `rng` is set anew by whoever plants."""

    def __init__(self, world: Economy, rng: np.random.Generator) -> None:
        self.world, self.rng = world, rng
        self.days = world.spec.days

    @property
    def first_day(self) -> int:
        """Give the first day, as days since 1970."""
        return self.world.start_us // DAY_US

    @property
    def end_us(self) -> int:
        """Give the first instant after the world."""
        return self.world.start_us + self.days * DAY_US

    def day_of(self, at: np.ndarray) -> np.ndarray:
        """Return the day index of instants; those outside the world are clipped to its ends."""
        return np.asarray(np.clip((at - self.world.start_us) // DAY_US, 0, self.days - 1))

    def inside(self, at: np.ndarray) -> np.ndarray:
        """Say which instants lie in the world."""
        return np.asarray((at >= self.world.start_us) & (at < self.end_us))

    def weekday(self, day: np.ndarray) -> np.ndarray:
        """Return 0 for Monday to 6 for Sunday of day indexes (day 0 of 1970 was a Thursday)."""
        return np.asarray((self.first_day + day + 3) % 7)

    def weekdays(self) -> np.ndarray:
        """Return the index of every day from Monday to Friday."""
        every = np.arange(self.days)
        return np.asarray(every[self.weekday(every) < 5])

    def every(self, period: int) -> np.ndarray:
        """Return days `period` apart, from a drawn first one on."""
        return np.arange(int(self.rng.integers(0, period)), self.days, period)

    def monthly(self) -> np.ndarray:
        """Return the days that bear one drawn day of the month."""
        months = (np.datetime64(self.first_day, "D") + np.arange(self.days)).astype(object)
        chosen = int(self.rng.integers(1, 29))
        return np.array([index for index, date in enumerate(months) if date.day == chosen], dtype=np.int64)

    def some(self, number: int) -> np.ndarray:
        """Return `number` drawn weekdays, sorted, repeats allowed."""
        return np.sort(self.rng.choice(self.weekdays(), number))

    def recent(self, number: int, *, after_days: float = 0.0) -> np.ndarray:
        """Draw `number` weekdays, sorted, of what a night looks back on; `after_days` stay free at the end."""
        window = min(DETECTION_WINDOW_DAYS, self.days)
        begin, end = self.days - window, max(self.days - window + 1, self.days - int(np.ceil(after_days)))
        days = np.arange(begin, end)
        week = days[self.weekday(days) < 5]
        return np.sort(self.rng.choice(week if len(week) else days, number))

    def lagged(
        self,
        at: np.ndarray,
        lag_hours: tuple[float, float],
        country: np.ndarray | int,
        hours: tuple[float, float] = OFFICE,
        *,
        weekdays: bool = False,
    ) -> np.ndarray:
        """Add a lag within `lag_hours`, into local `hours` (and a weekday, where asked for) if any tried lag is."""
        tries = self.rng.uniform(*lag_hours, (len(at), _TRIES)) * HOUR_US
        moments = at[:, None] + tries.astype(np.int64)
        offset = np.broadcast_to(UTC_OFFSETS[country], (len(at),))[:, None]
        local = np.mod(moments / HOUR_US + offset, 24)
        open_then = (local >= hours[0]) & (local < hours[1])
        workday = np.mod(moments // DAY_US + 3, 7) < 5
        score = 4 * self.inside(moments) + 2 * open_then + (workday if weekdays else 0)
        return np.asarray(moments[np.arange(len(at)), score.argmax(axis=1)])

    def office(self, day: np.ndarray | int, country: np.ndarray | int) -> np.ndarray:
        """Return a moment in local office hours of each day; what falls on a weekend moves to the Monday after."""
        days = np.atleast_1d(np.asarray(day)).astype(np.int64)
        weekday = self.weekday(days)
        moved = days + np.where(weekday >= 5, 7 - weekday, 0)
        days = np.where(moved < self.days, moved, days)
        local = 8.5 + 9 * self.rng.random(len(days))
        utc = np.mod(local - UTC_OFFSETS[country], 24)
        return np.asarray(self.world.start_us + days * DAY_US + (utc * HOUR_US).astype(np.int64))
