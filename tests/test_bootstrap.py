"""Setting up on a machine that has Python and make and nothing else: where uv comes from."""

import hashlib
import io
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VERSION = re.search(r"^version=(.*)$", (ROOT / ".ci" / "uv").read_text(encoding="utf-8"), re.MULTILINE)[1]  # type: ignore[index]
NAME = f"uv-{VERSION}-py3-none-manylinux_2_17_{platform.machine()}.manylinux2014_{platform.machine()}.whl"

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the wheel's name is glibc's")


def wheel() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"uv-{VERSION}.data/scripts/uv", "#!/bin/sh\necho pretend uv\n")
    return content.getvalue()


@pytest.fixture
def index(request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve a package index with one wheel; its stated hash is wrong when the test asks for that."""
    body = wheel()
    wrong = getattr(request, "param", "") == "wrong hash"
    stated = "0" * 64 if wrong else hashlib.sha256(body).hexdigest()
    listing = json.dumps({"files": [{"filename": NAME, "url": f"../files/{NAME}", "hashes": {"sha256": stated}}]})
    pages = {"/simple/uv/": listing.encode(), f"/simple/files/{NAME}": body}

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in pages else 404)
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


def fetch(index: str, version: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / ".ci" / "fetch_uv.py", version, folder],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PIP_INDEX_URL": index, "no_proxy": "127.0.0.1"},
    )  # fmt: skip


def test_uv_is_fetched_with_the_standard_library_alone(index: str, tmp_path: Path) -> None:
    assert fetch(index, VERSION, tmp_path / "bin").returncode == 0
    told = subprocess.run([tmp_path / "bin" / "uv"], capture_output=True, text=True, check=True)
    assert told.stdout == "pretend uv\n"


@pytest.mark.parametrize("index", ["wrong hash"], indirect=True)
def test_a_wheel_with_another_hash_is_refused(index: str, tmp_path: Path) -> None:
    refused = fetch(index, VERSION, tmp_path)
    assert refused.returncode != 0
    assert "does not have the hash" in refused.stderr
    assert not (tmp_path / "uv").exists()


def test_a_version_that_is_not_there_is_named(index: str, tmp_path: Path) -> None:
    refused = fetch(index, "9.9.9", tmp_path)
    assert refused.returncode != 0
    assert "has no uv 9.9.9" in refused.stderr


def test_a_python_without_venv_and_pip_is_enough(index: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    bare = tmp_path / "bare-python"
    bare.write_text(f'#!/bin/sh\n[ "$1" = -m ] && exit 1\nexec "{sys.executable}" "$@"\n')
    bare.chmod(0o755)
    path = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "uv").exists()
    )
    settings = {"PATH": path, "PYTHON": str(bare), "PIP_INDEX_URL": index, "no_proxy": "127.0.0.1"}
    found = subprocess.run(
        [tmp_path / ".ci" / "uv"], capture_output=True, text=True, check=True, env={**os.environ, **settings}
    )
    assert subprocess.run([found.stdout.strip()], capture_output=True, text=True, check=True).stdout == "pretend uv\n"


def test_a_uv_on_the_path_is_used(tmp_path: Path) -> None:
    mine = tmp_path / "uv"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    found = subprocess.run(
        [ROOT / ".ci" / "uv"], capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert found.stdout.strip() == str(mine)


def test_make_help_names_every_target() -> None:
    told = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    for target in ("nightly", "airflow", "test", "lint", "types", "clean"):
        assert f"make {target}" in told


@pytest.mark.parametrize(("given", "host"), [({}, "127.0.0.1"), ({"AIRFLOW__API__HOST": "0.0.0.0"}, "0.0.0.0")])  # noqa: S104
def test_airflow_lets_other_machines_in_only_when_told_to(given: dict[str, str], host: str, tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "airflow", tmp_path / ".ci")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    stub = tmp_path / ".venv" / "bin" / "airflow"
    stub.write_text('#!/bin/sh\necho "$1 at $AIRFLOW__API__HOST"\n')
    stub.chmod(0o755)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": os.environ["PATH"], **given}
    done = subprocess.run(
        [tmp_path / ".ci" / "airflow", "standalone", str(port)],
        env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert f"standalone at {host}" in done.stdout
