"""Versions: nothing twice, history over dates, any order of imports, what is new since a night."""

import gzip
import shutil
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lists import DAY, EXAMPLES, Bank, deliver, legacy

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.errors import UsageError
from mirrorwatch.store.versions import Lists
from mirrorwatch.watchlists import changes, history, importing
from mirrorwatch.watchlists.tables import DETAILS, ENTRIES, WATCHLIST_LISTINGS

DAYS = [DAY + timedelta(days=7 * number) for number in range(4)]


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


def on(bank: Bank, day: date) -> list[str]:
    """Names that the night of a day screens against."""
    return sorted(history.listed_on(bank.watchlist().lazy(), day).collect()["name"])


def test_the_same_bytes_again_change_nothing(bank: Bank) -> None:
    bank.imports(EXAMPLES["ofac-csv"])
    before = {path: path.read_bytes() for path in Path(bank.data).rglob("*") if path.is_file() and path.name != "lock"}
    told = bank.imports(EXAMPLES["ofac-csv"])
    after = {path: path.read_bytes() for path in Path(bank.data).rglob("*") if path.is_file() and path.name != "lock"}
    assert (told["outcome"], told["published"]) == ("unchanged", False)
    assert after == before


def tables(data: str) -> dict[str, bytes]:
    """Return the bytes of the three tables that a night reads of the list."""
    names = ("watchlist", "watchlist_details", "watchlist_listings")
    return {name: (Path(data) / name / "imported-ofac-sdn.parquet").read_bytes() for name in names}


def test_a_version_whose_folder_is_removed_was_never_there(bank: Bank) -> None:
    bank.imports(legacy("A", "B"), DAYS[0])
    bank.imports(legacy("A", "B", "C"), DAYS[1])
    right = tables(bank.data)
    bank.imports(legacy("A", "Bee", "D"), DAYS[1].replace(year=3026))
    bank.imports(legacy("A", "X"), DAYS[1])
    assert tables(bank.data) != right
    for wrong in (f"as_of={DAYS[1].replace(year=3026)}", f"as_of={DAYS[1]}.2"):
        shutil.rmtree(Path(bank.data) / "watchlists" / "versions" / "ofac-sdn" / wrong)
    assert bank.imports(legacy("A", "B", "C"), DAYS[1])["outcome"] == "unchanged"
    assert tables(bank.data) == right


def test_the_tables_of_a_night_are_made_again_from_the_versions_that_it_had(bank: Bank, tmp_path: Path) -> None:
    whole = EXAMPLES["ofac-csv"]
    bank.imports(whole, DAYS[0])
    bank.imports({**whole, "sdn.csv": whole["sdn.csv"].replace("GREY", "GRAY")}, DAYS[1])
    night = tables(bank.data)
    bank.imports({**whole, "sdn.csv": whole["sdn.csv"].replace("GREY", "GREEN")}, DAYS[2])
    assert tables(bank.data) != night
    versions, then = Path("watchlists") / "versions" / "ofac-sdn", tmp_path / "then"
    for day in DAYS[:2]:
        shutil.copytree(Path(bank.data) / versions / f"as_of={day}", then / versions / f"as_of={day}")
    newest = then / versions / f"as_of={DAYS[1]}" / "sources"
    unpacked = {path.stem: gzip.decompress(path.read_bytes()) for path in newest.glob("*.gz")}
    asked = importing.Import(str(then), [deliver(tmp_path / "unpacked", unpacked)], DAYS[1], "ofac-sdn")
    assert importing.run(asked)["outcome"] == "unchanged"
    assert tables(str(then)) == night


def test_the_night_finds_the_list_of_its_day(bank: Bank) -> None:
    for day, names in zip(DAYS, (["A", "B", "C"], ["A", "C", "D"], ["A", "Cee", "D"], ["A", "B", "D"]), strict=True):
        files = {"sdn.csv": "".join(legacy(name, first=ord(name[0]))["sdn.csv"] for name in names)}
        bank.imports(files, day)
    assert on(bank, DAYS[0] - timedelta(days=400)) == ["A", "B", "C"]  # nothing is known of the days before
    assert [on(bank, day) for day in DAYS] == [["A", "B", "C"], ["A", "C", "D"], ["A", "Cee", "D"], ["A", "B", "D"]]
    assert on(bank, DAYS[1] - timedelta(days=1)) == ["A", "B", "C"]
    rows = importing.listings(bank.data).collect().rows_by_key("entry_id", named=True, unique=True)
    b, c = ord("B"), ord("C")
    assert rows[f"ofac-sdn:{b}"]["opened_by"] == "relisted"
    assert rows[f"ofac-sdn:{b}~{DAYS[0]}"]["delisted_on"] == DAYS[1]
    assert rows[f"ofac-sdn:{c}"]["opened_by"] == "renamed"
    assert {row["base_entry_id"] for name, row in rows.items() if name.startswith(f"ofac-sdn:{c}")} == {f"ofac-sdn:{c}"}
    assert rows[f"ofac-sdn:{ord('D')}"]["listed_on_basis"] == "version"
    assert rows[f"ofac-sdn:{ord('A')}"]["listed_on_basis"] == "before_first_version"


def test_the_publishers_dates_go_before_the_versions(bank: Bank) -> None:
    bank.imports(EXAMPLES["un-xml"], DAYS[0])
    added = EXAMPLES["un-xml"]["consolidated.xml"].replace(
        "</ENTITIES>",
        "<ENTITY><DATAID>8003</DATAID><FIRST_NAME>LATE BELL</FIRST_NAME><LISTED_ON>2026-04-05</LISTED_ON></ENTITY>"
        "</ENTITIES>",
    )
    bank.imports({"consolidated.xml": added}, DAYS[1])
    row = importing.listings(bank.data).filter(pl.col("name") == "LATE BELL").collect().row(0, named=True)
    assert (row["listed_on"], row["known_from"], row["listed_on_basis"]) == (date(2026, 4, 5), DAYS[1], "publisher")
    assert "LATE BELL" in on(bank, date(2026, 4, 5))
    assert "LATE BELL" not in on(bank, date(2026, 4, 4))


def test_what_is_new_since_a_night_is_named_once(bank: Bank) -> None:
    bank.imports(legacy("A", "B"), DAYS[0])
    bank.imports(legacy("A", "Bee", "C"), DAYS[1])

    def new(since: date, until: date) -> list[str]:
        return sorted(history.new_since(importing.listings(bank.data), since, until).collect()["name"])

    assert new(DAYS[0], DAYS[1]) == ["Bee", "C"]
    assert new(DAYS[0] - timedelta(days=1), DAYS[0]) == ["A", "B"]
    assert new(DAYS[1], DAYS[2]) == []
    files = {"sdn.csv": legacy("A", "Bee", "C")["sdn.csv"].replace('"NSE"', '"NSE] [SDNTK"', 1)}
    bank.imports(files, DAYS[2])  # another programme is another state, and no new name
    assert new(DAYS[1], DAYS[2]) == []
    assert importing.listings(bank.data).filter(opened_by="changed").collect()["name"].to_list() == ["A"]


def test_details_are_known_from_version_to_version(bank: Bank) -> None:
    alt = '1,1,"aka","{}",-0- \r\n'
    bank.imports({**legacy("A"), "alt.csv": alt.format("OLD")}, DAYS[0])
    bank.imports({**legacy("A"), "alt.csv": alt.format("NEW")}, DAYS[1])

    def aliases(day: date) -> list[str]:
        said = history.said_on(importing.details(bank.data), day)
        return said.filter(pl.col("kind") == "alias").collect()["value"].to_list()

    assert [aliases(day) for day in (DAYS[0] - timedelta(days=9), *DAYS[:2])] == [["OLD"], ["OLD"], ["NEW"]]


def test_other_bytes_for_the_same_day_count_and_the_first_are_kept(bank: Bank) -> None:
    bank.imports(legacy("A", "B"), DAYS[0])
    told = bank.imports(legacy("A", "Bee"), DAYS[0])
    assert (told["revision"], on(bank, DAYS[0])) == (2, ["A", "Bee"])
    folders = sorted(
        path.name for path in (Path(bank.data) / "watchlists/versions/ofac-sdn").iterdir() if path.is_dir()
    )
    assert folders == [f"as_of={DAYS[0]}", f"as_of={DAYS[0]}.2"]
    assert bank.imports(legacy("A", "B"), DAYS[0])["revision"] == 3


def test_an_unchanged_list_is_kept_again_without_its_bytes_again(bank: Bank) -> None:
    bank.imports(legacy("A"), DAYS[0])
    told = bank.imports(legacy("A"), DAYS[1])
    assert (told["outcome"], told["published"]) == ("kept", False)
    one, two = (Path(bank.data) / f"watchlists/versions/ofac-sdn/as_of={day}/entries.parquet" for day in DAYS[:2])
    assert one.stat().st_ino == two.stat().st_ino


def test_lists_stand_side_by_side(bank: Bank) -> None:
    for name in ("ofac-csv", "eu-xml", "un-xml"):
        bank.imports(EXAMPLES[name])
    assert Lists.of(bank.data).names() == ["eu-fsf", "ofac-sdn", "un-security-council"]
    assert bank.watchlist().group_by("list_name").len().sort("list_name")["len"].to_list() == [2, 3, 2]


def test_what_changed_between_two_days_is_told(bank: Bank) -> None:
    bank.imports(legacy("A", "B", "C"), DAYS[0])
    bank.imports(legacy("A", "Bee", first=1), DAYS[2])
    found = changes.diff(Lists.of(bank.data), DAYS[1], DAYS[3], None)
    assert found.select("change", "entry_id", "name").rows() == [
        ("gone", "ofac-sdn:3", "C"), ("changed", "ofac-sdn:2", "Bee"),
    ]  # fmt: skip
    assert found["columns"].to_list() == [[], ["name"]]
    assert (
        changes.diff(Lists.of(bank.data), DAYS[0] - timedelta(days=1), DAYS[0], None)["change"].to_list() == ["new"] * 3
    )
    with pytest.raises(UsageError, match="No version"):
        changes.diff(Lists.of(bank.data), DAYS[0] - timedelta(days=2), DAYS[0] - timedelta(days=1), "ofac-sdn")


# A version: for some of a few entries, the name that it bears and whether the publisher dates it.
NAMES = st.dictionaries(st.integers(1, 5), st.sampled_from(("A", "B", "C")), min_size=1)
VERSIONS = st.lists(NAMES, min_size=2, max_size=4)
SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def entries(version: dict[int, str]) -> pl.DataFrame:
    rows = [
        {"entry_id": f"x:{number}", "list_name": "x", "name": name, "aliases": [name * 2], "entity_type": "person",
         "listed_on": date(2020, 1, number) if number > 3 else None, "source_file": "f", "source_position": number}
        for number, name in version.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=ENTRIES)


@SLOW
@given(VERSIONS)
def test_every_day_finds_its_version_and_no_state_overlaps_another(versions: list[dict[int, str]]) -> None:
    known = history.History.empty()
    for day, version in zip(DAYS, versions, strict=False):
        known = history.extended(known, entries(version), pl.DataFrame(schema=DETAILS), day)
    rows = history.watchlist(known.listings)
    assert rows.schema == WATCHLIST.schema
    assert known.listings.schema == WATCHLIST_LISTINGS
    assert rows["entry_id"].is_unique().all()
    assert rows.filter(pl.col("delisted_on") < pl.col("listed_on")).is_empty()
    for day, version in zip(DAYS, versions, strict=False):
        held = history.listed_on(rows.lazy(), day).with_columns(history.base_entry_id(pl.col("entry_id"))).collect()
        # Entries that the publisher dates may be listed before the version that first has them, and no others.
        assert {(f"x:{n}", name) for n, name in version.items()} <= set(held.select("entry_id", "name").rows())
        assert held["entry_id"].is_unique().all()
        surplus = set(held["entry_id"]) - {f"x:{number}" for number in version}
        assert surplus <= {"x:4", "x:5"}
    for _, states in known.listings.sort("known_from").group_by("base_entry_id", maintain_order=True):
        for first, second in pairwise(states.to_dicts()):
            assert first["known_until"] <= second["known_from"]


@settings(SLOW, max_examples=8)
@given(versions=st.lists(NAMES, min_size=2, max_size=3), order=st.permutations(range(3)))
def test_the_order_of_imports_never_shows(versions: list[dict[int, str]], order: list[int]) -> None:
    files = [{"sdn.csv": "".join(legacy(v[n], first=n)["sdn.csv"] for n in sorted(v))} for v in versions]
    with TemporaryDirectory() as folder:
        straight, shuffled = Bank(Path(folder) / "a"), Bank(Path(folder) / "b")
        for number in range(len(files)):
            straight.imports(files[number], DAYS[number], allow_shrinking=True)
        for number in (each for each in order if each < len(files)):
            shuffled.imports(files[number], DAYS[number], allow_shrinking=True)
        for name in ("watchlist", "watchlist_listings", "watchlist_details"):
            one, other = (Path(bank.data) / name / "imported-ofac-sdn.parquet" for bank in (straight, shuffled))
            assert one.read_bytes() == other.read_bytes()
