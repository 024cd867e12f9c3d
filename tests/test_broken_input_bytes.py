"""A file whose bytes were altered at random is read or refused by name; it never breaks the night as a bug would."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.intake_worlds import RUN_DATE, Staged, World, booking, frame, run

from mirrorwatch.errors import InputError

FILE = f"transactions/booking_date={RUN_DATE}/part-0.parquet"
ROWS = 399


def altered(content: bytes, seed: int) -> bytes:
    """Flip bits, cut the end off, zero a stretch, or overwrite a byte of the footer."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    broken = bytearray(content)
    match seed % 4:
        case 0:
            for _ in range(chance.choice([1, 5, 50])):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        case 1:
            broken = broken[: chance.randrange(len(broken))]
        case 2:
            start = chance.randrange(len(broken))
            broken[start : start + 512] = bytes(min(512, len(broken) - start))
        case _:
            broken[-chance.randrange(9, 2500)] = chance.randrange(256)
    return bytes(broken)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, bytes]:
    folder = tmp_path_factory.mktemp("bytes") / "data"
    good = World(folder, days={RUN_DATE: frame(*(booking(number) for number in range(1, ROWS + 1)))}).write()
    return good, (folder / FILE).read_bytes()


def outcome(world: World, content: bytes) -> InputError | Staged:
    """Run the intake over the altered file."""
    Path(world.folder / FILE).write_bytes(content)
    try:
        return run(world)
    except InputError as error:
        return error


# Beside the first ones: seeds whose pages Polars' decoder panics on, and one whose amounts have a digit too many.
@pytest.mark.parametrize(
    "seeds", [range(30), (44, 60, 76, 124, 190, 260, 478, 604, 750, 755, 914)], ids=["any", "worst"]
)
def test_altered_bytes_are_read_or_refused_by_name(world: tuple[World, bytes], seeds: Iterable[int]) -> None:
    good, content = world
    ends = [outcome(good, altered(content, seed)) for seed in seeds]
    refused = [end for end in ends if isinstance(end, InputError)]
    assert refused
    assert all(FILE in end.where and end.remedy for end in refused)
    read = [end for end in ends if isinstance(end, Staged)]
    assert read
    assert all(end.summary.transactions.rows_read == ROWS for end in read)
