"""The rulebook as it is shipped: TOML files beside this module, read once and checked whole."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files

from mirrorwatch.canonical import digest
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

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all rules: what changes when any of them does."""
        return digest([rule.model_dump(mode="json") for rule in self.rules])


def read(texts: Iterable[str]) -> Rulebook:
    """Read rules from TOML texts, each with an array of tables `rule`. Raises ValueError on the first bad one."""
    return Rulebook.of(Rule.model_validate(entry) for text in texts for entry in tomllib.loads(text)["rule"])


def _shipped() -> Rulebook:
    folder = files("mirrorwatch.rulebook")
    named = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return read(entry.read_text(encoding="utf-8") for entry in named)


SHIPPED = _shipped()
