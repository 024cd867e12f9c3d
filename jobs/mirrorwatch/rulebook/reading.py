"""The rulebook: TOML files as shipped beside this module, read once and checked whole, and an operator's own file."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from mirrorwatch.canonical import digest
from mirrorwatch.errors import UsageError
from mirrorwatch.rulebook.rules import Held, Rule, Rules


@dataclass(frozen=True)
class Rulebook:
    """Rules by id, sorted."""

    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Rulebook":
        """Make a rulebook. Raises ValueError when an id is given twice."""
        ordered = tuple(sorted(rules, key=lambda rule: rule.id))
        names = [rule.id for rule in ordered]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"rules given twice: {', '.join(twice)}")
        return cls(ordered)

    def on(self, day: date) -> Rules:
        """Give what held on `day`; a rule that was not yet made is left out."""
        held = {
            rule.id: Held(rule, version, day)
            for rule in self.rules
            for version in rule.versions
            if version.since <= day and (version.until is None or day <= version.until)
        }
        return Rules(day, held)

    def overlaid(self, own: "Rulebook") -> "Rulebook":
        """Return these rules with those of `own` in place of rules of the same id, and beside all others."""
        replaced = {rule.id for rule in own.rules}
        return Rulebook.of([*(rule for rule in self.rules if rule.id not in replaced), *own.rules])

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all rules: what changes when any of them does."""
        return digest([rule.model_dump(mode="json") for rule in self.rules])


def read(texts: Iterable[str]) -> Rulebook:
    """Read rules from TOML texts, each with an array of tables `rule`.

    Raises ValueError naming the entry that is bad (TOML that cannot be read is a ValueError too).
    """
    return Rulebook.of(rule for text in texts for rule in _rules(tomllib.loads(text)))


def in_use(own: Path | None) -> Rulebook:
    """Return the shipped rulebook, overlaid with an operator's TOML file when one is named.

    Raises UsageError naming file and entry when the file is missing or bad.
    """
    if own is None:
        return SHIPPED
    try:
        return _overlaid(own.read_bytes())
    except FileNotFoundError as error:
        raise UsageError("The rulebook file does not exist.", where=str(own)) from error
    except (ValueError, OSError) as error:
        remedy = "docs/rulebook.md says how a rule is written."
        raise UsageError(f"The rulebook is not usable: {error}.", where=str(own), remedy=remedy) from error


@lru_cache(maxsize=8)  # each step and each detector of a night asks for the same bytes
def _overlaid(content: bytes) -> Rulebook:
    return SHIPPED.overlaid(read([content.decode("utf-8")]))


def _rules(document: dict[str, object]) -> Iterator[Rule]:
    entries = document.get("rule")
    if other := sorted(document.keys() - {"rule"}):
        raise ValueError(f"there is no '{other[0]}' in a rulebook, only [[rule]]")
    if not isinstance(entries, list) or not entries:
        raise ValueError("it holds no [[rule]]")
    for number, entry in enumerate(entries, 1):
        yield _rule(number, entry)


def _rule(number: int, entry: object) -> Rule:
    try:
        return Rule.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        name = entry.get("id") if isinstance(entry, dict) else None
        called = f"rule {number} ({name})" if isinstance(name, str) else f"rule {number}"
        message = f"{called}: {place}{': ' if place else ''}{first['msg']}"
        raise ValueError(message) from error


def _shipped() -> Rulebook:
    folder = files("mirrorwatch.rulebook")
    named = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return read(entry.read_text(encoding="utf-8") for entry in named)


SHIPPED = _shipped()
