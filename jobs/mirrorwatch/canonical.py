"""Canonical JSON and SHA-256: the one spelling of a value that every id and hash of mirrorwatch is taken of."""

import hashlib
import json
from pathlib import Path

# 1 MiB a read: large enough that the hash, not the system call, is the cost.
_CHUNK_BYTES = 1 << 20


def canonical_json(value: object) -> str:
    """Return `value` as JSON with sorted keys and no spaces; floats in Python's shortest exact form.

    Raises TypeError for what JSON cannot hold and ValueError for NaN or infinity.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 (64 hex digits) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 (64 hex digits) of a file's bytes, read in constant memory."""
    sha256 = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            sha256.update(chunk)
    return sha256.hexdigest()
