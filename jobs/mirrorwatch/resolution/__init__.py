"""Which parties are one person or one firm, as a probability with its evidence."""

from mirrorwatch.resolution.parameters import ResolutionParameters
from mirrorwatch.resolution.resolving import ENTITIES, PAIRS, Resolved, resolve

__all__ = ["ENTITIES", "PAIRS", "ResolutionParameters", "Resolved", "resolve"]
