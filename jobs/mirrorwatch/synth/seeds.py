"""One independent random stream for each (seed, section, index), so that no section's draws shift another's."""

from enum import IntEnum

import numpy as np


class Section(IntEnum):
    """Sections of a world. Numbers are part of what a seed means: append, never renumber."""

    TEMPERAMENT = 1
    FX = 2
    POPULATION = 3
    RELATIONS = 4
    DAY = 5
    SCHEME = 6
    INNOCENT = 7
    DESCRIPTION = 8
    IDENTIFIERS = 9
    WATCHLIST = 10
    OWNERSHIP = 11
    VOCABULARY = 12
    DUPLICATES = 13


def generator(seed: int, section: Section, index: int = 0) -> np.random.Generator:
    """Open the PCG64 stream of one section; the same on every machine and whatever the thread count."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int(section), index])))
