"""Finds and lists the night's input files, and refuses what would otherwise be skipped without a word."""

import re
from collections.abc import Collection
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from mirrorwatch.contract import BESIDE, DATASETS, Dataset
from mirrorwatch.errors import InputError
from mirrorwatch.store.mapping import Mapping
from mirrorwatch.store.objects import FOLDER, NO_FILE, NOWHERE, Root

_BOOKING_DATE = re.compile(r"booking_date=([^/]*)/")
_HIDDEN = re.compile(r"/[._]")  # what writers leave beside the data: _SUCCESS, .crc, _temporary
# Data that nobody would read: other formats, packed files, names in capitals, uploads that have not ended.
_OTHER_DATA = re.compile(
    r"\.(parquet|parq|pq|csv|tsv|jsonl?|ndjson|avro|orc|arrow|feather|xlsx?)"
    r"(\.(gz|zst|bz2|xz|zip|snappy|lz4|part|partial|filepart|tmp|crdownload))?$",
    re.IGNORECASE,
)
_NO_FILE = {
    FOLDER: (
        "A folder stands where a Parquet file is expected.",
        "Move the files in it one level up, or give {dataset} a path pattern in a mapping file.",
    ),
    NOWHERE: ("A link leads nowhere: the file that it names is not there.", "Deliver the file, or remove the link."),
    NO_FILE: ("A pipe or device stands where a Parquet file is expected.", "Deliver a file in its place."),
}


@dataclass(frozen=True)
class Window:
    """The booking dates that a night reads: the `lookback_days` days that end with `run_date`."""

    run_date: date
    lookback_days: int = 45

    @property
    def first(self) -> date:
        """First booking date inside the window."""
        return self.run_date - timedelta(days=self.lookback_days - 1)

    @property
    def days(self) -> list[date]:
        """Every date of the window, in order."""
        return [self.first + timedelta(days=offset) for offset in range(self.lookback_days)]


@dataclass(frozen=True)
class Source:
    """Where the night's input lies and, when it is not laid out as the contract says, how to read it."""

    data: str
    mapping: Mapping = field(default_factory=Mapping)
    storage_options: Table[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Root:
        """The data folder or prefix."""
        return Root(self.data, self.storage_options)


@dataclass(frozen=True)
class InputFile:
    """One file that the night reads: its dataset, path relative to the data folder, bytes and SHA-256."""

    dataset: str
    path: str
    bytes: int
    sha256: str = ""


def list_inputs(source: Source, window: Window) -> list[InputFile]:
    """List every file that a night over `window` reads, by dataset and path, hashed.

    Raises InputError that names the file or dataset: nothing to read, a folder in place of a file, a misplaced file.
    """
    return [replace(file, sha256=_hashed(source.root, file)) for file in find_files(source, window)]


def find_files(source: Source, window: Window, only: Collection[str] | None = None) -> list[InputFile]:
    """List the same files as `list_inputs`, without the hashes; of the datasets named by `only` where it is given."""
    source.root.require()
    wanted = [dataset for dataset in (*DATASETS, *BESIDE) if only is None or dataset.name in only]
    return [file for dataset in wanted for file in _dataset_files(source, window, dataset)]


def _hashed(root: Root, file: InputFile) -> str:
    try:
        return root.sha256(file.path)
    except (FileNotFoundError, PermissionError) as error:
        raise InputError(
            f"The file cannot be opened: {error.strerror or error}.",
            where=file.path,
            remedy="Run again when the delivery is complete, and let the user that runs the night read it.",
        ) from error


def partition_date(path: str) -> date | None:
    """Return the date that a path's `booking_date=` folder names; None without one. Raises InputError for no date."""
    match = _BOOKING_DATE.search(path)
    if match is None:
        return None
    try:
        return date.fromisoformat(match.group(1))
    except ValueError as error:
        raise InputError(
            f"The partition folder booking_date={match.group(1)} does not name a date.",
            where=path,
            remedy="Name partition folders booking_date=YYYY-MM-DD, or move this one out of the data folder.",
        ) from error


def _dataset_files(source: Source, window: Window, dataset: Dataset) -> list[InputFile]:
    mapping = source.mapping.datasets.get(dataset.name)
    pattern = mapping.path if mapping else dataset.pattern
    fixed = pattern.split("*")[0].rpartition("/")[0]
    matches = _pattern(pattern)
    found = sorted(source.root.files(fixed))
    visible = [(path, size) for path, size in found if not _HIDDEN.search("/" + path.removeprefix(f"{fixed}/"))]
    parquet = [(path, size) for path, size in visible if path.endswith(".parquet")]
    expected = [(path, size) for path, size in parquet if mapping is None or matches.fullmatch(path)]
    _refuse_what_is_no_file(dataset, [(path, size) for path, size in expected if size < 0 and _inside(window, path)])
    if mapping is None:
        _refuse_other_data(dataset, [path for path, _ in visible if _OTHER_DATA.search(path)], window)
        _refuse_misplaced(dataset, [path for path, _ in parquet if not matches.fullmatch(path)])
    chosen = [InputFile(dataset.name, path, size) for path, size in parquet if matches.fullmatch(path)]
    inside = [file for file in chosen if _inside(window, file.path)]
    if not inside and (dataset.required or mapping):
        raise _nothing_to_read(dataset, pattern, window, chosen)
    return inside


def _inside(window: Window, path: str) -> bool:
    day = partition_date(path)
    return day is None or window.first <= day <= window.run_date


def _pattern(pattern: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern)), re.DOTALL
    )


def _refuse_misplaced(dataset: Dataset, paths: list[str]) -> None:
    if paths:
        raise InputError(
            f"{len(paths)} Parquet file(s) of {dataset.name} lie where the contract has none and would not be read.",
            where=paths[0],
            remedy=f"Move them to {dataset.pattern}, out of the data folder, or name their path in a mapping file.",
        )


def _refuse_other_data(dataset: Dataset, paths: list[str], window: Window) -> None:
    other = [path for path in paths if not path.endswith(".parquet") and _inside(window, path)]
    if other:
        raise InputError(
            f"{len(other)} file(s) of {dataset.name} look like data, are not named *.parquet and would not be read.",
            where=other[0],
            remedy="Wait until they are delivered whole, deliver them as NAME.parquet, or move them out of the folder.",
        )


def _refuse_what_is_no_file(dataset: Dataset, found: list[tuple[str, int]]) -> None:
    for path, size in found:
        what, remedy = _NO_FILE[size]
        raise InputError(what, where=path, remedy=remedy.format(dataset=dataset.name))


def _nothing_to_read(dataset: Dataset, pattern: str, window: Window, outside: list[InputFile]) -> InputError:
    if outside:
        return InputError(
            f"No {dataset.name} are booked from {window.first} to {window.run_date}.",
            where=f"{len(outside)} file(s) lie outside, {outside[0].path} to {outside[-1].path}",
            remedy="Choose a --date that the data covers, or deliver the missing partitions.",
        )
    return InputError(
        f"There is no file of {dataset.name}, which the night needs.",
        where=pattern,
        remedy="Deliver it below the data folder, or say in a mapping file where it lies.",
    )
