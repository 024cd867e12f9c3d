"""Parameters of the underground-banking detector: each with its unit, its bounds and the reason for its default."""

from pydantic import Field

from mirrorwatch.detectors.base import Parameters


class UndergroundBankingParameters(Parameters):
    """Thresholds of the underground-banking detector. Amounts are US dollars at the booking day's rate."""

    least_moved_usd: int = Field(
        default=5_000,
        ge=0,
        description="USD that came and were gone again within the window: as much as a bank in the US reports when it "
        "suspects somebody.",
    )
    least_multiple: float = Field(
        default=1.0,
        ge=0,
        le=100,
        description="Times that the money moved on exceeds the income of the window, declared or seen as wages. No "
        "number is published; an income spent twice over is one that does not carry it, and the score counts more the "
        "more it is.",
    )
    firm_multiple: float = Field(
        default=2.0,
        ge=0,
        le=100,
        description="The same for a firm and its declared turnover, which a good season may double.",
    )
    takings_multiple: float = Field(
        default=3.0,
        ge=0,
        le=100,
        description="The same where the money is cash, nobody but the holder is known to bring it and one branch takes "
        "it: that could be the takings of a trade that was never declared.",
    )
    takings_days: float = Field(
        default=4,
        ge=1,
        le=45,
        description="Days of coming and going, counted as if the same moved on each, that such cash needs besides: who "
        "brings savings to the bank in two or three lumps is no mule.",
    )
    least_moved_share: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Part of the unusual money that is gone again. No number is published; FINTRAC speaks of money "
        "that leaves as quickly as it flows in, and half is what a holder who keeps his own money does not reach.",
    )
    most_used: float = Field(
        default=3.0,
        ge=1,
        le=100,
        description="Times that what left in the same ways may exceed the unusual money. Who pays much more than that "
        "anyhow would have paid as much without it: that some of it follows within days is no sign.",
    )
    least_form: float = Field(
        default=0.6,
        ge=0,
        le=1,
        description="Part of the money in a form that red flags name: cash, transfers from abroad or kin, or gone by "
        "large card payments. Transfers among persons alone are everybody's, and no red flag.",
    )
    hold_hours: int = Field(
        default=120,
        ge=6,
        le=480,
        description="Hours within which it must be gone. No number is published (`at once`): five days let a mule "
        "wait for a counter, a weekend and a transfer limit; the score counts less the longer money rests.",
    )
    least_payments: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Payments out that took part, where a holder is reported alone. What a sale of a car or a house "
        "brings is spent in one or two.",
    )
    least_days: float = Field(
        default=2,
        ge=1,
        le=45,
        description="Days on which money went, counted as if the same went on each (as many equal ones would "
        "concentrate it as much). A purchase, a wedding or a journey is paid on one day, with trifles beside it.",
    )
    least_days_in: float = Field(
        default=1.3,
        ge=1,
        le=45,
        description="The same of money that came. FINTRAC describes one or two large transfers that leave as many "
        "drafts; a single one is a sale or an inheritance.",
    )
    crowd: float = Field(
        default=8,
        ge=2,
        le=1_000,
        description="Givers, counted as if all gave the same, from which money of a few days is one occasion: a "
        "wedding, a funeral, a journey.",
    )
    at_leisure: float = Field(
        default=48,
        ge=0,
        le=480,
        description="Mean hours of rest from which money of a few days is one occasion, however few gave it: who was "
        "paid once, and spends it at leisure, is nobody's mule, but may be a victim of cuckoo smurfing.",
    )
    occasion_share: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="Part of the money that comes within eight days of an occasion.",
    )
    large_card_share: float = Field(
        default=0.2,
        ge=0.01,
        le=5,
        description="Part of a usual monthly income from which a card payment is large. Ordinary purchases lie near "
        "one hundredth of it; rent is not paid by card.",
    )
    most_payments: int = Field(
        default=2_000,
        ge=10,
        le=100_000,
        description="Payments in and out over the window. More is a business with a public, and the bound keeps the "
        "work near-linear.",
    )
    least_persons: int = Field(
        default=5,
        ge=2,
        le=1_000,
        description="Persons whose cards or accounts a firm without costs pays, unless cash feeds it. Fewer are owners "
        "and their families.",
    )
    link_score: float = Field(
        default=0.4,
        ge=0,
        le=1,
        description="Score from which a holder can belong to a group of mules with the same payees or depositors.",
    )
    link_slack: float = Field(
        default=0.7,
        gt=0,
        le=1,
        description="Part of the bounds of days, share and income that does for such a holder, who is never reported "
        "alone: of several mules some are used less.",
    )
    least_score: float = Field(
        default=0.45,
        ge=0,
        le=1,
        description="Score from which a holder, or a group of them, is reported. Half of all that can speak for it: "
        "an income that cannot carry the money does not suffice, nor does quickness, without strangers or places.",
    )
