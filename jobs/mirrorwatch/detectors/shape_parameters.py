"""Parameters that the detectors of layered shapes share: each with its unit, bounds and the reason for its default."""

from dataclasses import replace

from pydantic import Field

from mirrorwatch.detectors.base import Parameters
from mirrorwatch.features.unusual import MOST_RANK
from mirrorwatch.shapes.search import Bounds


class ShapeParameters(Parameters):
    """What any layered shape may be made of."""

    most_expected: float = Field(
        default=0.05,
        gt=0,
        le=10,
        description="Shapes as good that chance would make over the whole night, for each one told: a twentieth of "
        "what is told may be chance, and a night without schemes tells one in twenty nights.",
    )
    span_days: float = Field(
        default=21,
        ge=2,
        le=90,
        description="Days from a shape's first to its last payment. Three weeks: the public benchmarks' schemes lie "
        "within 19 days, and money that rests longer is looked for by other detectors.",
    )
    next_payments: int = Field(
        default=8,
        ge=2,
        le=64,
        description="Payments out that a payment in is held against, nearest in time. What keeps the work linear: an "
        "account that pays strangers more often than this within days is a hub, and only its nearest are looked at.",
    )
    most_ties: int = Field(
        default=32,
        ge=8,
        le=1_000,
        description="Loose ties on one side, over 45 days, beyond which an account's crowd is its custom (a shop, an "
        "employer, a marketplace). Twice as many for the ends of wider shapes. Published schemes have 16 at most.",
    )

    large_share: float = Field(
        default=0.55,
        ge=0,
        le=1,
        description="Share of a wide shape's or a chain's ties that are unusually large for one of their accounts. Of "
        "all ties of a night it is about one in five, of schemes' on three simulations nearly all.",
    )
    very_large_rank: float = Field(
        default=0.07,
        gt=0,
        le=MOST_RANK,
        description="Unusual ties are searched twice, since a scheme may be all of very large sums: first those that "
        "are among so large a share of the night's, beside what an account at their end turns over.",
    )
    large_rank: float = Field(
        default=MOST_RANK,
        gt=0,
        le=MOST_RANK,
        description="Then those among this share. A further look at more than that found little on generated nights.",
    )
    rounds_at_most: float = Field(
        default=2e-5,
        gt=0,
        le=10,
        description="Shapes of unusual ties as good that chance would make over the night. Look-alikes of eleven "
        "generated nights (suppliers in common, several importers of one exporter) lay at 5 in 100,000 and above, most "
        "schemes below one in a million.",
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return Bounds(
            span_days=self.span_days,
            next_payments=self.next_payments,
            most_ties=self.most_ties,
            large_share=self.large_share,
            ranks=(self.very_large_rank, self.large_rank),
            rounds_at_most=self.rounds_at_most,
        )


class ChainParameters(ShapeParameters):
    """What a chain of payments may be made of."""

    most_hops: int = Field(
        default=16, ge=3, le=24, description="Payments in a row. Twelve are described; the benchmarks have fifteen."
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return replace(super().bounds, most_hops=self.most_hops)


class CrowdParameters(ShapeParameters):
    """What a crowd around one account may be made of."""

    least: int = Field(
        default=3,
        ge=2,
        le=100,
        description="Strangers in a crowd. Fewer are no shape; whether three are unusual is for the account's past.",
    )
    least_evidence: float = Field(
        default=9,
        ge=0,
        le=30,
        description="Powers of ten that chance (eight at most), means and manner add up to (`shapes/evidence.py`). "
        "On ten generated nights look-alikes came to 8.7, most schemes to 10 and more.",
    )
    crowds_at_most: float = Field(
        default=0.1,
        gt=0,
        le=10,
        description="Crowds as good that chance would make over the night, if all else speaks for this one.",
    )
    least_points: float = Field(
        default=2,
        ge=-20,
        le=20,
        description="What means and manner have to add up to, where persons are known from firms, if chance alone "
        "makes so few crowds as good (`most_expected`). Everyday crowds of ten generated nights came to 2.",
    )
    least_crowd: int = Field(
        default=5,
        ge=2,
        le=100,
        description="Payments of a crowd that means and manner speak for, and of any crowd where persons are known "
        "from firms: four relatives who help to buy a house part with all that they have as well.",
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return replace(
            super().bounds,
            least_evidence=self.least_evidence,
            crowds_at_most=self.crowds_at_most,
            least_points=self.least_points,
            least_crowd=self.least_crowd,
        )
