"""Writes one world to disk, a day at a time: what memory holds does not grow with the number of days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mirrorwatch.synth.daily import everyday
from mirrorwatch.synth.days import Days
from mirrorwatch.synth.describe import accounts_frame, parties_frame
from mirrorwatch.synth.duplicates import with_duplicates
from mirrorwatch.synth.economy import economy
from mirrorwatch.synth.flows import Flow
from mirrorwatch.synth.identifiers import as_text, identifiers
from mirrorwatch.synth.innocents import plant_innocents
from mirrorwatch.synth.labels import DUPLICATES, write_labels
from mirrorwatch.synth.ownership import ownership_frame
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.recurring import standing_payments
from mirrorwatch.synth.schemes import plant_schemes
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.watchlist import watchlist_frame
from mirrorwatch.synth.writing import lexicon, write_frame


@dataclass(frozen=True)
class WorldSummary:
    """What was written."""

    transactions: int
    accounts: int
    parties: int
    schemes: int
    innocents: int
    first_date: date
    last_date: date


def write_world(
    spec: WorldSpec, data: Path, labels: Path, progress: Callable[[int, int], None] | None = None
) -> WorldSummary:
    """Write the data folder of `spec` and, beside it, its labels. The same spec gives the same bytes.

    `progress` is called with (days written, days). Raises ValueError when `labels` lies inside `data`, or for an
    innocent kind that does not exist; nothing is written then.
    """
    if labels.resolve().is_relative_to(data.resolve()):
        raise ValueError(f"labels would lie inside the data folder: {labels}")
    world = economy(spec)
    standing = standing_payments(world)
    made = everyday(world, standing)
    abroad = [made.pairs[flow] for flow in (Flow.FOREIGN, Flow.REMITTANCE)]
    planter = Planter(world, generator(spec.seed, Section.SCHEME), abroad)
    plant_schemes(planter)
    plant_innocents(planter)
    people = world.population
    people.trim()
    accounts, parties = (identifiers(spec.seed, "A", people.accounts), identifiers(spec.seed, "P", people.parties))
    with Days(world, standing, made, planter, lexicon(world, accounts, parties), data) as days:
        for day in range(spec.days):
            days.write(day)
            if progress is not None:
                progress(day + 1, spec.days)
    account_ids, party_ids = as_text(accounts), as_text(parties)
    frames = {
        "parties": parties_frame(planter, party_ids),
        "accounts": accounts_frame(people, account_ids, party_ids),
        "ownership": ownership_frame(planter, party_ids),
        "fx_rates": world.rates.published,
        "watchlist": watchlist_frame(spec, planter.listings),
        "control_totals": days.control_totals(),
    }
    if spec.duplicates:
        both = with_duplicates(frames["parties"], frames["accounts"], share=spec.duplicates, seed=spec.seed)
        frames["parties"], frames["accounts"], truth = both
        write_frame(truth, labels / DUPLICATES)
    for name, frame in frames.items():
        write_frame(frame, data / name / "part-0.parquet")
    write_labels(
        labels,
        schemes=planter.schemes,
        innocents=planter.innocents,
        accounts=account_ids,
        parties=party_ids,
        transactions=as_text(days.planted_ids),
    )
    return WorldSummary(days.rows, people.accounts, people.parties, len(planter.schemes), len(planter.innocents),
                        spec.start_date, spec.end_date)  # fmt: skip
