"""Files that somebody delivers, such as a publisher's list: named one by one or by their folder or prefix."""

import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.objects import CHUNK, Root

_AS_OF = re.compile(r"as_of=(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Delivered:
    """One file: where it lies, and its path there."""

    root: Root
    path: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name

    @property
    def address(self) -> str:
        """Where the file lies, as its user would write it."""
        return self.root.address(self.path)

    def open(self) -> BinaryIO:
        """Open the file for reading; the caller closes it. Raises InputError when it cannot be opened."""
        try:
            return self.root.reader(self.path)
        except OSError as error:
            raise InputError(
                f"The file cannot be opened: {error.strerror or error}.", where=self.address,
                remedy="Name a file that is there and may be read.",
            ) from error  # fmt: skip

    def sha256(self) -> str:
        """SHA-256 of the file's bytes. Raises InputError when it cannot be opened."""
        with self.open():
            pass
        return self.root.sha256(self.path)


def delivered(locations: Iterable[str], storage_options: Mapping[str, str] | None = None) -> list[Delivered]:
    """Return the files at the given places, each a file or a folder of files, by name; hidden ones are left out.

    Raises UsageError where nothing is, or where two files bear the same name.
    """
    files = [file for location in locations for file in _at(location, storage_options or {})]
    names = [file.name for file in files]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"Two files are called {min(twice)!r}.", remedy="Name each file of a list once.")
    return sorted(files, key=lambda file: file.name)


def brought(files: Iterable[Delivered], folder: Path) -> list[Delivered]:
    """Copy files of an object store into `folder`, so that each is fetched once; local ones stay where they are."""
    return [_brought(file, folder) if file.root.remote else file for file in files]


def _brought(file: Delivered, folder: Path) -> Delivered:
    with closing(file.open()) as stream, (folder / file.name).open("wb") as local:
        while chunk := bytes(stream.read(CHUNK)):
            local.write(chunk)
    return Delivered(Root(str(folder)), file.name)


def _at(location: str, storage_options: Mapping[str, str]) -> list[Delivered]:
    root = Root(location.rstrip("/"), storage_options)
    if root.remote:
        found = [path for path, _ in root.files("")]
        if found:
            return [Delivered(root, path) for path in found if not _hidden(path)]
        folder, _, name = location.rpartition("/")
        return [Delivered(Root(folder, storage_options), name)]
    place = Path(location.removeprefix("file://"))
    if place.is_dir():
        return [
            Delivered(root, path.name) for path in sorted(place.iterdir()) if path.is_file() and not _hidden(path.name)
        ]
    if not place.exists():
        raise UsageError("There is no such file.", where=location, remedy="Name the list's files, or their folder.")
    return [Delivered(Root(str(place.parent), storage_options), place.name)]


def _hidden(path: str) -> bool:
    return PurePosixPath(path).name.startswith((".", "_"))


def dated(location: str, storage_options: Mapping[str, str] | None = None) -> dict[date, str]:
    """Return the folders `as_of=YYYY-MM-DD` right below a folder or prefix, by date; none where there are none."""
    root = Root(location.rstrip("/"), storage_options or {})
    if root.remote:
        names = {path.split("/")[0] for path, _ in root.files("") if "/" in path}
    else:
        place = Path(location.removeprefix("file://"))
        names = {path.name for path in place.iterdir() if path.is_dir()} if place.is_dir() else set()
    found = {name: match[1] for name in names if (match := _AS_OF.fullmatch(name)) is not None}
    return {date.fromisoformat(day): f"{location.rstrip('/')}/{name}" for name, day in sorted(found.items())}
