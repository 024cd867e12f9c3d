"""Hostile XML, record by record: no document type, hence no entities; bounded depth and size; namespaces dropped.

Lists have more than 100 MB: one record is held in memory at a time.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat  # nosec: every declaration that could expand is refused below

from mirrorwatch.errors import InputError

_CHUNK = 1 << 20  # bytes at a time: large enough that Python's calls, not the disk, are the cost
# The deepest published record (OFAC's advanced format) goes 12 elements down.
_DEEPEST = 40
# The largest published record is a few hundred kilobytes; one of 64 MB is an attack on memory.
_LARGEST = 64 * 1024 * 1024


@dataclass
class Node:
    """One element: its name without namespace, attributes, own text and children."""

    tag: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """Own text, stripped; None where there is none."""
        return "".join(self.pieces).strip() or None

    def get(self, name: str) -> str | None:
        """Return an attribute, stripped; None where it is missing or empty."""
        return self.attributes.get(name, "").strip() or None

    def all(self, path: str) -> list["Node"]:
        """Return the elements at a path of child names, such as `akaList/aka`."""
        here = [self]
        for tag in path.split("/"):
            here = [child for node in here for child in node.children if child.tag == tag]
        return here

    def first(self, path: str) -> str | None:
        """Return the text of the first element at a path that has any."""
        return next((node.text for node in self.all(path) if node.text), None)

    def texts(self, path: str) -> list[str]:
        """Return the texts of all elements at a path that have any."""
        return [node.text for node in self.all(path) if node.text]


def records(stream: BinaryIO, file: str, wanted: frozenset[str]) -> Iterator[Node]:
    """Yield each outermost element named in `wanted`, whole, in the file's order.

    Raises InputError with file, line and column for XML that is broken, cut off, or that declares a document type.
    """
    reading = _Reading(file, wanted)
    while chunk := stream.read(_CHUNK):
        reading.feed(chunk)
        yield from reading.done()
    reading.feed(b"", last=True)
    yield from reading.done()


def root_of(head: bytes) -> str | None:
    """Return the name of a document's first element from its first bytes; None when they are no XML."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def started(name: str, _attributes: dict[str, str]) -> None:
        found.append(name.rpartition(" ")[2])
        raise StopIteration  # nothing after it is read, so that nothing it declares can expand

    parser.StartElementHandler = started
    with suppress(expat.ExpatError, ValueError, StopIteration):
        parser.Parse(head)
    return found[0] if found else None


class _Reading:
    """The state of one parse."""

    def __init__(self, file: str, wanted: frozenset[str]) -> None:
        self._file, self._wanted = file, wanted
        self._open: list[Node] = []
        self._depth = self._size = 0
        self._done: list[Node] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(chunk, last)
        except (expat.ExpatError, ValueError) as error:  # ValueError: an encoding that Python does not know
            where = f"{self._file}, line {self._parser.CurrentLineNumber}, column {self._parser.CurrentColumnNumber}"
            raise InputError(
                f"The XML is broken or cut off: {error}.", where=where, remedy="Download the file again, whole."
            ) from error

    def done(self) -> list[Node]:
        finished, self._done = self._done, []
        return finished

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._hostile(f"Elements lie more than {_DEEPEST} deep.")
        if self._open or tag in self._wanted:
            node = Node(tag, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
            self._grow(len(tag) + sum(len(key) + len(value) for key, value in attributes.items()))
            if self._open:
                self._open[-1].children.append(node)
            self._open.append(node)

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._open:
            node = self._open.pop()
            if not self._open:
                self._done.append(node)
                self._size = 0

    def _text(self, text: str) -> None:
        if self._open:
            self._grow(len(text))
            self._open[-1].pieces.append(text)

    def _grow(self, size: int) -> None:
        self._size += size + 1
        if self._size > _LARGEST:
            raise self._hostile("One record holds more than 64 MB.")

    def _refuse(self, *_: object) -> None:
        raise self._hostile("The file declares a document type or an entity, which no publisher's list does.")

    def _hostile(self, what: str) -> InputError:
        return InputError(
            what,
            where=f"{self._file}, line {self._parser.CurrentLineNumber}",
            remedy="Download the file again from its publisher; do not import this one.",
        )
