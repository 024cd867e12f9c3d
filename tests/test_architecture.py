"""The table of rooms in docs/architecture.md is true: every import stays within it, and it has no circle."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Sources of a package, and how its modules are called when imported.
PACKAGES = {
    "jobs/mirrorwatch": "mirrorwatch",
    "expectations/mirrorwatch_suites": "mirrorwatch_suites",
    "expectations/gx_polars": "gx_polars",
    "dags": "dags",
}
EVERYWHERE = {"errors", "canonical", "terminal"}
_ROW = re.compile(r"^\| (`[^|]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_NAME = re.compile(r"`([\w/]+?)/?`")


def table() -> dict[str, set[str]]:
    """Each room of the table and the rooms that it may import."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = _ROW.findall(text.split("| room |")[1].split("\n\n")[0])
    return {name: set(_NAME.findall(allowed)) & known(rows) for first, allowed in rows for name in _NAME.findall(first)}


def known(rows: list[tuple[str, str]]) -> set[str]:
    return {name for first, _ in rows for name in _NAME.findall(first)}


def modules() -> Iterator[tuple[str, Path]]:
    """Every source file with the dotted name of its module."""
    for folder, package in PACKAGES.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            inside = path.relative_to(ROOT / folder).with_suffix("").parts
            yield ".".join((package, *(part for part in inside if part != "__init__"))), path


def room(module: str) -> str | None:
    """Room of a module by its dotted name; None for what is not ours, or the package's own version."""
    package, _, inside = module.partition(".")
    if package == "mirrorwatch":
        return inside.split(".")[0] or None
    return {"mirrorwatch_suites": "expectations/mirrorwatch_suites", "gx_polars": "expectations/gx_polars"}.get(
        package, "dags" if package == "dags" else None
    )


def imported(path: Path, names: frozenset[str]) -> set[str]:
    """Dotted names that a file imports anywhere, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & names) or {str(node.module)}
    return found


@cache
def reached() -> dict[str, dict[str, str]]:
    """For each room, the other rooms that it imports, and a file that does."""
    names = frozenset(name for name, _ in modules())
    found: dict[str, dict[str, str]] = {}
    for name, path in modules():
        mine = room(name)
        if mine is None or mine in EVERYWHERE:
            continue
        others = {room(other) for other in imported(path, names)} - {None, mine} - EVERYWHERE
        found.setdefault(mine, {}).update((str(other), path.relative_to(ROOT).as_posix()) for other in others)
    return found


def test_every_room_of_the_tree_stands_in_the_table() -> None:
    missing = set(reached()) - set(table())
    assert not missing, f"docs/architecture.md has no row for {sorted(missing)}"


@pytest.mark.parametrize("name", sorted(table()))
def test_a_room_imports_only_what_the_table_allows(name: str) -> None:
    beyond = {other: path for other, path in reached().get(name, {}).items() if other not in table()[name]}
    assert not beyond, f"{name} imports rooms that docs/architecture.md does not allow it: {beyond}"


def test_nothing_reaches_back() -> None:
    order = list(TopologicalSorter(table()).static_order())  # raises CycleError on a circle
    assert order.index("contract") < order.index("store") < order.index("night") < order.index("cli")


def test_what_all_rooms_import_knows_none_of_them() -> None:
    names = frozenset(name for name, _ in modules())
    for name, path in modules():
        if room(name) in EVERYWHERE:
            assert {room(other) for other in imported(path, names)} <= {None, *EVERYWHERE}
