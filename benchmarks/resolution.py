# ruff: noqa: PLR2004 - drawn shares and sizes of an invented population
"""Entity resolution on invented parties of whom some are registered twice: precision, recall, calibration, time.

    python benchmarks/resolution.py --parties 200000            # quality, beside the naive rule and, where there is
                                                                # one, splink
    python benchmarks/resolution.py --parties 5000000 --quick   # nothing beside it

Beside it stand the rule "same telephone or e-mail" and, if `splink` can be imported, splink on DuckDB with its usual
comparisons; splink is no dependency: install it into an environment of its own, together with this package.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from mirrorwatch.contract import ACCOUNTS, OWNERSHIP, PARTIES
from mirrorwatch.resolution import ResolutionParameters, resolve
from mirrorwatch.synth.duplicates import registered_twice

_VOWELS, _CONSONANTS = (
    list("aeiou"),
    ["b", "ch", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "w"],
)
_FORMS = ["LLC", "Co Ltd", "SA de CV", "Limited", "Inc", "Ltd"]
_NULLS = {"born_or_incorporated_on": 0.1, "phone": 0.15, "email": 0.3, "address": 0.05}


def _words(rng: np.random.Generator, count: int, syllables: int) -> np.ndarray:
    made: set[str] = set()
    while len(made) < count:
        parts = rng.choice(_CONSONANTS, (count, syllables)), rng.choice(_VOWELS, (count, syllables))
        made |= {"".join(a + b for a, b in zip(*pair, strict=True)).capitalize() for pair in zip(*parts, strict=True)}
    return np.array(sorted(made)[:count], dtype=object)[rng.permutation(count)]


def _often(rng: np.random.Generator, words: np.ndarray, count: int) -> pl.Series:
    """Draw as names are held: the commonest by one in sixty or so, most by hardly anybody."""
    shares = 1 / (np.arange(len(words)) + 8.0) ** 0.9
    codes = rng.choice(len(words), count, p=shares / shares.sum())
    return pl.Series(words.tolist()).gather(codes)


def population(parties: int, seed: int) -> pl.DataFrame:
    """Persons, some in households that share home, telephone and surname; firms, some in groups, some at agents."""
    rng = np.random.default_rng(seed)
    person = np.sort(rng.random(parties) < 0.7)[::-1]
    grouped = rng.random(parties) < np.where(person, 0.35, 0.15)
    grouped[1:] &= person[1:] == person[:-1]
    grouped[0] = False
    head = np.maximum.accumulate(np.where(grouped, 0, np.arange(parties)))
    given, family = _words(rng, 3_000, 2), _words(rng, 30_000, 3)
    first, second, third = (_words(rng, 8_000, 3) for _ in range(3))
    frame = pl.DataFrame(
        {
            "person": person,
            "given": _often(rng, given, parties),
            "family": _often(rng, family, parties).gather(
                np.where(rng.random(parties) < 0.8, head, np.arange(parties))
            ),
            "initial": pl.Series(list("ABCDEFGHJKLMNPRSTW")).gather(rng.integers(0, 18, parties)),
            "first": _often(rng, first, parties).gather(head),
            "second": _often(rng, second, parties),
            "third": _often(rng, third, parties),
            "short": rng.random(parties) < 0.5,
            "form": pl.Series(_FORMS).gather(rng.integers(0, 6, parties)),
        }
    )
    private = (
        pl.when("short")
        .then(pl.format("{} {}", "given", "family"))
        .otherwise(pl.format("{} {}. {}", "given", "initial", "family"))
    )
    firm = (
        pl.when("short")
        .then(pl.format("{} {} {}", "first", "second", "form"))
        .otherwise(pl.format("{} {} {} {}", "first", "second", "third", "form"))
    )
    streets = _words(rng, 2_000, 2)
    agent = ~person & (rng.random(parties) < 0.08)
    house = np.where(agent, rng.integers(0, 60, parties), rng.integers(0, 3_000, parties))
    street = np.where(agent, 7, rng.integers(0, 2_000, parties))
    home = pl.DataFrame({"house": house + 1, "street": pl.Series(streets.tolist()).gather(street)})
    town = np.where(agent, 0, rng.integers(0, 400, parties))
    address = home.select(pl.format("{} {} Street, Town {}", "house", "street", pl.Series(town)))
    days = rng.integers(0, 22_000, parties)
    columns = {
        "party_id": pl.select(pl.format("P{}", pl.int_range(parties).cast(pl.String).str.zfill(9))).to_series(),
        "party_type": pl.Series(np.where(person, "person", "organisation")),
        "name": frame.select(pl.when("person").then(private).otherwise(firm)).to_series(),
        "country": pl.Series(["US"]).new_from_index(0, parties),
        "born_or_incorporated_on": pl.Series(np.datetime64("1945-01-01") + days).cast(pl.Date),
        "address": address.to_series().gather(np.where(agent, np.arange(parties), head)),
        "phone": pl.select(pl.format("+1 {}", pl.Series(rng.integers(10**8, 10**9, parties))))
        .to_series()
        .gather(np.where(rng.random(parties) < 0.8, head, np.arange(parties))),
        "email": pl.select(pl.format("u{}@mail.example", pl.Series(rng.integers(10**6, 10**11, parties))))
        .to_series()
        .gather(np.where(rng.random(parties) < 0.15, head, np.arange(parties))),
    }
    whole = pl.DataFrame(columns).with_columns(
        pl.when(pl.Series(rng.random(parties) >= share)).then(pl.col(column)).alias(column)
        for column, share in _NULLS.items()
    )
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in PARTIES.schema.items() if name not in whole.columns]
    return whole.with_columns(missing).select(list(PARTIES.schema))


def with_duplicates(parties: pl.DataFrame, share: float, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the parties with `share` of them registered twice (a fifth of those three times), and the truth."""
    rng = np.random.default_rng([seed, 1])
    chosen = np.flatnonzero(rng.random(len(parties)) < share)
    chosen = np.concatenate([chosen, chosen[rng.random(len(chosen)) < 0.2]])
    new_ids = pl.select(pl.format("Q{}", pl.int_range(len(chosen)).cast(pl.String).str.zfill(9))).to_series()
    again, truth = registered_twice(parties, parties["party_id"].gather(chosen), new_ids, rng)
    return pl.concat([parties, again]), truth


def true_pairs(truth: pl.DataFrame) -> pl.DataFrame:
    """All pairs of parties that are one."""
    members = pl.concat(
        [
            truth.select("party_id", of="duplicate_of"),
            truth.select(party_id=pl.col("duplicate_of").unique()).with_columns(of="party_id"),
        ]
    )
    both = members.join(members, on="of", suffix="_right").filter(pl.col("party_id") < pl.col("party_id_right"))
    return both.select(left_party_id="party_id", right_party_id="party_id_right").unique()


def inside(entities: pl.DataFrame) -> pl.DataFrame:
    """All pairs of parties inside one entity."""
    both = entities.join(entities, on="entity_id", suffix="_right").filter(
        pl.col("party_id") < pl.col("party_id_right")
    )
    return both.select(left_party_id="party_id", right_party_id="party_id_right")


def naive(parties: pl.DataFrame) -> pl.DataFrame:
    """Pairs by the rule "same telephone or e-mail"."""
    found = []
    for column in ("phone", "email"):
        known = parties.select("party_id", "party_type", column).drop_nulls()
        both = known.join(known, on=["party_type", column], suffix="_right")
        found.append(both.filter(pl.col("party_id") < pl.col("party_id_right")))
    return pl.concat(
        [each.select(left_party_id="party_id", right_party_id="party_id_right") for each in found]
    ).unique()


def judged(name: str, found: pl.DataFrame, wanted: pl.DataFrame, seconds: float) -> None:
    """Print precision, recall and F1 of pairs."""
    right = len(found.join(wanted, on=["left_party_id", "right_party_id"], how="semi"))
    precision, recall = right / max(len(found), 1), right / max(len(wanted), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(
        f"{name:34} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  pairs {len(found):,}  {seconds:.1f} s"
    )


def calibration(pairs: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Print how many of the pairs told with a probability are one party."""
    keys = ["left_party_id", "right_party_id"]
    marked = pairs.join(wanted.with_columns(one=pl.lit(1.0)), on=keys, how="left").with_columns(
        pl.col("one").fill_null(0)
    )
    bands = marked.with_columns(
        band=pl.sum_horizontal(pl.col("probability") >= edge for edge in (0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999))
    )
    table = (
        bands.group_by("band").agg(pl.len(), told=pl.col("probability").mean(), true=pl.col("one").mean()).sort("told")
    )
    for _, rows, told, true in table.iter_rows():
        print(f"  {rows:>9,} pairs: told {told:.3f}, true {true:.3f}")


def by_splink(parties: pl.DataFrame, least: float) -> Callable[[], pl.DataFrame] | None:
    """Splink on the same parties, with comparisons and blocking as its documents advise; None where it is not there."""
    try:
        import splink.comparison_library as cl
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError:
        return None
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="party_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.ExactMatch("email").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("address", 2).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("born", 2),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("phone", "party_type"), block_on("email", "party_type"), block_on("address", "party_type"),
            block_on("name", "party_type"), block_on("born", "party_type"),
        ],
    )  # fmt: skip

    def run() -> pl.DataFrame:
        table = parties.with_columns(
            born=pl.col("born_or_incorporated_on").cast(pl.String), name=pl.col("name").str.to_lowercase()
        ).select("party_id", "party_type", "name", "phone", "email", "address", "born")
        database = DuckDBAPI()
        linker = Linker(database.register(table.to_arrow()), settings)
        linker.training.estimate_probability_two_random_records_match([block_on("email", "name")], recall=0.3)
        linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
        for rule in (block_on("phone"), block_on("email"), block_on("born", "party_type")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        scored = linker.inference.predict(threshold_match_probability=least)
        found = pl.from_arrow(scored.as_pyarrow_table())
        one, other = pl.min_horizontal("party_id_l", "party_id_r"), pl.max_horizontal("party_id_l", "party_id_r")
        return pl.DataFrame(found).select(left_party_id=one, right_party_id=other, weight="match_weight")

    return run


def alone(path: Path) -> None:
    """Resolve the parties of one Parquet file and print time and memory of this process."""
    nothing = (pl.LazyFrame(schema=dataset.schema) for dataset in (OWNERSHIP, ACCOUNTS))
    begun = time.perf_counter()
    found = resolve(pl.scan_parquet(path), *nothing, ResolutionParameters())
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    entities = found.entities["entity_id"].n_unique()
    print(f"{found.blocks['pairs'].sum():,} pairs met by keys; {entities:,} entities; {found.cut:,} chains cut")
    print(f"{seconds:.0f} s, {time.process_time():.0f} s of processor; {peak:.2f} GB at most")
    found.pairs.drop("evidence").write_parquet(path.with_name("pairs.parquet"))
    found.entities.write_parquet(path.with_name("entities.parquet"))


def main() -> None:
    """Make parties, resolve them in a process of its own, print what was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parties", type=int, default=200_000)
    options.add_argument("--share", type=float, default=0.03, help="of parties registered twice")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quick", action="store_true", help="no other method beside it")
    options.add_argument("--alone", type=Path, help="only resolve the parties of this Parquet file")
    asked = options.parse_args()
    if asked.alone:
        alone(asked.alone)
        return
    parties, truth = with_duplicates(population(asked.parties, asked.seed), asked.share, asked.seed)
    print(f"{len(parties):,} parties, {len(truth):,} of them another's variant", flush=True)
    wanted = true_pairs(truth)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parties.parquet"
        parties.write_parquet(path)
        if asked.quick:
            del parties
        begun = time.perf_counter()
        subprocess.run([sys.executable, __file__, "--alone", str(path)], check=True)
        seconds = time.perf_counter() - begun
        entities, pairs = (pl.read_parquet(path.with_name(f"{name}.parquet")) for name in ("entities", "pairs"))
    judged("mirrorwatch, inside entities", inside(entities), wanted, seconds)
    calibration(pairs, wanted)
    if not asked.quick:
        beside(parties, wanted)


def beside(parties: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Judge the naive rule and splink on the same parties."""
    begun = time.perf_counter()
    judged("same telephone or e-mail", naive(parties), wanted, time.perf_counter() - begun)
    least = ResolutionParameters().least_probability
    other = by_splink(parties, least)
    if other is None:
        print("splink is not installed here; left out")
        return
    begun = time.perf_counter()
    found = other()
    seconds = time.perf_counter() - begun
    judged(f"splink, pairs from {least} on", found, wanted, seconds)
    best = max(range(5, 41), key=lambda bits: _f1(found.filter(pl.col("weight") >= bits), wanted))
    judged(f"splink at its best bar, {best} bits", found.filter(pl.col("weight") >= best), wanted, seconds)


def _f1(found: pl.DataFrame, wanted: pl.DataFrame) -> float:
    right = len(found.join(wanted, on=["left_party_id", "right_party_id"], how="semi"))
    return 2 * right / max(len(found) + len(wanted), 1)


if __name__ == "__main__":
    main()
