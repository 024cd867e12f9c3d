"""What `synth` is asked to plant beside mirror swaps and shells: TYPOLOGY=N on the command line, as specs."""

from collections.abc import Sequence
from typing import get_args

from mirrorwatch.errors import UsageError
from mirrorwatch.synth.spec import Difficulty, TypologySpec

TYPOLOGIES: tuple[str, ...] = get_args(TypologySpec.model_fields["typology"].annotation)
ALL = "all"
_OWN_OPTIONS = {"mirror_swap": "--mirror", "shell_company": "--shell"}


def typology_specs(easy: Sequence[str], hard: Sequence[str]) -> tuple[TypologySpec, ...]:
    """Make the specs in one order, whatever the order of options: same wishes, same world.

    Raises UsageError for what is not TYPOLOGY=N, an unknown typology, one given twice or a negative number.
    """
    counts = {difficulty: _counts(f"--{difficulty}", given) for difficulty, given in (("easy", easy), ("hard", hard))}
    difficulties: tuple[Difficulty, ...] = get_args(Difficulty)
    return tuple(
        TypologySpec.model_validate({"typology": typology, "difficulty": difficulty, "count": number})
        for difficulty in difficulties
        for typology, number in counts[difficulty].items()
        if number
    )


def _counts(option: str, given: Sequence[str]) -> dict[str, int]:
    """Read one option's values; `all=N` counts for each typology that has no value of its own."""
    named: dict[str, int] = {}
    for wish in given:
        name, _, number = wish.partition("=")
        _check(option, wish, name, number)
        if name in named:
            raise UsageError(f"{name} is given twice", where=f"{option} {wish}", remedy="Give each typology once.")
        named[name] = int(number)
    rest = named.get(ALL, 0)
    return {typology: named.get(typology, rest) for typology in TYPOLOGIES}


def _check(option: str, wish: str, name: str, number: str) -> None:
    where = f"{option} {wish}"
    if name in _OWN_OPTIONS:
        own = f"{_OWN_OPTIONS[name]}-{option.removeprefix('--')}"
        raise UsageError(f"{name} has an option of its own", where=where, remedy=f"Give {own} {number or 'N'}.")
    if name not in (*TYPOLOGIES, ALL):
        known = ", ".join(TYPOLOGIES)
        raise UsageError(f"{name or wish!r} is no typology", where=where, remedy=f"Give one of {known}, or {ALL}.")
    if not (number.isascii() and number.isdigit()):
        raise UsageError(f"{number!r} is no number of schemes", where=where, remedy=f"Give {name}=N, such as {name}=2.")
