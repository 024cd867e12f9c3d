"""The mirrorwatch command."""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from mirrorwatch.cli import alert, entities, nightly, ownership, rules, screen, watchlist
from mirrorwatch.cli.printing import nobody_reads, say, say_json
from mirrorwatch.errors import MirrorwatchError, UsageError
from mirrorwatch.synth.command import synth
from mirrorwatch.terminal import plain

_INTERRUPTED = 130  # what shells make of Ctrl-C: 128 + SIGINT
app = typer.Typer(
    name="mirrorwatch",
    help="Find how drug money moves through banks: one night, from Parquet to a report.\n\n"
    "Exit codes: 0 done, 1 a bug or the machine (verify: something differs), 2 wrong use or configuration, "
    "3 data so bad that the night was stopped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help reads the same in a terminal, a pipe and the docs
    context_settings={"help_option_names": ["-h", "--help"]},
)
nightly.register(app)
alert.register(app)
rules.register(app)
entities.register(app)
watchlist.register(app)
ownership.register(app)
screen.register(app)
app.command("synth")(synth)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the contract's code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(_repeat_only(given), as_json="--json" in given))


def _run(arguments: list[str], *, as_json: bool) -> int:
    try:
        result = app(arguments, standalone_mode=False)
        _flush()
    except typer.Exit as ended:
        return ended.exit_code
    except (typer.Abort, KeyboardInterrupt):
        say("Interrupted. Published nights are as they were.", error=True)
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must still say what to do
        fault = _told(error)
        _tell(fault, as_json=as_json)
        return fault.exit_code
    return int(result or 0)


def _flush() -> None:
    """Print what is still held back, while a full disk can still be told as an error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()


def _told(error: Exception) -> MirrorwatchError:
    """Say in the user's terms what went wrong: wrong use, the machine, or a bug."""
    if isinstance(error, MirrorwatchError):
        return error
    if isinstance(error, TyperException):
        return UsageError(error.format_message(), remedy="--help says how a command is used.")
    if isinstance(error, OSError):
        return MirrorwatchError(
            f"The machine refused: {error.strerror or error}.",
            where=str(error.filename or ""),
            remedy="Look at that place, its permissions and the free space, and run the command again.",
        )
    return MirrorwatchError(
        f"This is a bug of mirrorwatch: {type(error).__name__}: {error}",
        remedy="Please report it with this message. Published nights are as they were.",
    )


def _tell(error: MirrorwatchError, *, as_json: bool) -> None:
    notes = [plain(note) for note in getattr(error, "__notes__", [])]
    say(f"Error: {error.what}", error=True)
    for label, text in (("Where", error.where), ("Remedy", error.remedy)):
        if text:
            say(f"{label}: {text}", error=True)
    say(*notes, error=True)
    if as_json:
        document = {"error": error.what, "where": error.where, "remedy": error.remedy, "notes": notes}
        say_json({**document, "exit_code": error.exit_code})


def _repeat_only(arguments: list[str]) -> list[str]:
    """Spell `--only A B` as `--only A --only B`: the contract allows several after one flag."""
    spelt: list[str] = []
    inside = False
    for argument in arguments:
        if inside and not argument.startswith("-") and spelt[-1] != "--only":
            spelt.append("--only")
        elif argument.startswith("-"):
            inside = argument == "--only"
        spelt.append(argument)
    return spelt
