"""Every published format: entries, aliases by strength, papers, places, dates, offices, links."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests import list_files
from tests.lists import EXAMPLES, Bank

from mirrorwatch.contract import WATCHLIST


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


PERSON = {
    "ofac-csv": ("ofac-sdn:102", "VANTERPOOL, Ostric", ["VANDERPOEL, Osric"], "SDNTK", None),
    "ofac-xml": ("ofac-sdn:102", "VANTERPOOL, Ostric", [], "SDNTK", None),
    "ofac-advanced-xml": ("ofac-sdn:102", "VANTERPOOL, Ostric", ["ВАНТЕРПУЛ, Острик"], "NORTHSEA", date(2023, 10, 3)),
    "eu-xml": ("eu-fsf:9001", "Ostric Vanterpool", ["Острик Вантерпул"], "NSE", date(2021, 2, 2)),
    "uk-xml": ("uk-sanctions-list:NSE0001", "Ostric VANTERPOOL", ["Osric VANDERPOEL", "Острик Вантерпул"],
               "The North Sea (Sanctions) Regulations 2020", date(2024, 3, 5)),
    "un-xml": ("un-security-council:8001", "OSTRIC VANTERPOOL", ["Osric Vanderpoel", "Острик Вантерпул"], "North Sea",
               date(2023, 10, 3)),
    "opensanctions-csv": ("opensanctions:NK-1", "Ostric Vanterpool", ["Osric Vanderpoel", "Острик Вантерпул"],
                          "NSE-1; NSE-2", date(2023, 10, 3)),
    "ftm-json": ("opensanctions:NK-1", "Ostric Vanterpool", ["Osric Vanderpoel"], "PEP", date(2023, 10, 3)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_format_is_told_by_its_content_and_gives_the_contracts_rows(name: str, bank: Bank) -> None:
    told = bank.imports(EXAMPLES[name])
    assert told["format"] == name
    rows = bank.watchlist()
    assert rows.schema == WATCHLIST.schema
    assert rows["entry_id"].is_unique().all()
    ident, called, aliases, programme, listed_on = PERSON[name]
    row = rows.row(by_predicate=pl.col("entry_id") == ident, named=True)
    assert (row["name"], row["aliases"], row["entity_type"], row["country"]) == (called, aliases, "person", "NL")
    assert (row["programme"], row["listed_on"], row["delisted_on"]) == (programme, listed_on, None)
    papers = [value for value, label in bank.values(ident, "identifier", "label") if label != "UN reference number"]
    assert name == "ofac-xml" or "QX 90210" in papers
    assert bank.details(ident, "birth_date")


@pytest.mark.parametrize("name", EXAMPLES)
def test_naming_the_format_gives_the_same(name: str, tmp_path: Path) -> None:
    one, other = Bank(tmp_path / "one"), Bank(tmp_path / "other")
    one.imports(EXAMPLES[name])
    other.imports(EXAMPLES[name], format=name)
    assert one.watchlist().equals(other.watchlist())


def test_ofac_remarks_are_taken_apart_and_nothing_of_them_is_lost(bank: Bank) -> None:
    bank.imports(EXAMPLES["ofac-csv"])
    firm, person, ship = "ofac-sdn:101", "ofac-sdn:102", "ofac-sdn:103"
    paper = ("44-5566", "Tax ID No.", "PA", date(2011, 3, 2), date(2021, 3, 2))
    assert bank.values(firm, "identifier", "label", "country", "earliest", "latest") == [paper]
    assert bank.values(firm, "link", "label", "related_entry_id") == [("VANTERPOOL, Ostric", "linked_to", person)]
    assert bank.values(firm, "contact", "label") == [("www.marlowe-quill.example", "website")]
    assert bank.values(firm, "remark") == [("Chartered in three ports",)]
    born = bank.values(person, "birth_date", "earliest", "latest")
    assert born == [
        ("06 Apr 1967", date(1967, 4, 6), date(1967, 4, 6)),
        ("circa 1966", date(1966, 1, 1), date(1966, 12, 31)),
    ]
    assert ("THE TIDE", "weak") in bank.values(person, "alias", "quality")
    assert bank.values(person, "birth_place", "country") == [("Willemstad, Curacao", "CW")]
    assert ("IMO 7654321", "Vessel Registration Identification") in bank.values(ship, "identifier", "label")
    assert bank.values(ship, "flag", "country") == [("Korea, North", "KP")]


def test_rows_of_no_entry_and_countries_of_no_map_are_counted(bank: Bank) -> None:
    counts = bank.imports(EXAMPLES["ofac-csv"])["counts"]
    assert counts["skipped"] == {"alias of an entry that the main file does not have": 1}
    assert counts["unknown_countries"] == {"Region: Nowhere": 1}
    assert bank.values("ofac-sdn:103", "address", "country") == [("Region: Nowhere", None)]


@pytest.mark.parametrize(("suffix", "delimiter"), [(".del", "@"), (".pip", "|"), (".DEL", "@")])
def test_ofacs_other_delimiters_give_the_same(suffix: str, delimiter: str, tmp_path: Path) -> None:
    plain, other = Bank(tmp_path / "plain"), Bank(tmp_path / "other")
    files = {"sdn.csv": '1,"ALPHA",-0- ,"NSE"' + ",-0- " * 8 + "\r\n", "alt.csv": '1,1,"aka","BETA",-0- \r\n'}
    plain.imports(files)
    other.imports({name.replace(".csv", suffix): text.replace(",", delimiter) for name, text in files.items()})
    assert plain.watchlist().equals(other.watchlist())
    assert plain.watchlist()["aliases"].to_list() == [["BETA"]]


def test_ofacs_fixed_field_edition_is_read(bank: Bank) -> None:
    widths = (10, 350, 12, 200, 200, 8, 25, 14, 8, 40, 150, 1000)
    cells = ("1", "ALPHA", "individual", "NSE", *["-0-"] * 7, "DOB 1970.")
    bank.imports({"sdn.ff": "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + "\r\n"})
    assert bank.watchlist().select("name", "entity_type", "programme").row(0) == ("ALPHA", "person", "NSE")
    assert bank.values("ofac-sdn:1", "birth_date") == [("1970",)]


def test_remarks_that_were_cut_go_on_in_the_middle_of_a_word(bank: Bank) -> None:
    head = '1,"ALPHA",-0- ,"NSE"' + ",-0- " * 7
    bank.imports({"sdn.csv": f'{head},"Linked To: PELI"\r\n', "sdn_comments.csv": '1,"CAN LINES; Gender Male."\r\n'})
    assert bank.values("ofac-sdn:1", "link") == [("PELICAN LINES",)]
    assert bank.values("ofac-sdn:1", "gender") == [("Male",)]


def test_the_consolidated_list_of_ofac_is_another_list(bank: Bank) -> None:
    files = {f"cons_{name.replace('sdn', 'prim')}": text for name, text in list_files.LEGACY.items()}
    assert bank.imports(files)["list"] == "ofac-consolidated"


def test_advanced_relations_are_told_from_both_ends(bank: Bank) -> None:
    bank.imports(EXAMPLES["ofac-advanced-xml"])
    assert bank.values("ofac-sdn:101", "link", "label", "related_entry_id") == [
        ("VANTERPOOL, Ostric", "owned_by", "ofac-sdn:102")
    ]
    assert bank.values("ofac-sdn:102", "link", "label") == [("MARLOWE QUILL TRADING LTD", "owner_of")]
    assert bank.values("ofac-sdn:101", "address", "country") == [("1 Quay Street, Colon", "PA")]
    assert bank.values("ofac-sdn:101", "alias", "quality")[0] == ("M&Q", "weak")


def test_the_old_list_of_the_united_kingdom_joins_the_rows_of_one_entry(bank: Bank) -> None:
    told = bank.imports({"ConList.xml": list_files.OFSI_XML})
    assert (told["list"], told["format"]) == ("uk-ofsi", "uk-xml")
    row = bank.watchlist().row(0, named=True)
    assert (row["entry_id"], row["name"], row["aliases"]) == ("uk-ofsi:70001", "Ostric VANTERPOOL", [])
    assert [value for (value,) in bank.values("uk-ofsi:70001", "nationality")] == ["Netherlands", "Panama"]
    assert len(bank.details("uk-ofsi:70001", "birth_date")) == 2


def test_exposed_persons_bear_their_office_and_their_kin(bank: Bank) -> None:
    bank.imports(EXAMPLES["ftm-json"])
    rows = {row["entry_id"]: row for row in bank.watchlist().to_dicts()}
    person, kin = "opensanctions:NK-1", "opensanctions:NK-3"
    assert (rows[person]["programme"], rows[kin]["programme"]) == ("PEP", "RCA")  # the sanction has ended
    assert set(rows) == {person, kin}
    links = bank.values(person, "link", "label", "related_entry_id", "note")
    assert links == [
        ("Lysbet Vanterpool", "family_of", kin, "spouse"),
        ("Marlowe Quill Trading Ltd", "owner_of", None, "60"),
    ]
    assert bank.values(kin, "link", "label", "related_entry_id") == [("Ostric Vanterpool", "family_of", person)]
    office = ("Harbour master of Colon", date(2010, 1, 1), date(2020, 6, 30))
    assert office in bank.values(person, "position", "earliest", "latest")
    assert bank.values(person, "address", "country") == [("1 Quay Street, Colon", "PA")]


def test_nested_entities_are_read_as_flat_ones(bank: Bank) -> None:
    nested = (
        '{"id":"A","schema":"Person","caption":"Ann Able","properties":{"name":["Ann Able"],"topics":["sanction"],'
        '"sanctions":[{"id":"s","schema":"Sanction","properties":{"entity":["A"],"program":["NSE"],'
        '"endDate":["2020-05-01"]}}]}}'
    )
    bank.imports({"targets.nested.json": nested})
    row = bank.watchlist().row(0, named=True)
    assert (row["programme"], row["delisted_on"]) == ("NSE", date(2020, 5, 1))


def test_parquet_of_the_legacy_columns_is_read_by_name(tmp_path: Path) -> None:
    columns = ("remarks", "ent_num", "sdn_name", "sdn_type", "program", "title", "call_sign", "vess_type", "tonnage",
               "grt", "vess_flag", "vess_owner")  # fmt: skip
    frame = pl.DataFrame(
        [("DOB 1970.", "7", "ALPHA", "-0- ", "A] [B", *["-0- "] * 7)], schema=list(columns), orient="row"
    )
    folder = tmp_path / "in"
    folder.mkdir()
    frame.write_parquet(folder / "sdn_2026.parquet")
    bank = Bank(tmp_path)
    bank.imports({"sdn_2026.parquet": (folder / "sdn_2026.parquet").read_bytes()})
    row = bank.watchlist().row(0, named=True)
    assert (row["entry_id"], row["entity_type"], row["programme"]) == ("ofac-sdn:7", "organisation", "A; B")
