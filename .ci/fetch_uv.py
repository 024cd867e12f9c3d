"""Fetch the uv executable from the package index with nothing but Python's standard library.

Debian splits pip and venv off its python3 package; where both are missing, this is what is left.
Usage: fetch_uv.py VERSION FOLDER. The index is PIP_INDEX_URL, else pypi.org; its hash of the wheel is checked.
"""

import hashlib
import io
import json
import os
import platform
import re
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path


def main(version: str, folder: str) -> None:
    """Write FOLDER/uv, executable."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/uv/"
    name, address, sha256 = find(index, version)
    wheel = read(address)
    if hashlib.sha256(wheel).hexdigest() != sha256:
        sys.exit(f"{name} does not have the hash that {index} states.")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        member = next(path for path in archive.namelist() if path.endswith("/scripts/uv"))
        content = archive.read(member)
    target = Path(folder) / "uv"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(0o755)


def find(index: str, version: str) -> tuple[str, str, str]:
    """Find this machine's wheel: its name, address and SHA-256."""
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    wanted = re.compile(rf"uv-{re.escape(version)}-py3-none-{libc}[^/]*_{platform.machine()}(\.[^/]*)?\.whl")
    for file in json.loads(read(index, accept="application/vnd.pypi.simple.v1+json"))["files"]:
        if wanted.fullmatch(file["filename"]):
            return file["filename"], urllib.parse.urljoin(index, file["url"]), file["hashes"]["sha256"]
    sys.exit(f"{index} has no uv {version} for {libc} on {platform.machine()}.")


def read(address: str, accept: str = "*/*") -> bytes:
    """Read an address whole."""
    if not address.startswith(("https://", "http://")):
        sys.exit(f"{address} is no web address.")
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - checked above
    with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 - checked above
        content: bytes = response.read()
    return content


if __name__ == "__main__":
    main(*sys.argv[1:])
