"""The mirrorwatch command."""

import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from mirrorwatch.cli import alert, nightly
from mirrorwatch.cli.printing import say, say_json
from mirrorwatch.errors import MirrorwatchError
from mirrorwatch.synth.command import synth
from mirrorwatch.terminal import plain

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
app.command("synth")(synth)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the contract's code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(_repeat_only(given), as_json="--json" in given))


def _run(arguments: list[str], *, as_json: bool) -> int:
    try:
        result = app(arguments, standalone_mode=False)
    except typer.Exit as ended:
        return ended.exit_code
    except TyperException as error:
        say(f"Error: {error.format_message()}", "--help says how a command is used.", error=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        say("Interrupted. Published nights are as they were.", error=True)
        return 130
    except MirrorwatchError as error:
        _tell(error, as_json=as_json)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence: a bug must still say what to do
        say(f"This is a bug of mirrorwatch: {type(error).__name__}: {error}", "Please report it.", error=True)
        return 1
    return int(result or 0)


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
