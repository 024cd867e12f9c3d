"""An object-store prefix: no rename there, so the manifest is written last and is what readers go by."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from mirrorwatch.errors import MirrorwatchError, UsageError

# Polars hands these to its HTTP client; obstore takes them apart from the store's own settings.
_CLIENT_OPTIONS = frozenset({"allow_http", "allow_invalid_certificates", "connect_timeout", "proxy_url", "timeout"})


@dataclass(frozen=True)
class Bucket:
    """Objects below one prefix."""

    store: ObjectStore

    @classmethod
    def open(cls, url: str, storage_options: Mapping[str, str]) -> "Bucket":
        """Open `url` (s3://, gs://, az://) with the same storage options that Polars takes."""
        lowered: dict[str, Any] = {name.lower(): value for name, value in storage_options.items()}
        bare = {name: name.removeprefix("aws_") for name in lowered}  # Polars takes aws_allow_http for allow_http
        client: Any = {bare[name]: _plain(value) for name, value in lowered.items() if bare[name] in _CLIENT_OPTIONS}
        settings: Any = {name: value for name, value in lowered.items() if bare[name] not in _CLIENT_OPTIONS}
        try:
            return cls(from_url(url, config=settings, client_options=client))
        except (BaseError, ValueError) as error:
            raise UsageError(
                f"The object store cannot be opened: {_first_line(error)}.",
                where=url,
                remedy="Correct the address (s3://…, gs://…, az://…) or [storage_options].",
            ) from error

    def keys(self, prefix: str) -> list[str]:
        """Sorted keys right below `prefix/`."""
        with _answering():
            return sorted(entry["path"] for entry in obstore.list_with_delimiter(self.store, prefix)["objects"])

    def below(self, prefix: str) -> list[str]:
        """Sorted keys at any depth below `prefix/`."""
        with _answering():
            return sorted(entry["path"] for batch in obstore.list(self.store, prefix) for entry in batch)

    def read(self, key: str) -> bytes | None:
        """Bytes of `key`, or None when there is no such object."""
        with _answering():
            try:
                return bytes(obstore.get(self.store, key).bytes())
            except FileNotFoundError:
                return None

    def write(self, key: str, content: Path | bytes) -> None:
        """Put a file (streamed) or bytes at `key`."""
        with _answering():
            obstore.put(self.store, key, content)

    def delete(self, keys: list[str]) -> None:
        """Remove objects; those that are already gone are no error."""
        with _answering():
            if keys:
                obstore.delete(self.store, keys)


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a store's refusal, a page long, into one sentence and what to do."""
    try:
        yield
    except BaseError as error:
        raise MirrorwatchError(
            f"The object store refused: {_first_line(error)}.",
            remedy="Check the address, [storage_options], the credentials and the network, and run again.",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")


def _plain(value: str) -> bool | str:
    return {"true": True, "false": False}.get(value.lower(), value)
