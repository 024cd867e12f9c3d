"""Parameters that the detectors of layered shapes share: each with its unit, bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters
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

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return Bounds(span_days=self.span_days, next_payments=self.next_payments, most_ties=self.most_ties)


class ChainParameters(ShapeParameters):
    """What a chain of payments may be made of."""

    most_hops: int = Field(
        default=16, ge=3, le=24, description="Payments in a row. Twelve are described; the benchmarks have fifteen."
    )

    @property
    def bounds(self) -> Bounds:
        """As the searches take them."""
        return Bounds(self.span_days, self.next_payments, self.most_hops, self.most_ties)


class CrowdParameters(ShapeParameters):
    """What a crowd around one account may be made of."""

    least: int = Field(
        default=3,
        ge=2,
        le=100,
        description="Strangers in a crowd. Fewer are no shape; whether three are unusual is for the account's past.",
    )
