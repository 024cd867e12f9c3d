"""Lists that are cut off, broken, bombs, or hostile: refused by name, or left out and counted; nothing half kept."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests import list_files
from tests.lists import DAY, EXAMPLES, Bank, legacy

from mirrorwatch.errors import InputError, MirrorwatchError, UsageError
from mirrorwatch.store.locking import locked
from mirrorwatch.watchlists import importing


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


BOMB = """<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<sdnList><sdnEntry><uid>1</uid><lastName>&b;</lastName></sdnEntry></sdnList>"""
FILE_ENTITY = """<?xml version="1.0"?><!DOCTYPE export [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<export><sanctionEntity logicalId="1"><nameAlias wholeName="A">&x;</nameAlias></sanctionEntity></export>"""
FOREIGN_DTD = '<?xml version="1.0"?><!DOCTYPE export SYSTEM "http://evil.example/x.dtd"><export/>'
DEEP = "<sdnList>" + "<a>" * 50 + "</a>" * 50 + "</sdnList>"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"sdn.xml": BOMB}, "declares a document type"),
        ({"eu.xml": FILE_ENTITY}, "declares a document type"),
        ({"eu.xml": FOREIGN_DTD}, "declares a document type"),
        ({"sdn.xml": DEEP}, "40 deep"),
        ({"sdn.xml": list_files.SDN_XML[:-40]}, "broken or cut off"),
        ({"sdn.xml": list_files.SDN_XML.replace("<Record_Count>2", "<Record_Count>3")}, "3 entries, and 2 were found"),
        ({"un.xml": "<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>"}, "No entry was found"),
        ({"sdn.csv": list_files.SDN + '104,"never closed'}, "The text is broken"),
        ({"sdn.csv": '1,"A"\r\n2,"B"\r\n'}, "12 fields"),
        ({"sdn.csv": b"1,\0"}, "NUL bytes"),
        ({"alt.csv": list_files.ALT}, "main file is missing"),
        ({"sdn.parquet": b"PAR1 not Parquet PAR1"}, "OFAC's columns"),
        ({"e.json": '{"id":"a","schema":"Person","properties":{}}\n{"id":'}, "The line is no JSON"),
        ({"e.json": '{"id":"a"}'}, "No entry was found"),
        ({"a.xml": list_files.ADVANCED_XML.replace("ReferenceValueSets", "Other")}, "reference values"),
    ],
)
def test_a_broken_structure_stops_the_import_and_keeps_nothing(
    files: dict[str, str | bytes], told: str, bank: Bank
) -> None:
    with pytest.raises(InputError, match=told) as raised:
        bank.imports(files)
    assert raised.value.where
    assert raised.value.remedy
    data = Path(bank.data)
    assert not list(data.rglob("*.parquet"))
    assert not list(data.rglob("manifest.json"))


def test_a_huge_record_is_refused_before_it_fills_the_memory(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mirrorwatch.watchlists.markup._LARGEST", 1_000)
    long = list_files.SDN_XML.replace("Harbour master", "x" * 2_000)
    with pytest.raises(InputError, match="One record holds more"):
        bank.imports({"sdn.xml": long})


@pytest.mark.parametrize(
    ("files", "more", "told"),
    [
        ({"readme.txt": "hello"}, {}, "The format of readme.txt is not known"),
        ({"a.txt": "hello", "b.txt": "hello", **legacy("A")}, {}, "The format of a.txt, b.txt is not known"),
        ({"sdn.xml": list_files.SDN_XML, "eu.xml": list_files.EU_XML}, {}, "of several formats"),
        ({"my-download.csv": list_files.SDN}, {}, r"give it OFAC's name again \(sdn.csv"),
        (EXAMPLES["eu-xml"], {"format": "csv"}, "no format 'csv'"),
        (EXAMPLES["eu-xml"], {"list_name": "../evil"}, "no name for a list"),
    ],
)
def test_wrong_use_is_refused(files: dict[str, str], more: dict[str, Any], told: str, bank: Bank) -> None:
    with pytest.raises(UsageError, match=told):
        bank.imports(files, **more)


def test_no_remedy_for_an_unknown_file_leads_to_a_second_error(bank: Bank) -> None:
    with pytest.raises(UsageError) as refused:
        bank.imports({"my-download.csv": legacy("A")["sdn.csv"]})
    assert "ofac-csv" not in str(refused.value)
    assert bank.imports(legacy("A"))["outcome"] == "kept"


def test_another_root_than_that_of_the_named_format_is_refused(bank: Bank) -> None:
    with pytest.raises(InputError, match="first element is export, not sdnList"):
        bank.imports(EXAMPLES["eu-xml"], format="ofac-xml")


def test_one_broken_record_is_left_out_and_told_with_its_place(bank: Bank) -> None:
    broken = list_files.SDN.replace(
        "\x1a", '103,"GREY PELICAN AGAIN"' + ",-0- " * 10 + '\r\n,"NO NUMBER"' + ",-0- " * 10
    )
    told = bank.imports({"sdn.csv": broken})
    assert told["counts"]["entries"] == 3
    reasons = {"an id that an earlier record has": 1, "no id": 1}
    assert told["counts"]["skipped"] == reasons
    left_out = pl.read_parquet(next(Path(bank.data).rglob("skipped.parquet")))
    assert set(left_out.select("source_file", "source_position").rows()) == {("sdn.csv", 4), ("sdn.csv", 5)}


def test_many_broken_records_are_another_structure(bank: Bank) -> None:
    entity = '<sanctionEntity><nameAlias wholeName="A"/></sanctionEntity>'
    with pytest.raises(InputError, match="6 of 8 records are broken"):
        bank.imports({"eu.xml": list_files.EU_XML.replace("</export>", entity * 6 + "</export>")})


def test_text_that_is_not_utf_8_is_read_as_windows_1252_and_said_so(bank: Bank) -> None:
    told = bank.imports({"sdn.csv": legacy("CAFÉ QUAY")["sdn.csv"].encode("cp1252")})
    assert told["notes"] == ["sdn.csv is not UTF-8; it was read as Windows-1252"]
    assert bank.watchlist()["name"].to_list() == ["CAFÉ QUAY"]


def test_half_of_a_character_in_json_does_no_harm(bank: Bank) -> None:
    bank.imports({"e.json": '{"id":"a","schema":"Person","properties":{"name":["A\\ud800"],"topics":["sanction"]}}'})
    assert bank.watchlist()["name"].to_list() == ["A?"]


def test_a_list_that_lost_half_of_its_entries_is_refused_unless_it_is_meant(bank: Bank) -> None:
    bank.imports(legacy("A", "B", "C"), DAY.replace(day=1))
    with pytest.raises(InputError, match="2 are gone"):
        bank.imports(legacy("A"))
    assert bank.imports(legacy("A"), allow_shrinking=True)["changes"]["gone"] == 2


def test_a_file_of_the_list_that_is_missing_is_refused_unless_it_is_meant(bank: Bank) -> None:
    whole = {**EXAMPLES["ofac-csv"], "sdn_comments.csv": '101,"more of the remarks"\r\n'}
    bank.imports(whole, DAY.replace(day=1))
    before = bank.watchlist()
    for missing, told in (("alt.csv", "2 of kind alias"), ("add.csv", "of kind address"), ("sdn_comments.csv", "what")):
        with pytest.raises(InputError, match=f"Missing: {missing}. The version of 2026-03-01 has .*{told}"):
            bank.imports({name: text for name, text in whole.items() if name != missing})
    assert bank.watchlist().equals(before)
    assert bank.imports({"sdn.csv": whole["sdn.csv"]}, allow_shrinking=True)["outcome"] == "kept"
    assert bank.imports({"sdn.csv": whole["sdn.csv"]}, DAY.replace(month=4, day=1))["outcome"] == "kept"


def test_a_list_that_lost_most_details_of_a_kind_is_refused_unless_it_is_meant(bank: Bank) -> None:
    def people(aliases: int) -> dict[str, str]:
        names = ";".join(f"Alias {number}" for number in range(aliases))
        return {"targets.simple.csv": f'id,schema,name,aliases\na,Person,Ann Vale,"{names}"\n'}

    bank.imports(people(20), DAY.replace(day=1))
    assert bank.imports(people(10), DAY.replace(day=2))["outcome"] == "kept"
    assert bank.imports(people(4), DAY.replace(day=3))["outcome"] == "kept"  # ten are a handful
    bank.imports(people(20), DAY.replace(day=4))
    with pytest.raises(InputError, match="Of kind alias, 2026-03-04 had 20 details and this version has 9"):
        bank.imports(people(9))
    assert bank.imports(people(9), allow_shrinking=True)["outcome"] == "kept"


def test_two_imports_at_once_are_refused(bank: Bank) -> None:
    with (
        locked(Path(bank.data) / "watchlists" / "lock", "importing"),
        pytest.raises(MirrorwatchError, match="still at it"),
    ):
        bank.imports(legacy("A"))


def test_a_kept_version_that_was_altered_is_noticed(bank: Bank) -> None:
    bank.imports(legacy("A"), DAY.replace(day=2))
    path = next(Path(bank.data).rglob("versions/**/entries.parquet"))
    pl.read_parquet(path).with_columns(name=pl.lit("B")).write_parquet(path)
    with pytest.raises(InputError, match="not what it was"):
        bank.imports(legacy("A", "C"), DAY.replace(day=1))


def test_an_import_that_was_killed_leaves_the_lists_as_they_were(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.imports(legacy("A"), DAY.replace(day=1))
    before = bank.watchlist()
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bank.imports(legacy("A", "B"))
    assert bank.watchlist().equals(before)
    assert bank.imports(legacy("A", "B"))["changes"]["new"] == 1
    with monkeypatch.context() as patched:  # killed after the version was kept, before the night's tables were made
        patched.setattr(importing, "fold", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bank.imports(legacy("A", "B", "C"), DAY.replace(month=4, day=1))
    assert bank.watchlist().height == 2
    told = bank.imports(legacy("A", "B", "C"), DAY.replace(month=4, day=1))
    assert (told["outcome"], told["published"], bank.watchlist().height) == ("unchanged", True, 3)


def test_the_publishers_own_bytes_are_kept_with_their_hash(bank: Bank) -> None:
    bank.imports(EXAMPLES["un-xml"])
    manifest = json.loads(next(Path(bank.data).rglob("manifest.json")).read_text())
    (source,) = manifest["sources"]
    assert (source["name"], source["bytes"]) == ("consolidated.xml", len(list_files.UN_XML.encode()))
    assert list(Path(bank.data).rglob("sources/consolidated.xml.gz"))
