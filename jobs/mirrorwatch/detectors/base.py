"""What every detector is: a typology in words, frozen parameters, sources, and one pure function over lazy frames."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from mirrorwatch.contract import INDICATOR, TRADE_DOCUMENTS, UTC_TIMESTAMP, WATCHLIST
from mirrorwatch.detectors.terms import Term
from mirrorwatch.rulebook import SHIPPED, Rulebook, Rules, Use

EVIDENCE_ITEM = pl.Struct(
    {"transaction_id": pl.String(), "role": pl.String(), "group_no": pl.Int64(), "step_no": pl.Int64()}
)
ENTITY_MEMBERS = pl.Schema({"party_id": pl.String(), "entity_id": pl.String()})
# Parties of the night that are listed ones: name hits that chance does not explain.
LISTED = pl.Schema(
    {
        "party_id": pl.String(),
        "entry_id": pl.String(),
        "party_name": pl.String(),
        "entry_name": pl.String(),
        "list_name": pl.String(),
        "programme": pl.String(),
        "listed_on": pl.Date(),
        "sanctioned": pl.Boolean(),
        "score": pl.Float64(),
        "reason": pl.String(),
        "expected": pl.Float64(),  # matches as good over all entries
        "country_agrees": pl.Float64(),  # null where one is unknown
        "reopened": pl.String(),  # why a dismissal of the pair no longer counts; null where there is none
    }
)
LIKE_ENTRIES = pl.Schema({"party_id": pl.String(), "entry_id": pl.String()})  # names alike, whatever chance says
# What a detector returns, one row a finding. Lists are sorted, but for `account_ids` of a chain, which `narrative`
# gives in order of the money; `evidence` names every transaction of `transaction_ids` once.
FINDINGS = pl.Schema(
    {
        "score": pl.Float64(),
        "chance_probability": pl.Float64(),
        "subject_party_id": pl.String(),
        "account_ids": pl.List(pl.String()),
        "party_ids": pl.List(pl.String()),
        "transaction_ids": pl.List(pl.String()),
        "first_booked_at": UTC_TIMESTAMP,
        "last_booked_at": UTC_TIMESTAMP,
        "amount_usd_minor": pl.Int64(),
        "indicators": pl.List(INDICATOR),
        "narrative": pl.String(),
        "would_not_fire_if": pl.List(pl.String()),
        "next_steps": pl.List(pl.String()),
        "evidence": pl.List(EVIDENCE_ITEM),
    }
)


class Parameters(BaseModel):
    """Frozen parameters of one detector; a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class NightFrames:
    """The night's staged input (schemas in `contract`): transactions as STAGED_TRANSACTIONS, the rest as read.

    Holds only rows that passed every row rule, booked in the lookback window that ends with `run_date_iso`.
    A dataset that the source does not give is an empty frame and its name stands in `absent`.
    """

    run_date_iso: str
    transactions: pl.LazyFrame
    accounts: pl.LazyFrame
    parties: pl.LazyFrame
    ownership: pl.LazyFrame
    absent: frozenset[str] = frozenset()
    watchlist: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=WATCHLIST.schema))
    trade_documents: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=TRADE_DOCUMENTS.schema))
    # What lies beside a watchlist: `screening.DISMISSALS`, the contract's WATCHLIST_DETAILS and WATCHLIST_LISTINGS
    dismissals: pl.LazyFrame | None = None
    watchlist_details: pl.LazyFrame | None = None
    watchlist_listings: pl.LazyFrame | None = None
    # LISTED and LIKE_ENTRIES as the intake found them; None where nobody looked yet.
    listed: pl.LazyFrame | None = None
    like_entries: pl.LazyFrame | None = None
    last_night: date | None = None  # the published night that this one is compared with
    rulebook: Rulebook = SHIPPED
    # Parties that are likely one person or firm, each with the party that its entity is called by.
    entities: pl.LazyFrame = field(default_factory=lambda: pl.LazyFrame(schema=ENTITY_MEMBERS))
    # What was made of these frames once for several detectors, by name (`Prepared`); what is not there is made anew.
    prepared: Mapping[str, pl.LazyFrame] = field(default_factory=dict)

    @property
    def run_date(self) -> date:
        """The last day that is looked at."""
        return date.fromisoformat(self.run_date_iso)

    @property
    def rules(self) -> Rules:
        """What the rulebook says held on the run date."""
        return self.rulebook.on(self.run_date)


@dataclass(frozen=True)
class Prepared:
    """A frame made of the night's frames that several detectors stand on: made once a night, and kept beside them.

    `make` is pure, gives the `schema`, and asks for other prepared frames only by their `of`. Where the order of rows
    means something it sorts them.
    """

    name: str
    schema: pl.Schema
    make: Callable[[NightFrames], pl.LazyFrame]

    def of(self, night: NightFrames) -> pl.LazyFrame:
        """Return what was prepared of this night, else make it."""
        found = night.prepared.get(self.name)
        return self.make(night) if found is None else found


@dataclass(frozen=True)
class Source:
    """A published statement that a detector or indicator rests on."""

    title: str
    locator: str


@dataclass(frozen=True)
class RuleNeed:
    """A use of rules without which an indicator says nothing of bookings in a country: told night by night.

    `channels`: bookings that it speaks of. `place`: whose country's rule counts, that where cash was `handled` (of a
    withdrawal the beneficiary's, else the originator's) or the `payee`'s. `what` they are, `why` it matters, in words.
    """

    use: Use
    indicator: str
    channels: tuple[str, ...]
    place: Literal["handled", "payee"]
    what: str
    why: str


@dataclass(frozen=True)
class Floor:
    """The least `chance_probability` that a null model supports: a finding at it says "less than", not "equal to".

    `rests_on` says in words why the model supports nothing smaller.
    """

    probability: float
    rests_on: str

    def reached(self, probability: float | None) -> bool:
        """Whether a stated probability is the floor itself, so that the true one may be any smaller."""
        return probability is not None and probability <= self.probability

    @property
    def words(self) -> str:
        """`less than 1 in 1,000,000`."""
        return f"less than 1 in {round(1 / self.probability):,}"


@dataclass(frozen=True)
class Detector:
    """One typology's detector. `detect` is pure: frames and parameters in, a FINDINGS frame out."""

    typology: str
    version: str
    title: str
    summary: str
    parameters: type[Parameters]
    sources: tuple[Source, ...]
    detect: Callable[[NightFrames, Any], pl.LazyFrame]
    # (dataset, column or "", indicator, why it matters): what this detector cannot see when that is missing or null
    needs: tuple[tuple[str, str, str, str], ...] = ()
    # what it cannot see where no rule of a use is in force
    rules: tuple[RuleNeed, ...] = ()
    floor: Floor | None = None
    terms: tuple[Term, ...] = ()  # what its score is a sum of
    # (who does the same for an honest reason, what keeps the detector silent about them, or that nothing does)
    look_alikes: tuple[tuple[str, str], ...] = ()
    stands_on: tuple[Prepared, ...] = ()  # in the order in which they are made
