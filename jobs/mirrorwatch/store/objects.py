"""The files below a data folder or an object-store prefix: listed and hashed the same way wherever they lie."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from mirrorwatch.errors import MirrorwatchError, UsageError

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CHUNK = 8 * 1024 * 1024  # bytes held in memory while hashing: large enough for disks, small beside a night's memory
FOLDER, NOWHERE, NO_FILE = -1, -2, -3  # in place of a number of bytes
_SCHEME = re.compile(r"^([a-z][a-z0-9+]*)://", re.IGNORECASE)


@dataclass(frozen=True)
class Root:
    """A local folder, or an object-store prefix such as `s3://bucket/prefix`.

    `storage_options` are Polars' own (https://docs.pola.rs/user-guide/io/cloud-storage/): the same keys serve both
    the scans and the listing.
    """

    location: str
    storage_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def remote(self) -> bool:
        """Whether files lie in an object store."""
        return _SCHEME.match(self.location) is not None and not self.location.startswith("file://")

    @property
    def _folder(self) -> Path:
        return Path(self.location.removeprefix("file://"))

    def files(self, prefix: str) -> Iterator[tuple[str, int]]:
        """List every file below `prefix`: path relative to the root with forward slashes, and bytes; in no order.

        What only looks like a file is given with FOLDER bytes (a folder whose name ends in `.parquet`), NOWHERE (a link
        to nothing) or NO_FILE (a pipe or device: opening it would wait for ever), so that it can be refused by name.
        """
        return self._remote_files(prefix) if self.remote else self._local_files(prefix)

    def address(self, path: str) -> str:
        """Return what Polars is told to scan for a relative path."""
        return f"{self.location.rstrip('/')}/{path}" if self.remote else str(self._folder / path)

    def sha256(self, path: str) -> str:
        """Hash one file's bytes, read in chunks."""
        digest = hashlib.sha256()
        for chunk in self._remote_chunks(path) if self.remote else self._local_chunks(path):
            digest.update(chunk)
        return digest.hexdigest()

    def reader(self, path: str) -> BinaryIO:
        """Open one file for reading at any place; the caller closes it. Raises OSError when it cannot be opened."""
        if not self.remote:
            return (self._folder / path).open("rb")
        import obstore

        return cast("BinaryIO", obstore.open_reader(self._store(), path))

    def ends(self, path: str) -> tuple[bytes, bytes]:
        """Return the first four bytes of a file, and its last four. Raises OSError when it cannot be opened."""
        with closing(self.reader(path)) as stream:
            first = bytes(stream.read(4))
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - 4))
            return first, bytes(stream.read(4))

    def require(self) -> None:
        """Refuse a root that is not there (UsageError); an object store answers when it is listed."""
        if not self.remote and not self._folder.is_dir():
            raise UsageError(
                f"There is no data folder {self.location!r}.", remedy="Give --data a folder or a URL such as s3://…"
            )

    def _local_files(self, prefix: str) -> Iterator[tuple[str, int]]:
        base = self._folder / prefix
        for folder, folders, names in os.walk(base, followlinks=True):
            here = Path(folder)
            for name in folders:
                if name.endswith(".parquet"):
                    yield (here / name).relative_to(self._folder).as_posix(), FOLDER
            for name in names:
                yield (here / name).relative_to(self._folder).as_posix(), _bytes(here / name)

    def _local_chunks(self, path: str) -> Iterator[bytes]:
        with (self._folder / path).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def _store(self) -> "ObjectStore":
        from mirrorwatch.store.remote import Bucket

        return Bucket.open(self.location, self.storage_options).store

    def _remote_files(self, prefix: str) -> Iterator[tuple[str, int]]:
        import obstore

        try:
            for batch in obstore.list(self._store(), prefix=prefix or None):
                for item in batch:
                    yield item["path"], item["size"]
        except (obstore.exceptions.BaseError, ValueError, OSError) as error:
            # No InputError: this says nothing of the data, and Airflow must try again when a store was briefly away.
            raise MirrorwatchError(
                f"The object store did not list {self.location!r}: {str(error).splitlines()[0]}.",
                remedy="Check the address and `storage_options` (key, secret, region, endpoint).",
            ) from error

    def _remote_chunks(self, path: str) -> Iterator[bytes]:
        import obstore

        for chunk in obstore.get(self._store(), path).stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


def _bytes(path: Path) -> int:
    try:
        found = path.stat()
    except OSError:
        return NOWHERE
    return found.st_size if stat.S_ISREG(found.st_mode) else NO_FILE
