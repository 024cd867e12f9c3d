"""What a world is asked to hold: size, window, planted schemes and innocent look-alikes. All frozen."""

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mirrorwatch.synth.places import COUNTRY_CODES

Span = tuple[float, float]
Count = tuple[int, int]
Difficulty = Literal["easy", "hard"]

DETECTION_WINDOW_DAYS = 45  # schemes lie within the last 45 days: what a night looks back on by default


class Spec(BaseModel):
    """Frozen; a key that it does not know is refused; every (low, high) must be in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _ranges_in_order(self) -> Self:
        for name, value in self:
            if isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
                low, high = value
                if low > high:
                    raise ValueError(f"{name}: {low} is above {high}")
        return self


class MirrorSpec(Spec):
    """Mirror-swap rings. A side's accounts rotate; a swap's parts are spread over several of them.

    Lag is hours from a swap's first collection to each of its payouts (negative: paid out before). Fee is the share
    of the collection's worth that is not paid out, at the FX rate of each leg's own day, but for `fx_noise`.
    """

    typology: Literal["mirror_swap"] = "mirror_swap"
    difficulty: Difficulty
    count: int = Field(default=1, ge=0)
    swaps: Count = (8, 14)
    span_days: int = Field(default=DETECTION_WINDOW_DAYS, ge=2)
    accounts_per_side: Count = (1, 1)
    parts_in: Count = (1, 1)
    parts_out: Count = (1, 1)
    fee: Span = (0.008, 0.012)
    lag_hours: Span = (0, 12)
    part_spread_hours: float = Field(default=6.0, ge=0)  # later parts of one side follow its first within this
    amount_usd: Span = (8_000, 60_000)
    fx_noise: float = Field(default=0.0005, ge=0, lt=0.02)  # half-width: the street rate beside the published one
    round_share: float = Field(default=0.3, ge=0, le=1)  # swaps agreed as a round amount on one of the two sides
    collection_channels: tuple[str, ...] = ("cash_deposit",)
    payout_channels: tuple[str, ...] = ("wire", "instant")
    cover: float = Field(
        default=1.0, ge=0
    )  # how busily collected money is spent and payouts are funded beside the swaps

    @classmethod
    def easy(cls, **changes: object) -> Self:
        """One account a side, whole amounts, one stable fee, paid out the same day; any pair of channels."""
        defaults: dict[str, object] = {
            "difficulty": "easy",
            "collection_channels": ("cash_deposit", "wire", "instant", "check", "card"),
            "payout_channels": ("wire", "instant", "check", "card", "cash_withdrawal"),
        }
        return cls.model_validate({**defaults, **changes})

    @classmethod
    def hard(cls, **changes: object) -> Self:
        """Rotating accounts, cash in parts, payouts in parts, a fee drawn anew, paid before or after."""
        defaults: dict[str, object] = {
            "difficulty": "hard",
            "swaps": (14, 30),
            "accounts_per_side": (4, 7),
            "parts_in": (1, 3),
            "parts_out": (1, 2),
            "fee": (0.003, 0.03),
            "lag_hours": (-6, 33),
            "amount_usd": (4_000, 60_000),
            "payout_channels": ("wire", "instant", "ach", "check"),
        }
        return cls.model_validate({**defaults, **changes})


class ShellSpec(Spec):
    """Companies that only pass money on, in a chain or a star between a front and a last payee.

    `kept` is the share that a shell keeps of what it passes on; `hop_hours` the time that a flow rests in it.
    """

    typology: Literal["shell_company"] = "shell_company"
    difficulty: Difficulty
    count: int = Field(default=1, ge=0)
    length: Count = (2, 5)
    shape: Literal["chain", "star", "any"] = "any"
    flows: Count = (5, 12)
    hop_hours: Span = (2, 24)
    kept: Span = (0.0, 0.02)
    age_days: Count = (30, 300)
    amount_usd: Span = (15_000, 250_000)
    shared_address: bool = True
    shared_director: bool = True
    round_share: float = Field(default=0.7, ge=0, le=1)
    split_share: float = Field(default=0.0, ge=0, le=1)  # hops made in two or three payments
    merge_share: float = Field(default=0.0, ge=0, le=1)  # flows that wait for the one before and go on together with it
    small_payments: Count = (0, 1)  # fees and bills a shell and month, which look like business

    @classmethod
    def easy(cls, **changes: object) -> Self:
        """Young, at one address with one director, passed on within a day."""
        return cls.model_validate({"difficulty": "easy", **changes})

    @classmethod
    def hard(cls, **changes: object) -> Self:
        """Years old, nothing shared, up to 60 hours a hop and 7 % kept, flows split and merged."""
        defaults: dict[str, object] = {
            "difficulty": "hard",
            "hop_hours": (6, 60),
            "kept": (0.0, 0.07),
            "age_days": (730, 2920),
            "shared_address": False,
            "shared_director": False,
            "round_share": 0.3,
            "split_share": 0.25,
            "merge_share": 0.15,
            "small_payments": (1, 4),
        }
        return cls.model_validate({**defaults, **changes})


class TypologySpec(Spec):
    """Schemes of any other typology; what easy and hard mean is said in the file that plants it."""

    typology: Literal[
        "underground_banking", "structuring", "bulk_cash", "precursor_procurement", "trade_based", "real_estate",
        "round_trip", "scatter_gather", "gather_scatter", "fan_in", "fan_out", "bipartite", "stack",
        "watchlist_exposure", "opaque_ownership",
    ]  # fmt: skip
    difficulty: Difficulty
    count: int = Field(default=1, ge=0)


SchemeSpec = MirrorSpec | ShellSpec | TypologySpec


class WorldSpec(Spec):
    """One world: its seed and last day, how large and busy it is, and what is planted in it."""

    seed: int = Field(ge=0)
    end_date: date = date(2026, 3, 31)
    days: int = Field(default=60, ge=3)
    accounts: int = Field(default=3_000, ge=200)
    transactions_per_account_day: float = Field(default=1.0, ge=0.2, le=50)
    countries: tuple[str, ...] = COUNTRY_CODES
    schemes: tuple[SchemeSpec, ...] = ()
    innocents: int = Field(default=1, ge=0)  # how many of each kind
    innocent_kinds: tuple[str, ...] | None = None  # None: all kinds
    duplicates: float = Field(default=0.0, ge=0, le=0.5)  # parties that are registered twice, as a share of all

    @property
    def start_date(self) -> date:
        """First booking date."""
        return self.end_date - timedelta(days=self.days - 1)

    @model_validator(mode="after")
    def _countries_known(self) -> Self:
        unknown = set(self.countries) - set(COUNTRY_CODES)
        if unknown or len(self.countries) < 2:
            raise ValueError(f"countries: at least two of {', '.join(COUNTRY_CODES)}, got {self.countries}")
        return self

    @classmethod
    def sample(cls, seed: int, **changes: object) -> Self:
        """Ask for the world that the nightly example runs on: both typologies, easy and hard, and every innocent."""
        defaults: dict[str, object] = {
            "seed": seed,
            "schemes": (
                MirrorSpec.easy(count=2),
                MirrorSpec.hard(count=3),
                ShellSpec.easy(count=2),
                ShellSpec.hard(count=3),
            ),
        }
        return cls.model_validate({**defaults, **changes})

    @classmethod
    def without_schemes(cls, seed: int, **changes: object) -> Self:
        """Ask for the same economy and innocents with nothing planted: what calibration is measured on."""
        return cls.model_validate({"seed": seed, "schemes": (), **changes})
