"""A lock that ends with the process that holds it, so that a killed run never leaves one behind."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mirrorwatch.errors import MirrorwatchError


@contextmanager
def locked(path: Path, doing: str, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock file `path` while `doing`; several may share it, an exclusive holder is alone.

    Raises MirrorwatchError at once, naming the holder's process, when another run is in the way.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(descriptor, path, doing, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # releases the lock


def _take(descriptor: int, path: Path, doing: str, mode: int) -> None:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another run"
        raise MirrorwatchError(
            f"Cannot start {doing}: {holder} is still at it.",
            where=str(path),
            remedy="Wait until that run has ended, then start again; a run that was killed holds nothing.",
        ) from error
    if mode == fcntl.LOCK_EX:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} ({doing})\n".encode(), 0)
