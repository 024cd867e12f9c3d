"""What a rule is: an id that stays, and versions that hold one after the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["threshold", "list", "order", "advisory"]
# none: the country has no such rule, as far as was read
Status = Literal["in force", "replaced", "vacated", "suspended", "ended", "none"]
# What detectors read a rule as, of any country: reports that banks make of cash by its sum, records of instruments that
# are sold for cash, rules on the sale of homes, and what share of a company makes it a listed owner's.
Use = Literal["cash_report", "instrument_record", "property", "ownership"]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(_Entry):
    """What a rule said from one day until another. `until` is the last day; None while it lasts."""

    since: date
    until: date | None = None
    status: Status = "in force"
    amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)  # of a threshold, in `currency`
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    inclusive: bool = False  # whether `amount` itself already obliges: "10,000 or more" instead of "more than 10,000"
    ceiling: bool = False  # whether `amount` is the most that is let pass, itself included: "up to 800"
    up_to: Decimal | None = Field(default=None, gt=0, decimal_places=2)  # largest sum that it speaks of, included
    percent: Decimal | None = Field(default=None, gt=0, le=100)  # of a threshold that is a share of something
    adds_up: Literal["transaction", "day", "month"] | None = None  # over what cash of one person counts together
    together: bool = True  # of a share: whether holdings of several are added up
    control: bool = False  # of a share: whether control without it counts as well
    members: tuple[str, ...] = ()  # of a list or an order: countries, regions, names of institutions
    says: str = Field(min_length=1)  # in a sentence
    source: str = Field(min_length=1)  # where that can be read
    unverified: str = ""  # what of it was not read in the source itself, in a sentence; empty when all was

    @property
    def sum(self) -> str:
        """`more than 10,000 USD`, `up to 800 USD`, `1,000 to 10,000 USD`, `50 % or more`; empty without either."""
        if self.percent is not None:
            return f"{self.percent} % or more" if self.inclusive else f"more than {self.percent} %"
        if self.amount is None:
            return ""
        if self.up_to is not None:
            return f"{'' if self.inclusive else 'above '}{self.amount:,} to {self.up_to:,} {self.currency}"
        plain = f"{self.amount:,} {self.currency}"
        if self.ceiling:
            return f"up to {plain}"
        return f"{plain} or more" if self.inclusive else f"more than {plain}"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"until {self.until} is before since {self.since}")
        if self.up_to is not None and (self.amount is None or self.up_to < self.amount):
            raise ValueError(f"up_to {self.up_to} is below the amount {self.amount}")
        return self


class Rule(_Entry):
    """One threshold, list, order or advisory over time."""

    id: str = Field(pattern="^[a-z0-9_]+$")
    kind: Kind
    title: str = Field(min_length=1)
    jurisdiction: str = Field(min_length=1)
    reference: str = Field(min_length=1)  # as it is cited: `31 CFR 1010.311`, `FIN-2025-A003`
    use: Use | None = None  # what detectors read it as; without it no detector that asks for a use sees it
    # Of ownership: words with which names of lists or programmes begin whose entries it is about; in small letters
    lists: tuple[str, ...] = ()
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            if before.until is None or after.since <= before.until:
                raise ValueError(f"{self.id}: the version of {after.since} begins before the last one ends")
        if self.kind == "threshold" and any(
            version.amount is None and version.percent is None
            for version in self.versions
            if version.status == "in force"
        ):
            raise ValueError(f"{self.id}: a threshold in force needs an amount")
        return self

    @model_validator(mode="after")
    def _of_use(self) -> Self:
        by_sum = self.use in ("cash_report", "instrument_record")
        if by_sum and any(version.status == "in force" and version.amount is None for version in self.versions):
            raise ValueError(f"{self.id}: a {self.use} in force needs an amount")
        of_share = self.use == "ownership"
        if of_share and any(version.status == "in force" and version.percent is None for version in self.versions):
            raise ValueError(f"{self.id}: a rule on ownership in force needs a percent")
        return self


@dataclass(frozen=True)
class Held:
    """A rule as it stood on a day."""

    rule: Rule
    version: Version
    day: date

    @property
    def in_force(self) -> bool:
        """Whether it bound anybody on that day."""
        return self.version.status == "in force"

    @property
    def minor(self) -> int:
        """Amount of a threshold in hundredths of its currency. Raises ValueError where it has none."""
        if self.version.amount is None:
            raise ValueError(f"{self.rule.id} has no amount on {self.day}")
        return int(self.version.amount * 100)

    @property
    def least_minor(self) -> int:
        """Least sum that obliges, in hundredths of the currency; what is below stays under the threshold."""
        return self.minor + (0 if self.version.inclusive else 1)

    @property
    def words(self) -> str:
        """`31 CFR 1010.311, in force on 2026-03-31`."""
        return f"{self.rule.reference}, {self.version.status} on {self.day}"


@dataclass(frozen=True)
class Rules:
    """What held on one day."""

    day: date
    held: Mapping[str, Held]

    def __getitem__(self, rule_id: str) -> Held:
        """Give the rule as it stood. Raises KeyError for one that was not yet made, or of which the book knows none."""
        return self.held[rule_id]

    def in_force(self, rule_id: str) -> Held | None:
        """Give the rule if it bound anybody on the day, else None."""
        found = self.held.get(rule_id)
        return found if found is not None and found.in_force else None

    def used_as(self, use: Use) -> tuple[Held, ...]:
        """Give the rules of a use that bound anybody on the day, by id."""
        return tuple(held for held in self.known_as(use) if held.in_force)

    def known_as(self, use: Use) -> tuple[Held, ...]:
        """Give the rules of a use whatever their status, by id."""
        return tuple(held for _, held in sorted(self.held.items()) if held.rule.use == use)
