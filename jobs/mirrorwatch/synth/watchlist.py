"""A small invented watchlist. Its names are built from the same parts as the parties', so that namesakes exist."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import polars as pl

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.synth import names
from mirrorwatch.synth.places import COUNTRY_CODES
from mirrorwatch.synth.seeds import Section, generator
from mirrorwatch.synth.spec import WorldSpec

_ENTRIES = 120
_PROGRAMMES = ("NARCO-SYN", "SDN-SYN", "CYBER-SYN")


def watchlist_frame(spec: WorldSpec, planted: Sequence[Mapping[str, object]] = ()) -> pl.DataFrame:
    """Make contract.WATCHLIST, sorted by entry; `planted` rows, which have no ids, come after the invented ones."""
    rng = generator(spec.seed, Section.WATCHLIST)
    entries = []
    for number in range(_ENTRIES):
        given, family, other = (str(rng.choice(words)) for words in (names.GIVEN, names.FAMILY, names.FAMILY))
        person = rng.random() < 0.7
        first, second = (str(rng.choice(words)) for words in (names.FIRST, names.SECOND))
        name = f"{given} {family} {other}" if person else f"{first} {second} International"
        listed = spec.start_date - timedelta(days=int(rng.integers(-20, 3_000)))
        entries.append(
            {
                "entry_id": f"W{number:05d}",
                "list_name": "SYNTHETIC",
                "name": name,
                "aliases": [f"{family} {given}" if person else f"{first} {second}"] if rng.random() < 0.5 else [],
                "entity_type": "person" if person else "organisation",
                "country": str(rng.choice(COUNTRY_CODES)),
                "programme": str(rng.choice(_PROGRAMMES)),
                "listed_on": listed,
                "delisted_on": listed + timedelta(days=400) if rng.random() < 0.05 else None,
            }
        )
    entries += [{**row, "entry_id": f"W{number:05d}"} for number, row in enumerate(planted, start=_ENTRIES)]
    return pl.DataFrame(entries, schema=WATCHLIST.schema)
