"""Fixtures that several test files share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from tests.worlds import put_in_place

from mirrorwatch import cli

# No property is timed: a busy machine would break it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Exit code, standard output, standard error of one command.
Outcome = tuple[int, str, str]
Command = Callable[..., Outcome]


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put two pretend detectors, and suites that pass at once, in place of the real ones."""
    put_in_place(monkeypatch)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Run the mirrorwatch command in this process."""

    def run(*arguments: object) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    yield run
    structlog.reset_defaults()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a test's nights are published."""
    return tmp_path / "out"
