"""Opaque ids: a letter and eleven base-32 digits, unique, in an order that says nothing about who was planted."""

import numpy as np

from mirrorwatch.synth.seeds import Section, generator

WIDTH = 12
_BITS = 55  # eleven digits of five bits
_MASK = np.uint64((1 << _BITS) - 1)
_DIGITS = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype=np.uint8)
_PAIRS = np.stack([np.repeat(_DIGITS, 32), np.tile(_DIGITS, 32)], axis=1).copy().view(np.uint16)[:, 0]


def mixed(seed: int, letter: str, numbers: np.ndarray) -> np.ndarray:
    """Map 55-bit integers one to one, by a seed's keys, so that consecutive numbers end far apart."""
    keys = generator(seed, Section.IDENTIFIERS, ord(letter)).integers(0, 1 << _BITS, 3, dtype=np.uint64)
    x = (numbers.astype(np.uint64) ^ keys[0]) & _MASK
    for key, shift in ((keys[1], 27), (keys[2], 31), (keys[0], 29)):
        x = (x * (key | np.uint64(1))) & _MASK  # odd: invertible
        x ^= x >> np.uint64(shift)
    return np.asarray(x)


def spelled(letter: str, numbers: np.ndarray) -> np.ndarray:
    """Spell 55-bit integers as an (n, 12) matrix of ASCII bytes."""
    out = np.empty((len(numbers), WIDTH), dtype=np.uint8)
    out[:, 0] = ord(letter)
    out[:, 1] = _DIGITS[(numbers >> np.uint64(50)).astype(np.int64)]
    pairs = out[:, 2:]
    for place in range(5):
        index = ((numbers >> np.uint64(40 - 10 * place)) & np.uint64(1023)).astype(np.int64)
        pairs[:, 2 * place : 2 * place + 2] = _PAIRS[index][:, None].view(np.uint8)
    return out


def identifiers(seed: int, letter: str, count: int) -> np.ndarray:
    """Make `count` ids as an (n, 12) matrix of ASCII bytes."""
    return spelled(letter, mixed(seed, letter, np.arange(count)))


def as_text(matrix: np.ndarray) -> np.ndarray:
    """Return the ids of a matrix as a numpy array of str."""
    return np.ascontiguousarray(matrix).view(f"S{WIDTH}")[:, 0].astype(f"U{WIDTH}")
