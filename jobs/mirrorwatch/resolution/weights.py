"""Fellegi and Sunter's model: how likely each agreement is for one party, for kin and for strangers.

Three classes in place of two: a household shares its telephone and its home, so the two would wrongly count as
independent proof that it is one person. Agreement by chance comes from the data's own frequencies; the shares of the
other two are fitted by expectation-maximisation from a fixed start, a fixed number of rounds, over pairs in a fixed
order. Pairs that share no key are taken for strangers.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.resolution.comparing import Compared, Side, compare, strangers
from mirrorwatch.resolution.levels import FIELDS
from mirrorwatch.resolution.parameters import ResolutionParameters

SAME, KIN, STRANGERS = range(3)
_DRAWN_PER_PARTY = 20  # of few parties the same pairs would be drawn again and again
_WIDEST = max(len(field.levels) for field in FIELDS)


@dataclass(frozen=True)
class Model:
    """Shares as log2.

    Of each class among all pairs (`prior`, 3), of each level in `same` and `kin` (field x level), and of each level
    among drawn strangers (`by_chance`), which stands where no frequency says more.
    """

    prior: np.ndarray
    same: np.ndarray
    kin: np.ndarray
    by_chance: np.ndarray
    parties: int


def _table(shares: list[tuple[float, ...]]) -> np.ndarray:
    table = np.zeros((len(FIELDS), _WIDEST))
    for row, values in enumerate(shares):
        table[row, : len(values)] = values
    return table


def _log(shares: np.ndarray) -> np.ndarray:
    return np.asarray(np.log2(np.maximum(shares, 1e-12)))


def _chance_levels(told: Side, parameters: ResolutionParameters) -> np.ndarray:
    """Share of each level among strangers (field x level), counted in drawn pairs, as if one more had shown each."""
    drawn = min(parameters.drawn_pairs, _DRAWN_PER_PARTY * told.count)
    found = compare(told, *strangers(told.count, drawn))
    shares = np.zeros((len(FIELDS), _WIDEST))
    for row, field in enumerate(FIELDS):
        seen = found.level[:, row]
        counts = np.bincount(seen[seen >= 0], minlength=len(field.levels)) + 1.0
        shares[row, : len(field.levels)] = counts / counts.sum()
    return shares


def start(told: Side, parameters: ResolutionParameters) -> Model:
    """Return what is believed before any pair is looked at."""
    pairs = told.count * (told.count - 1) / 2
    same, kin = (
        min(each * told.count / pairs, 0.1) for each in (parameters.duplicates_per_party, parameters.kin_per_party)
    )
    return Model(
        prior=_log(np.array([same, kin, 1 - same - kin])),
        same=_log(_table([field.same for field in FIELDS])),
        kin=_log(_table([field.kin for field in FIELDS])),
        by_chance=_log(_chance_levels(told, parameters)),
        parties=told.count,
    )


def field_bits(model: Model, found: Compared) -> np.ndarray:
    """log2 of the likelihood of each level in each class (pair x class x field); 0 where a value is missing."""
    level = np.maximum(found.level, 0)
    rows = np.arange(len(FIELDS))
    drawn = model.by_chance[rows, level]
    by_value = np.where(found.chance < 0, found.chance, drawn)
    bits = np.stack([model.same[rows, level], model.kin[rows, level], by_value], axis=1)
    return np.where((found.level >= 0)[:, None, :], bits, 0.0)


def totals(model: Model, found: Compared) -> np.ndarray:
    """log2 of prior times likelihood (pair x class)."""
    return np.asarray(field_bits(model, found).sum(axis=2) + model.prior)


def probabilities(total: np.ndarray) -> np.ndarray:
    """Probability of each class (pair x class)."""
    odds = np.exp2(total - total.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fitted(model: Model, found: Compared, share: float, parameters: ResolutionParameters) -> Model:
    """Fit the shares of `same` and the priors on blocked pairs, of which `found` holds the given share.

    What changes from round to round is one number for each pattern of levels.
    """
    pairs = model.parties * (model.parties - 1) / 2
    patterns, pattern = np.unique(found.level, axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    bits = field_bits(model, found)
    strangers = bits[:, STRANGERS].sum(axis=1)
    believed = (parameters.prior_pairs, parameters.prior_kin)
    begun = [np.exp2(each) * much for each, much in zip((model.same, model.kin), believed, strict=True)]
    first = np.exp2(model.prior[:STRANGERS]) * pairs * parameters.prior_parties / model.parties
    known = pairs * (1 + parameters.prior_parties / model.parties)
    prior, fit = model.prior, [model.same, model.kin]
    for _ in range(parameters.iterations):
        each = probabilities(
            np.stack([*(_of_pattern(one, patterns)[pattern] for one in fit), strangers], axis=1) + prior
        )
        weight = [np.bincount(pattern, each[:, kind], minlength=len(patterns)) / share for kind in (SAME, KIN)]
        fit = [_counted(patterns, by, at_first) for by, at_first in zip(weight, begun, strict=True)]
        shares = (np.array([by.sum() for by in weight]) + first) / known
        prior = _log(np.array([*shares, 1 - shares.sum()]))
    return Model(prior, fit[0], fit[1], model.by_chance, model.parties)


def _of_pattern(shares: np.ndarray, patterns: np.ndarray) -> np.ndarray:
    """log2 of the likelihood of each pattern of levels."""
    known = shares[np.arange(len(FIELDS)), np.maximum(patterns, 0)]
    return np.asarray(np.where(patterns >= 0, known, 0).sum(axis=1))


def _counted(patterns: np.ndarray, weight: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """log2 of the shares of levels, from the weight of each pattern and what was believed."""
    counts = begun.copy()
    for row in range(len(FIELDS)):
        known = patterns[:, row] >= 0
        counts[row] += np.bincount(patterns[known, row], weight[known], minlength=_WIDEST)
    return _log(counts / counts.sum(axis=1, keepdims=True))
