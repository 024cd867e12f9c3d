"""Who owns and directs whom: background firms and groups, and the ties that planting set."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.synth.planting import Planter
from mirrorwatch.synth.pools import pool
from mirrorwatch.synth.population import is_business, is_person
from mirrorwatch.synth.seeds import Section, generator

_KNOWN_SHARE = 0.92  # of background firms have an owner on record; the others' ownership ends nowhere
_GROUP_SHARE = 0.04  # of those are owned by another firm at home
_SAME_DIRECTOR = 0.7  # are directed by their owner
Span = tuple[int | None, int | None]  # first and last day, since 1970; None: as long as it goes
_SOLE_SHARE = 0.6  # have one owner


def ownership_frame(planter: Planter, parties: np.ndarray) -> pl.DataFrame:
    """Make contract.OWNERSHIP, sorted by its key: mostly one owner and one director a firm, both of its country."""
    people = planter.people
    rng = generator(planter.world.spec.seed, Section.OWNERSHIP)
    firms = np.flatnonzero(is_business(people.party_role))
    listed = np.fromiter(planter.listed, dtype=np.int64)
    persons = np.setdiff1d(np.flatnonzero(is_person(people.party_role)), listed)
    known = firms[rng.random(len(firms)) < _KNOWN_SHARE]
    country = people.party_country[known]
    private, director = (pool(persons, people.party_country[persons]).of(rng, country) for _ in range(2))
    parent = pool(firms, people.party_country[firms]).of(rng, country)
    owner = np.where((rng.random(len(known)) < _GROUP_SHARE) & (parent != known), parent, private)
    director = np.where(rng.random(len(known)) < _SAME_DIRECTOR, private, director)
    share = np.where(rng.random(len(known)) < _SOLE_SHARE, 1.0, rng.uniform(0.25, 0.95, len(known)).round(2))
    ties = pl.DataFrame(
        {
            "owner": np.concatenate([owner, director]),
            "owned": np.concatenate([known, known]),
            "role": np.repeat(["shareholder", "director"], len(known)),
            "share": pl.concat([pl.Series(share), pl.Series([None], dtype=pl.Float64).new_from_index(0, len(known))]),
        }
    )
    planted = pl.DataFrame(planter.ties, schema=ties.schema, orient="row")
    return _named(pl.concat([ties, planted]), parties, people.party_born, planter.spans)


def _named(
    ties: pl.DataFrame, parties: np.ndarray, born: np.ndarray, spans: Mapping[tuple[int, int, str], Span]
) -> pl.DataFrame:
    """Spell the party ids out; a tie that has no span of its own has stood since the owned party began."""
    owner, owned = ties["owner"].to_numpy(), ties["owned"].to_numpy()
    dated = [spans.get(key, (None, None)) for key in ties.select("owner", "owned", "role").iter_rows()]
    since, until = (pl.Series([span[side] for span in dated], dtype=pl.Int32).cast(pl.Date) for side in (0, 1))
    frame = ties.select(
        owner_party_id=pl.Series(parties[owner], dtype=pl.String),
        owned_party_id=pl.Series(parties[owned], dtype=pl.String),
        role="role",
        share="share",
        since=since.zip_with(since.is_not_null(), pl.Series(born[owned].astype("datetime64[D]"))),
        until=until,
    )
    return frame.unique(subset=OWNERSHIP.key, keep="first", maintain_order=True).sort(OWNERSHIP.key)
