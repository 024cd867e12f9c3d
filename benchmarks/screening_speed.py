"""Time and memory to screen millions of parties against a list, beside a scan of every pair.

    python benchmarks/screening_speed.py --data FOLDER [--parties 5000000] [--names 50000] [--threads 2]

FOLDER holds OFAC's sdn and alt files: all names and aliases of both vintages are the list, cut or filled up with made
names to --names. Parties are drawn, all different: six in ten persons of one or two given names and one or two
surnames, whose frequencies fall as in any register (the k-th commonest is 1/k as common); four in ten companies of one
or two words of their own, a trade and a legal form. Given names, surnames and towns are Faker's of 30 locales, words of
trade and a tenth of the persons' surnames are the list's own, and half of the companies' own words are made up of
syllables. One party in 10,000 is a listed name with a letter changed.

The naive scan is rapidfuzz.process.cdist with token_sort_ratio and WRatio over a sample of the parties and the whole
list, with as many threads, extrapolated to all parties. That scan keeps nothing and explains nothing.

Names are made by another process first. Memory is the most that this process held at any time. Wall-clock seconds
depend on who else uses the machine: seconds of CPU are printed beside them.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--parties", type=int, default=5_000_000)
    parser.add_argument("--names", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sample", type=int, default=200, help="parties that the naive scan is given")
    parser.add_argument("--make", type=Path, help="only write the names to this folder")
    parser.add_argument("--made", type=Path, help="screen the names of this folder, made before")
    return parser.parse_args()


CHOSEN = parsed() if __name__ == "__main__" else None
if CHOSEN is not None:  # both engines read these when they are imported
    os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(CHOSEN.threads)

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from faker import Faker  # noqa: E402
from rapidfuzz import fuzz, utils  # noqa: E402
from rapidfuzz.process import cdist  # noqa: E402

import screening_names as made  # noqa: E402
from mirrorwatch.names import similarity  # noqa: E402

SYLLABLES = [
    one + vowel + last for one in "bcdfghjklmnprstvz" for vowel in "aeiou" for last in ("", "n", "r", "l", "s")
]


def listed(data: Path, number: int) -> pl.DataFrame:
    """(id, name, kind) of so many list names."""
    both = [read(data, vintage) for vintage in ("", "_bench") for read in (made.listed, made.aliases)]
    real = pl.concat(both).unique(["name", "kind"]).sort("id", "name").head(number)
    filled = made.unrelated(real, 2 * max(number - len(real), 0) + 2, seed=7).head(number - len(real))
    return pl.concat([real, filled])


def words(names: pl.DataFrame, kind: str) -> np.ndarray:
    """Different words of the names of one kind, the commonest first."""
    letters = pl.col("name").str.to_titlecase().str.extract_all(r"\pL{3,}")
    held = names.filter(pl.col("kind") == kind).select(word=letters)
    ranked = held.explode("word").group_by("word").len().sort(["len", "word"], descending=[True, False])
    return ranked["word"].to_numpy()


def faked(method: str, seed: int) -> np.ndarray:
    """Different words of all locales, in drawn order, so that common ones are of every country."""
    found = set()
    for place, locale in enumerate(made.LOCALES):
        fake = Faker(locale)
        fake.seed_instance(seed + place)
        found |= {getattr(fake, method)() for _ in range(4_000)}
    mixed = sorted(found)
    random.Random(seed).shuffle(mixed)  # noqa: S311
    return np.array(mixed, dtype=object)


def drawn(draw: np.random.Generator, source: np.ndarray, number: int, *, flat: bool = False) -> np.ndarray:
    """So many words, the k-th of the source 1/k as often as the first, or all as often."""
    share = draw.random(number)
    rank = share * len(source) if flat else np.exp(share * np.log(len(source) + 1)) - 1
    return source[rank.astype(np.int64)]


def frame(kind: str, *columns: np.ndarray) -> pl.DataFrame:
    """Columns of words as a, b, c and d, and the kind."""
    return pl.DataFrame(dict(zip("abcd", columns, strict=True))).with_columns(kind=pl.lit(kind))


def parties(number: int, names: pl.DataFrame, seed: int) -> pl.DataFrame:
    """So many different parties: (id, name, kind)."""
    draw = np.random.default_rng(seed)
    given, family, towns = faked("first_name", seed), faked("last_name", seed + 99), faked("city", seed + 199)
    theirs, trades = words(names, "person"), words(names, "organisation")
    people, firms = int(number * 0.8), int(number * 0.52)
    own = np.where(draw.random(people) < 0.1, drawn(draw, theirs, people), drawn(draw, family, people))  # noqa: PLR2004
    second = np.where(draw.random(people) < 0.4, drawn(draw, family, people), "")  # noqa: PLR2004
    middle = np.where(draw.random(people) < 0.3, drawn(draw, given, people), "")  # noqa: PLR2004
    syllables = np.array([part.title() for part in SYLLABLES], dtype=object)
    coined = drawn(draw, syllables, firms, flat=True) + np.char.lower(
        (drawn(draw, syllables, firms, flat=True) + drawn(draw, syllables, firms, flat=True)).astype(str)
    ).astype(object)
    known = np.where(draw.random(firms) < 0.7, drawn(draw, family, firms), drawn(draw, towns, firms))  # noqa: PLR2004
    first = np.where(draw.random(firms) < 0.5, coined, known)  # noqa: PLR2004
    another = np.where(draw.random(firms) < 0.4, drawn(draw, trades, firms, flat=True), "")  # noqa: PLR2004
    forms = np.array(made.FORMS, dtype=object)
    persons = frame("person", drawn(draw, given, people), middle, own, second)
    legal = drawn(draw, forms, firms, flat=True)
    companies = frame("organisation", first, another, drawn(draw, trades, firms), legal)
    spelt = pl.concat_str("a", "b", "c", "d", separator=" ").str.replace_all(" +", " ").str.strip_chars()
    whole = pl.concat([persons, companies]).select("kind", name=spelt).unique(maintain_order=True)
    wrong = made.perturbed(names.sample(number // 10_000 + 1, with_replacement=True, seed=seed), seed)
    typos = wrong.filter(pl.col("change") == "typo").select("kind", "name")
    kept = pl.concat([typos, whole.sample(min(number - len(typos), len(whole)), seed=seed, shuffle=True)])
    return kept.select(id=pl.format("P{}", pl.int_range(pl.len())), name="name", kind="kind")


def naive(asked: pl.LazyFrame, names: pl.LazyFrame, threads: int, sample: int) -> dict[str, tuple[float, float]]:
    """Seconds, and seconds of CPU, that a scan of every pair would take, by scorer."""
    parties = asked.select(pl.len()).collect().item()
    some = [utils.default_process(name) for name in asked.select("name").head(sample).collect()["name"]]
    all_names = [utils.default_process(name) for name in names.select("name").collect()["name"]]
    taken = {}
    for scorer in (fuzz.token_sort_ratio, fuzz.WRatio):
        started, worked = time.perf_counter(), time.process_time()
        cdist(some, all_names, scorer=scorer, workers=threads, dtype=np.uint8)
        times = parties / len(some)
        taken[scorer.__name__] = (time.perf_counter() - started) * times, (time.process_time() - worked) * times
    return taken


def screened(folder: Path, chosen: argparse.Namespace) -> None:
    """Screen the names of the folder, as a bank's files, and print what it took."""
    asked, names = (pl.scan_parquet(folder / f"{name}.parquet") for name in ("parties", "names"))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    numbers = [side.select(pl.len()).collect().item() for side in (asked, names)]
    print(f"{numbers[0]:,} different parties, {numbers[1]:,} listed names; before the start {held:.2f} GB", flush=True)
    started, worked = time.perf_counter(), time.process_time()
    found = similarity(asked, names).select(pl.len()).collect().item()
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"screened in {seconds:.0f} s ({cpu:.0f} s of CPU), at most {held:.2f} GB; {found:,} hits", flush=True)
    for scorer, (whole, work) in naive(asked, names, chosen.threads, chosen.sample).items():
        print(
            f"naive scan with {scorer}: {whole:,.0f} s ({work:,.0f} s of CPU), extrapolated from {chosen.sample}"
            f" parties: {whole / seconds:,.0f} times as long, {work / cpu:,.0f} times the CPU",
            flush=True,
        )


def main(chosen: argparse.Namespace) -> None:
    """Run and print."""
    if chosen.make:
        names = listed(chosen.data, chosen.names)
        names.write_parquet(chosen.make / "names.parquet")
        parties(chosen.parties, names, seed=3).write_parquet(chosen.make / "parties.parquet")
        return
    if chosen.made:
        screened(chosen.made, chosen)
        return
    with tempfile.TemporaryDirectory() as folder:  # made by another process, so that this one's memory is the matcher's
        subprocess.run([sys.executable, *sys.argv, "--make", folder], check=True)
        screened(Path(folder), chosen)


if __name__ == "__main__":
    main(CHOSEN or parsed())
