"""Names of persons and firms: which are one name, written differently. Pure; knows nothing of lists or parties."""

from mirrorwatch.names.parameters import NameParameters
from mirrorwatch.names.similarity import NAMED, SIMILAR, similarity

__all__ = ["NAMED", "SIMILAR", "NameParameters", "similarity"]
