"""Which names of the left are like names of the right: the one thing that other rooms ask of this one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from mirrorwatch.names import weights, words
from mirrorwatch.names.candidates import Index, index
from mirrorwatch.names.comparing import compared
from mirrorwatch.names.parameters import NameParameters
from mirrorwatch.names.reasons import reasons
from mirrorwatch.names.scoring import scored
from mirrorwatch.names.sides import Side, counted, different, plain, side
from mirrorwatch.names.vocabulary import Vocabulary, misspelt, vocabulary

NAMED = pl.Schema({"id": pl.String(), "name": pl.String(), "kind": pl.String()})
SIMILAR = pl.Schema(
    {
        "left_id": pl.String(),
        "right_id": pl.String(),
        "left_name": pl.String(),
        "right_name": pl.String(),
        "score": pl.Float64(),
        "reason": pl.String(),
    }
)
_NAMES_A_BUCKET = 400_000  # left names that are read together: 0.1 GB, and as much again for their words
_NAMES_AT_ONCE = 50_000  # left names whose words lie in memory together: 0.1 GB
_PIECES_AT_ONCE = 2
_ORDER = ["left_id", "score", "right_id", "left_name", "right_name"]
_FALLING = [False, True, False, False, False]


@dataclass(frozen=True)
class Prepared:
    """The right side and everything about words that holds for all pieces of the left."""

    right: Side
    words: Vocabulary
    index: Index
    bits: pl.DataFrame
    mended: pl.DataFrame


def buckets(named: pl.LazyFrame, at_once: int) -> list[pl.LazyFrame]:
    """Parts of NAMED, each with all rows of its names and about `at_once` of them, so that millions are never held."""
    rows = named.select(pl.len()).collect().item()
    number = max(-(-rows // at_once), 1)
    return [named.filter(pl.col("name").hash() % number == place) for place in range(number)] if number > 1 else [named]


def _names(named: pl.LazyFrame) -> pl.DataFrame:
    return different(named.select("name", "kind").unique().collect())


@dataclass(frozen=True)
class Counted:
    """Of many names: how many there are, (word, count), and the joined neighbours that were `wanted`."""

    names: int
    words: pl.DataFrame
    joined: pl.Series


def _counted(parts: list[pl.LazyFrame], wanted: pl.DataFrame) -> Counted:
    names, held, joined = 0, words.counts(words.NONE), words.NONE.select("word").clear()
    for part in parts:
        rows = _names(part)
        names += len(rows)
        for piece in rows.iter_slices(_NAMES_AT_ONCE):
            apart = words.words(plain(piece))
            held = pl.concat([held, words.counts(apart)])
            met = pl.concat([words.joined(apart).select(word="text"), words.turned(apart).select(word="text")])
            joined = pl.concat([joined, met.join(wanted, on="word", how="semi")]).unique()
        held = held.group_by("word").agg(pl.col("count").sum())
    return Counted(names, held, joined["word"])


def prepared(
    left: list[pl.LazyFrame], right: pl.DataFrame, parameters: NameParameters, *, one_side: bool = False
) -> Prepared:
    """Weigh the words of both (NAMED parts, `different` names) and index the right. `one_side`: both are the same."""
    theirs = counted(right)
    ours = _counted(left, theirs.select("word"))
    both = ours.words if one_side else pl.concat([ours.words, theirs]).group_by("word").agg(pl.col("count").sum())
    bits = weights.weighed(both, ours.names if one_side else ours.names + len(right))
    right_side = side(right, bits, listed=True)
    mended = misspelt(ours.words, ours.names, theirs.select("word"))
    known = vocabulary(ours.words["word"], ours.joined, right_side)
    return Prepared(right_side, known, index(right_side, known, parameters), bits, mended)


def _of_piece(
    piece: pl.DataFrame, known: Prepared, parameters: NameParameters, *, one_side: bool
) -> list[pl.DataFrame]:
    """Match some of the left names: (right, name, kind, name_right, kind_right, score, reason)."""
    ours = side(piece, known.bits, known.mended)
    names = ours.rows.select("name", "kind", "plain", left="row")
    names_right = known.right.rows.select(right="row", name_right="name", kind_right="kind", plain_right="plain")
    told = []
    for found in compared(ours, known.right, known.index, known.words, parameters):
        once = found.pairs.filter(pl.col("left") <= pl.col("right")) if one_side else found.pairs
        pairs = scored(once.join(names, on="left").join(names_right, on="right"))
        kept = pairs.filter(pl.col("score") >= parameters.least_score)
        whole = kept.join(reasons(kept, found, ours, known.right), on="pair")
        told.append(whole.select("name", "kind", "name_right", "kind_right", "score", "reason"))
    return told


def matches(
    left: pl.DataFrame, known: Prepared, parameters: NameParameters, *, one_side: bool = False
) -> Iterator[pl.DataFrame]:
    """Pieces of (name, kind, name_right, kind_right, score, reason) for `different` names; equals may come twice.

    Two pieces are worked on at a time, since a product of sparse matrices keeps one core; none waits for order.
    """
    with ThreadPoolExecutor(_PIECES_AT_ONCE) as pool:
        work = [
            pool.submit(_of_piece, piece, known, parameters, one_side=one_side)
            for piece in left.iter_slices(_NAMES_AT_ONCE)
        ]
        for done in work:
            yield from done.result()


def _with_ids(found: pl.DataFrame, left: pl.LazyFrame, right: pl.LazyFrame) -> pl.DataFrame:
    """Names and kinds as ids: every id of that name and kind."""
    ours, theirs = found.select("name", "kind").unique(), found.select(name="name_right", kind="kind_right").unique()
    ids = [
        side.join(few.lazy(), on=["name", "kind"], how="semi", nulls_equal=True).unique().collect()
        for side, few in ((left, ours), (right, theirs))
    ]
    named = found.join(ids[0].rename({"id": "left_id"}), on=["name", "kind"], nulls_equal=True).join(
        ids[1].select(right_id="id", name_right="name", kind_right="kind"),
        on=["name_right", "kind_right"],
        nulls_equal=True,
    )
    return named.select("left_id", "right_id", "score", "reason", left_name="name", right_name="name_right").select(
        SIMILAR.names()
    )


def _turned(found: pl.DataFrame) -> pl.DataFrame:
    """Pairs within one side once, the smaller id on the left; an id is not like itself."""
    swap = pl.col("left_id") > pl.col("right_id")
    turned = [
        pl.when(swap).then(f"{other}_{what}").otherwise(f"{this}_{what}").alias(f"{this}_{what}")
        for what in ("id", "name")
        for this, other in (("left", "right"), ("right", "left"))
    ]
    return found.filter(pl.col("left_id") != pl.col("right_id")).with_columns(turned).select(SIMILAR.names())


def similarity(left: pl.LazyFrame, right: pl.LazyFrame, parameters: NameParameters | None = None) -> pl.LazyFrame:
    """Pairs of ids with like names: NAMED frames in, SIMILAR out, one row (the best) a pair of ids, sorted.

    `kind` is person, organisation or another word, or null where unknown: a person is compared with persons and
    unknowns. An id may have several names (one row each). Where `right` is the very frame that is `left`, each pair is
    told once. Scores run from 0 to 1 and fall strictly with likeness; ties are names that are written alike letter by
    letter. A large `left` is read several times, by parts, and never held: hand in a scan.
    """
    chosen = parameters or NameParameters()
    one_side = right is left
    ours, theirs = (
        side.select(NAMED.names()).cast(NAMED).filter(pl.col("name").is_not_null()) for side in (left, right)
    )
    listed = _names(theirs)
    parts = [ours] if one_side else buckets(ours, _NAMES_A_BUCKET)
    known = prepared(parts, listed, chosen, one_side=one_side)
    found = [piece for part in parts for piece in matches(_names(part), known, chosen, one_side=one_side)]
    names = pl.concat(found) if found else None
    if names is None or names.is_empty():
        return pl.LazyFrame(schema=SIMILAR)
    told = _with_ids(names, ours, theirs)
    ordered = (_turned(told) if one_side else told).sort(_ORDER, descending=_FALLING)
    return ordered.unique(["left_id", "right_id"], keep="first", maintain_order=True).lazy()
