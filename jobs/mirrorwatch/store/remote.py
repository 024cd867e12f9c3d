"""An object-store prefix: no rename there, so the manifest is written last and is what readers go by."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
from obstore.store import ObjectStore, from_url

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
        return cls(from_url(url, config=settings, client_options=client))

    def keys(self, prefix: str) -> list[str]:
        """Sorted keys right below `prefix/`."""
        return sorted(entry["path"] for entry in obstore.list_with_delimiter(self.store, prefix)["objects"])

    def below(self, prefix: str) -> list[str]:
        """Sorted keys at any depth below `prefix/`."""
        return sorted(entry["path"] for batch in obstore.list(self.store, prefix) for entry in batch)

    def read(self, key: str) -> bytes | None:
        """Bytes of `key`, or None when there is no such object."""
        try:
            return bytes(obstore.get(self.store, key).bytes())
        except FileNotFoundError:
            return None

    def write(self, key: str, content: Path | bytes) -> None:
        """Put a file (streamed) or bytes at `key`."""
        obstore.put(self.store, key, content)

    def delete(self, keys: list[str]) -> None:
        """Remove objects; those that are already gone are no error."""
        if keys:
            obstore.delete(self.store, keys)


def _plain(value: str) -> bool | str:
    return {"true": True, "false": False}.get(value.lower(), value)
