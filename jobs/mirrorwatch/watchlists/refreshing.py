"""Refresh the lists that an operator has named in a sources file: from folders, buckets or addresses."""

import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from mirrorwatch.errors import GateError, InputError, MirrorwatchError, UsageError
from mirrorwatch.store.delivered import dated
from mirrorwatch.store.fetching import fetch, require_https
from mirrorwatch.store.versions import Lists
from mirrorwatch.watchlists import formats, importing


class Source(BaseModel):
    """Where one list comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    format: str = formats.AUTO


def refresh(data: str | None, sources_file: str | None, day: date) -> dict[str, Any]:
    """Import every list of the sources file as it is on `day`; without a sources file nothing is done.

    Returns {list: outcome of each version}. When lists fail, the others are imported all the same; then raises
    InputError where the data or settings of one are wrong, else MirrorwatchError, which may be tried again.
    """
    if not sources_file:
        return {}
    if not data:
        raise UsageError("No data folder is named.", remedy="Set the parameter data, or MIRRORWATCH_DATA.")
    told: dict[str, Any] = {}
    failed: list[tuple[str, MirrorwatchError]] = []
    for name, source in sources(Path(sources_file)).items():
        try:
            told[name] = [_short(importing.run(asked)) for asked in _due(data, name, source, day)]
        except MirrorwatchError as error:
            failed.append((name, error))
    if failed:
        raise _together(failed)
    return told


def sources(path: Path) -> dict[str, Source]:
    """Read a sources file. Raises UsageError for one that is not there, no TOML, or names what does not exist."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {name: Source.model_validate(table) for name, table in given.items()}
    except OSError as error:
        raise UsageError(f"The sources file cannot be opened: {error.strerror or error}.", where=str(path),
                         remedy="Name a TOML file that is there.") from error  # fmt: skip
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise UsageError(f"The sources file is not right: {error}.", where=str(path),
                         remedy="Write a table for each list, with files or urls.") from error  # fmt: skip
    for name, source in found.items():
        if bool(source.files) == bool(source.urls):
            raise UsageError(
                f"{name} names neither files nor urls, or both.", where=str(path), remedy="Name one of them."
            )
        for url in source.urls:
            require_https(url)
    return found


def _due(data: str, name: str, source: Source, day: date) -> Iterator[importing.Import]:
    """Yield the imports that bring a list up to `day`: its folder's versions not kept yet, or what is there now."""
    if source.urls:
        with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
            files = [str(fetch(url, Path(folder) / str(number))) for number, url in enumerate(source.urls)]
            yield importing.Import(data, files, day, name, source.format)
        return
    versions = {as_of: place for location in source.files for as_of, place in dated(location).items()}
    if not versions:
        yield importing.Import(data, source.files, day, name, source.format)
        return
    kept = {each.as_of for each in Lists.of(data).kept(name)}
    due = [as_of for as_of in versions if as_of <= day and as_of not in kept]
    newest = [max(as_of for as_of in versions if as_of <= day)] if any(as_of <= day for as_of in versions) else []
    for as_of in sorted({*due, *newest}):
        yield importing.Import(data, [versions[as_of]], as_of, name, source.format)


def _short(told: dict[str, Any]) -> dict[str, Any]:
    """Return what an orchestrator keeps of an import: small, for it lies in its database."""
    skipped = sum(told["counts"]["skipped"].values())
    kept = {name: told[name] for name in ("as_of", "outcome", "changes")}
    return {**kept, "entries": told["counts"]["entries"], "skipped": skipped}


def _together(failed: list[tuple[str, MirrorwatchError]]) -> MirrorwatchError:
    first = failed[0][1]
    wrong = all(isinstance(error, UsageError | InputError | GateError) for _, error in failed)
    kind = InputError if wrong else MirrorwatchError
    what = " ".join(f"{name}: {error.what}" for name, error in failed)
    return kind(f"{len(failed)} list(s) were not refreshed. {what}", where=first.where, remedy=first.remedy)
