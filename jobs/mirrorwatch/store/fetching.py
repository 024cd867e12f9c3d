"""Download a file whole before anybody reads it: over HTTPS only, with a limit on time and size."""

import urllib.request
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from mirrorwatch.errors import MirrorwatchError, UsageError

_SCHEME = "https"
_SECONDS = 120  # of silence: publishers' servers are slow to start, but do not pause that long within a file
_CHUNK = 1 << 20
# The largest published list (every entity of OpenSanctions) has about 3 GB.
_LARGEST = 8 * 1024**3


def fetch(url: str, folder: Path) -> Path:
    """Download `url` into `folder` under its own name and return the file; a part of a file is never left.

    Raises UsageError for an address that is not https://, and MirrorwatchError when the download fails: it says nothing
    of the data, and may be tried again.
    """
    require_https(url)
    name = PurePosixPath(unquote(urlsplit(url).path)).name or "list"
    path, aside = folder / name, folder / f".{name}.part"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _download(url, aside)
        return aside.replace(path)
    except (OSError, HTTPException, ValueError) as error:
        raise MirrorwatchError(
            f"The download failed: {error}.", where=url, remedy="Look at the address and the network, and run again."
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def require_https(url: str) -> None:
    """Raise UsageError unless an address is https://."""
    if urlsplit(url).scheme != _SCHEME:
        raise UsageError("Lists are only fetched over https://.", where=url, remedy="Write the address with https://.")


def _download(url: str, aside: Path) -> None:
    with urllib.request.urlopen(url, timeout=_SECONDS) as answer, aside.open("wb") as file:  # noqa: S310 - https only
        require_https(answer.geturl())  # a redirection may not lead elsewhere
        size, claimed = 0, answer.headers.get("Content-Length")
        while chunk := answer.read(_CHUNK):
            size += len(chunk)
            if size > _LARGEST:
                raise ValueError("more than 8 GB came")
            file.write(chunk)
    if claimed is not None and size != int(claimed):
        raise ValueError(f"{size} bytes came of {claimed}")
