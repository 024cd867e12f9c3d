"""The commands, the refresh, the DAG, and the quality suite over imported lists."""

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import polars as pl
import pytest
from tests.conftest import Command
from tests.intake_worlds import RUN_DATE, World, run
from tests.lists import DAY, EXAMPLES, Bank, deliver, legacy
from tests.test_dags import AIRFLOW, database, describe, environment, home
from tests.test_intake_bucket import options

from mirrorwatch.errors import InputError, MirrorwatchError, UsageError
from mirrorwatch.scheduling import OWNER, TAGS
from mirrorwatch.store import fetching
from mirrorwatch.store.delivered import dated
from mirrorwatch.watchlists import importing, refreshing
from mirrorwatch.watchlists.formats import FORMATS

__all__ = ["database", "home", "options"]  # fixtures

HOSTILE = "\x1b[31mred\u202eevil"


def test_import_tells_what_it_kept_and_what_it_left_out(command: Command, tmp_path: Path) -> None:
    folder = deliver(tmp_path / "in", EXAMPLES["ofac-csv"])
    (tmp_path / "data").mkdir()
    arguments = ("watchlist", "import", folder, "--data", tmp_path / "data", "--as-of", DAY)
    code, text, _ = command(*arguments)
    assert code == 0
    for part in (
        "ofac-sdn of 2026-03-31 (ofac-csv): kept.",
        "entries",
        "Left out: 1",
        "No country of today: Region: Nowhere",
    ):
        assert part in text
    code, text, _ = command(*arguments, "--json")
    told = json.loads(text)
    assert (code, told["outcome"], told["counts"]["entries"]) == (0, "unchanged", 3)


def test_import_tells_birth_dates_that_name_no_day(command: Command, tmp_path: Path) -> None:
    rows = "id,schema,name,birth_date\na,Person,Ann Vale,31/31/1990\nb,Person,Bo Reed,1990-02-03;1991\n"
    folder = deliver(tmp_path / "in", {"targets.simple.csv": rows})
    (tmp_path / "data").mkdir()
    code, text, _ = command("watchlist", "import", folder, "--data", tmp_path / "data", "--as-of", DAY)
    assert code == 0
    assert "No date of birth that could be read: 31/31/1990 (1)." in text
    assert text.count("No date of birth") == 1


def test_a_day_that_has_not_come_is_imported_with_a_warning(command: Command, tmp_path: Path) -> None:
    folder = deliver(tmp_path / "in", legacy("A"))
    (tmp_path / "data").mkdir()
    arguments = ("watchlist", "import", folder, "--data", tmp_path / "data", "--json", "--as-of")
    code, text, err = command(*arguments, "3026-03-31")
    assert (code, json.loads(text)["outcome"]) == (0, "kept")
    assert "Warning: --as-of 3026-03-31 has not come yet." in err
    assert "Warning" not in command(*arguments, DAY)[2]


def test_versions_and_diff_read_what_import_kept(command: Command, tmp_path: Path) -> None:
    bank, later = Bank(tmp_path), DAY + timedelta(days=1)
    bank.imports(legacy("A", "B"), DAY)
    bank.imports(legacy("A", "B", HOSTILE), later)
    code, text, _ = command("watchlist", "versions", "--data", bank.data)
    assert (code, text.count("ofac-sdn")) == (0, 2)
    assert [row["as_of"] for row in json.loads(command("watchlist", "versions", "--data", bank.data, "--json")[1])] == [
        "2026-03-31", "2026-04-01",
    ]  # fmt: skip
    arguments = ("watchlist", "diff", "--data", bank.data, "--from", DAY, "--to", later)
    code, text, _ = command(*arguments)
    assert code == 0
    assert "1 new, 0 gone, 0 changed." in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert json.loads(command(*arguments, "--json")[1])[0]["change"] == "new"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["watchlist", "import", "nowhere", "--data", "DATA", "--as-of", "2026-03-31"], 2, "no such file"),
        (["watchlist", "import", "IN", "--data", "s3://bucket/x", "--as-of", "2026-03-31"], 2, "into a folder"),
        (["watchlist", "import", "IN", "--data", "DATA", "--as-of", "2026-02-30"], 2, "Invalid value"),
        (["watchlist", "import", "IN", "--data", "DATA"], 2, "Missing option '--as-of'"),
        (
            ["watchlist", "diff", "--data", "DATA", "--from", "2026-03-01", "--to", "2026-03-02", "--list", "x"],
            2,
            "No version",
        ),
        (["watchlist", "import", "IN", "--data", "NONE", "--as-of", "2026-03-31"], 2, "does not exist"),
        (["watchlist", "versions", "--data", "NONE"], 2, "does not exist"),
        (["watchlist", "versions", "--data", ""], 2, "does not exist"),
        (["watchlist", "diff", "--data", "NONE", "--from", "2026-03-01", "--to", "2026-03-02"], 2, "does not exist"),
        (["watchlist", "diff", "--data", "DATA", "--from", "2026-03-02", "--to", "2026-03-01"], 2, "is later than"),
        (["watchlist", "import", "BAD", "--data", "DATA", "--as-of", "2026-03-31"], 3, "broken or cut off"),
    ],
)
def test_errors_name_the_place_and_the_remedy(
    arguments: list[str], code: int, message: str, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    places = {
        "DATA": str(tmp_path / "data"), "NONE": str(tmp_path / "dat"),
        "IN": deliver(tmp_path / "in", EXAMPLES["un-xml"]),
        "BAD": deliver(tmp_path / "bad", {"un.xml": EXAMPLES["un-xml"]["consolidated.xml"][:-30]}),
    }  # fmt: skip
    ended, _, err = command(*(places.get(word, word) for word in arguments))
    assert ended == code, err
    assert message in " ".join(err.split())
    assert not (tmp_path / "dat").exists()


def test_help_says_what_the_commands_read_and_write(command: Command) -> None:
    operations = Path("docs/operations.md").read_text(encoding="utf-8")
    for name in ("import", "versions", "diff"):
        code, text, _ = command("watchlist", name, "--help")
        assert code == 0
        assert "Reads" in text
        assert "Writes" in text
        assert f"`watchlist {name}" in operations
    for name, told in (("diff", "all lists"), ("import", "by its format")):
        assert told in " ".join(command("watchlist", name, "--help")[1].replace("│", " ").split())
    page = Path("docs/watchlists.md").read_text(encoding="utf-8")
    assert [name for name in FORMATS if f"| `{name}` |" not in page] == []


@pytest.mark.slow
def test_imported_lists_pass_the_quality_suite_and_no_row_is_rejected(tmp_path: Path) -> None:
    from mirrorwatch_suites.runner import assess

    world = World(tmp_path / "data").write()
    bank = Bank(tmp_path)
    for name in ("ofac-csv", "eu-xml", "uk-xml", "un-xml", "ftm-json"):
        bank.imports(EXAMPLES[name], RUN_DATE - timedelta(days=30))
    for name in ("eu-xml", "un-xml"):  # a later version, so that there is history
        changed = {file: text.replace("MARLOWE", "MARLOW") for file, text in EXAMPLES[name].items()}
        bank.imports(changed, RUN_DATE - timedelta(days=3))
    staged = run(world)
    assert staged.table("staged/watchlist").height == bank.watchlist().height
    found = assess(staged.work).filter(pl.col("dataset") == "watchlist")
    assert found.filter(~pl.col("success")).is_empty()


def test_lists_are_read_from_a_bucket_too(options: dict[str, str], tmp_path: Path) -> None:
    from mirrorwatch.store.remote import Bucket

    bucket_of(options, "lists")
    bucket = Bucket.open("s3://lists/", options)
    for day, names in ((DAY - timedelta(days=1), "A"), (DAY, "AB")):
        bucket.write(f"ofac/as_of={day}/sdn.csv", legacy(*names)["sdn.csv"].encode())
    assert list(dated("s3://lists/ofac", options)) == [DAY - timedelta(days=1), DAY]
    for place in (f"s3://lists/ofac/as_of={DAY}/", f"s3://lists/ofac/as_of={DAY}/sdn.csv"):
        asked = importing.Import(str(tmp_path / "data"), [place], DAY, storage_options=options)
        told = importing.run(asked)
        assert told["counts"]["entries"] == 2
    assert told["outcome"] == "unchanged"


def bucket_of(options: dict[str, str], name: str) -> None:
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=options["aws_endpoint_url"],
        aws_access_key_id="key",
        aws_secret_access_key="secret-key",  # noqa: S106 - the pretend server takes any
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=name)


def sources(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_refresh_without_a_sources_file_does_nothing(tmp_path: Path) -> None:
    assert refreshing.refresh(str(tmp_path / "data"), None, DAY) == {}
    assert not (tmp_path / "data").exists()


def test_a_refresh_imports_every_version_that_is_not_kept_yet(tmp_path: Path) -> None:
    days = [DAY - timedelta(days=7), DAY, DAY + timedelta(days=7)]
    for number, day in enumerate(days):
        deliver(tmp_path / "in" / f"as_of={day}", legacy(*"ABCD"[: number + 1]))
    deliver(tmp_path / "un", EXAMPLES["un-xml"])
    text = f'[ofac-sdn]\nfiles = ["{tmp_path}/in"]\n[un]\nfiles = ["{tmp_path}/un"]\nformat = "un-xml"\n'
    file = sources(tmp_path / "lists.toml", text)
    told = refreshing.refresh(str(tmp_path / "data"), file, DAY)
    assert [(each["as_of"], each["outcome"]) for each in told["ofac-sdn"]] == [(str(day), "kept") for day in days[:2]]
    assert told["un"][0]["entries"] == 2
    again = refreshing.refresh(str(tmp_path / "data"), file, days[2])
    assert [(each["as_of"], each["outcome"]) for each in again["ofac-sdn"]] == [(str(days[2]), "kept")]


def test_one_broken_list_does_not_keep_the_others_back(tmp_path: Path) -> None:
    deliver(tmp_path / "un", EXAMPLES["un-xml"])
    deliver(tmp_path / "eu", {"eu.xml": "<export>"})
    text = f'[eu]\nfiles = ["{tmp_path}/eu"]\n[un]\nfiles = ["{tmp_path}/un"]\n'
    with pytest.raises(InputError, match="eu: The XML is broken"):
        refreshing.refresh(str(tmp_path / "data"), sources(tmp_path / "lists.toml", text), DAY)
    assert (tmp_path / "data" / "watchlist" / "imported-un.parquet").is_file()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[un]\nfile = 'x'", "not right"),
        ("[un", "not right"),
        ("[un]", "neither files nor urls"),
        ('[un]\nurls = ["http://lists.example/x.xml"]', "only fetched over https"),
        ('[un]\nurls = ["file:///etc/passwd"]', "only fetched over https"),
    ],
)
def test_a_wrong_sources_file_is_refused(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=told):
        refreshing.refresh(str(tmp_path), sources(tmp_path / "lists.toml", text), DAY)


class Answer:
    """What a server would answer, without a network."""

    def __init__(self, content: bytes, url: str, claimed: int | None = None) -> None:
        self._parts, self._url = [content, b""], url
        self.headers = {"Content-Length": str(len(content) if claimed is None else claimed)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, _size: int) -> bytes:
        return self._parts.pop(0)

    def geturl(self) -> str:
        return self._url


def test_addresses_are_downloaded_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, url = (
        EXAMPLES["un-xml"]["consolidated.xml"].encode(),
        "https://lists.example/resources/consolidated.xml?x=1",
    )
    answers: list[Any] = [Answer(content, url), Answer(content, url, 10**6), Answer(content, "http://evil.example/")]
    monkeypatch.setattr(fetching.urllib.request, "urlopen", lambda *_, **__: answers.pop(0))
    file = sources(tmp_path / "lists.toml", f'[un]\nurls = ["{url}"]\n')
    assert refreshing.refresh(str(tmp_path / "data"), file, DAY)["un"][0]["outcome"] == "kept"
    with pytest.raises(MirrorwatchError, match="bytes came of 1000000"):
        fetching.fetch(url, tmp_path / "cut")
    with pytest.raises(UsageError, match="only fetched over https"):
        fetching.fetch(url, tmp_path / "led-astray")
    assert not list((tmp_path / "cut").iterdir())
    assert not list((tmp_path / "led-astray").iterdir())


@pytest.mark.skipif(not AIRFLOW.exists(), reason="Airflow is not installed (extra: airflow)")
def test_the_dag_is_documented_tagged_owned_and_bounded(home: Path) -> None:
    dag = describe(home, "scheduler")["dags"]["mirrorwatch_watchlists"]
    assert set(dag["tags"]) == {"mirrorwatch", "watchlists"} & TAGS
    assert (dag["catchup"], dag["max_active_runs"], dag["partitioned"]) == (False, 1, True)
    assert dag["params"] == ["data", "date", "sources"]
    for part in ("**Schedule.**", "**Settings.**", "fails"):
        assert part in dag["doc_md"]
    (task,) = dag["tasks"].values()
    assert (task["owner"], task["retries"], task["outlets"]) == (OWNER, 2, ["mirrorwatch_watchlists"])
    assert task["tells_operator"]


@pytest.mark.slow
@pytest.mark.skipif(not AIRFLOW.exists(), reason="Airflow is not installed (extra: airflow)")
def test_airflow_refreshes_the_lists(database: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "in", EXAMPLES["eu-xml"])
    file = sources(tmp_path / "lists.toml", f'[eu-fsf]\nfiles = ["{tmp_path}/in"]\n')
    settings = environment(database, MIRRORWATCH_DATA=tmp_path / "data", MIRRORWATCH_WATCHLIST_SOURCES=file)
    ran = subprocess.run(
        [AIRFLOW, "dags", "test", "mirrorwatch_watchlists", str(DAY)],
        capture_output=True, text=True, check=False, cwd=database, env=settings,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    rows = pl.read_parquet(tmp_path / "data" / "watchlist" / "imported-eu-fsf.parquet")
    assert rows["listed_on"].to_list() == [date(2021, 2, 2), date(2020, 1, 15)]
    assert [path.name for path in (tmp_path / "data/watchlists/versions/eu-fsf").glob("as_of=*")] == [f"as_of={DAY}"]
