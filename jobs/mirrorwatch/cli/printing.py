"""What the command prints: results on stdout, logs on stderr, and nothing that data could make a terminal do."""

import json
import logging
import os
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mirrorwatch.terminal import plain

# Characters a line when no terminal says how wide it is: an alert's row fits without being broken.
_PIPED_WIDTH = 160


class _Output(Console):
    """A console that goes on without its reader: `mirrorwatch verify … | head` must not read as `not true`."""

    def on_broken_pipe(self) -> None:
        """Let go of what is still to be printed; the command's exit code is what it was."""
        nobody_reads()


def nobody_reads() -> None:
    """Send the rest of stdout nowhere, since who read it has left."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)


def say(*lines: object, error: bool = False) -> None:
    """Print lines on stdout (or stderr), wrapped to the terminal, with no markup read from them."""
    console = _Output(stderr=error, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text(plain(line)))


def say_json(value: object) -> None:
    """Print one JSON document on stdout; everything outside ASCII is escaped, so that no terminal acts on it."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=True, default=str) + "\n")


def say_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table on stdout; numbers are set to the right."""
    if title:
        say(title)
    table = Table(box=None, pad_edge=False, header_style="bold")
    body = [tuple(row) for row in rows]
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int | float) or row[index] is None for row in body)
        table.add_column(name, justify="right" if numeric and body else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text("" if cell is None else plain(cell)) for cell in row))
    console = _Output(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    console.print(table)


def log_to_stderr(*, quiet: bool) -> None:
    """Send the steps' log lines to stderr: key=value, one line each; only warnings and worse when `quiet`."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=True),
            _harmless,
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _harmless(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: plain(value) if isinstance(value, str) else value for key, value in event.items()}


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    first = [event.pop(key) for key in ("timestamp", "level", "event")]
    event.pop("exc_info", None)
    rest = [
        f"{key}={value!r}" if isinstance(value, str) and " " in value else f"{key}={value}"
        for key, value in event.items()
    ]
    return " ".join([first[0], first[1].upper(), *([first[2]] if first[2] else []), *rest])
