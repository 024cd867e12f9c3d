"""Cases of structuring."""

from datetime import date
from functools import partial

from tests.cases import Case
from tests.town import Town

NEAR = (9_200, 8_700, 9_450, 9_800, 7_900, 9_100, 8_300, 9_600, 9_300)
# Sums of a scheme that keeps away from the threshold, in no order.
SPREAD = (2_450, 9_100, 4_300, 7_750, 3_900, 6_200, 8_850, 2_900, 5_500, 9_600, 4_750, 7_300)


def _life(town: Town, person: str, *, branch: str = "b0") -> None:
    """Give a person wages, and small cash at the usual branch."""
    if not any(row["party_id"] == "employer" for row in town.parties):
        town.company("employer")
    for week in range(3):
        town.pay(2 + 14 * week, "employer", person, 1_900)
        town.cash(5 + 14 * week, person, 620, branch_id=branch, conductor_party_id=person)


def _branches(country: str = "US", currency: str = "USD", night_of: date = date(2026, 3, 31), scale: float = 1) -> Town:
    """Three deposits a day at three branches, on three days."""
    town = Town(night_of=night_of)
    town.person("p", country=country, annual_turnover_usd=52_000)
    for number, usd in enumerate(NEAR):
        town.cash(
            20 + number // 3 * 4 + 0.5, "p", usd * scale, branch_id=f"b{number % 3}", conductor_party_id="p",
            currency=currency,
        )  # fmt: skip
    return town


def _one_day() -> Town:
    town = Town()
    town.person("p", annual_turnover_usd=52_000)
    for number, usd in enumerate(NEAR[:4]):
        town.cash(20 + number / 20 + 0.4, "p", usd, branch_id=f"b{number}", conductor_party_id="p")
    return town


def _hands(most: float = 1) -> Town:
    """Spread sums all over, by rotating hands, over weeks; some branches and hands unknown; a life beside it."""
    town = Town()
    town.person("p", annual_turnover_usd=48_000)
    _life(town, "p")
    for number, usd in enumerate(SPREAD * 2):
        hand, branch = f"runner{number % 4}", f"b{number % 5}"
        town.cash(
            6 + number * 1.4, "p", usd * most,
            branch_id=None if number % 6 == 0 else branch, conductor_party_id=None if number % 4 == 3 else hand,
        )  # fmt: skip
    return town


def _accounts(apart: int = 6, *, onward: bool = False) -> Town:
    """One hand serves the accounts of three people on the same days, so many days apart; they may pass it on."""
    town = Town()
    town.person("far", country="MX")
    for person in ("p", "q", "r"):
        town.person(person, annual_turnover_usd=45_000)
        _life(town, person)
    for day in range(5):
        for number, person in enumerate(("p", "q", "r")):
            usd = NEAR[(day * 3 + number) % 9] * 0.6
            at = 8 + apart * day + number / 20
            town.cash(at, person, usd, branch_id="b7", conductor_party_id="carrier")
            if onward:
                town.pay(at + 1, person, "far", usd * 0.95)
    return town


def _own_accounts() -> Town:
    """Two accounts of one owner, filled side by side at one branch."""
    town = Town()
    town.person("p", annual_turnover_usd=45_000)
    town.account("second", "p", account_type="personal")
    for day in range(6):
        for number, account in enumerate(("p", "second")):
            usd = NEAR[(day * 2 + number) % 9]
            town.cash(6 + 5 * day + number / 20, account, usd, branch_id="b1", conductor_party_id="p")
    return town


def _funnel() -> Town:
    town = Town()
    town.person("p", annual_turnover_usd=40_000)
    town.person("far", country="MX")
    _life(town, "p")
    for number, usd in enumerate(NEAR[:8]):
        region = ("US-NY", "US-IL", "US-GA", "US-WA")[number % 4]
        town.cash(10 + number * 3, "p", usd * 0.8, branch_id=f"b.{region}", branch_region=region)
        town.pay(11 + number * 3, "p", "far", usd * 0.75)
    return town


def _withdrawn() -> Town:
    town = Town()
    town.person("p", annual_turnover_usd=45_000)
    town.company("payer")
    town.pay(3, "payer", "p", 90_000)
    for number, usd in enumerate(NEAR):
        town.pay(5 + number // 3 * 2 + number / 50, "p", None, usd, branch_id=f"b{number % 3}")
    return town


def _cheques(*, cash: bool = True) -> Town:
    """Buy three cheques a day, for cash brought the evening before or from an account that wages fill."""
    town = Town()
    town.person("p", annual_turnover_usd=45_000)
    town.company("employer")
    for payee in ("x", "y", "z"):
        town.person(payee)
    for day in range(6):
        if cash:
            town.cash(5.8 + day * 4, "p", 8_600)
        else:
            town.pay(5.8 + day * 4, "employer", "p", 8_600, channel="ach")
        for number, payee in enumerate(("x", "y", "z")):
            town.pay(6 + day * 4 + number / 30, "p", payee, 2_900 - 40 * number, channel="cashiers_check")
    return town


def _changed() -> Town:
    """Twice a sum above the threshold is taken back and brought again below it."""
    town = _branches()
    for day in (24.3, 31.3):
        back = town.cash(day, "p", 12_400, branch_id="b0")
        town.pay(day + 0.01, "p", None, 12_400, reverses_transaction_id=back)
        town.cash(day + 0.02, "p", 9_400, branch_id="b0")
    return town


def _front() -> Town:
    """Let a small firm bank its takings, while a crew brings other people's cash all over town."""
    town = Town()
    town.company("firm", annual_turnover_usd=160_000, industry_code="5610")
    for day in range(1, 44, 2):
        town.cash(day + 0.6, "firm", 900 + 37.25 * (day % 7), branch_id="b0", conductor_party_id="cook")
    for number, usd in enumerate(SPREAD * 2):
        branch, hand = f"b{number % 5 + 1}", f"runner{number % 5}"
        town.cash(8 + number * 0.8, "firm", usd, branch_id=branch, conductor_party_id=hand)
    return town


def _restaurant() -> Town:
    """Bank takings under the threshold every day: one branch, two people, within the turnover."""
    town = Town()
    town.company("diner", annual_turnover_usd=3_200_000, industry_code="5610")
    for day in range(44):
        usd = 6_900 + 431.35 * (day % 7)
        town.cash(day + 0.7, "diner", usd, branch_id="b1", conductor_party_id=f"cook{day % 2}")
    return town


def _two_branches() -> Town:
    """Bank at two branches, by two people, every day but Sundays."""
    town = Town()
    town.company("shop", annual_turnover_usd=4_000_000, industry_code="4711")
    for day in range(44):
        if day % 7:
            for place in (1, 2):
                usd = 4_800 + 613.4 * ((day + place) % 6)
                town.cash(day + 0.7, "shop", usd, branch_id=f"b{place}", conductor_party_id=f"clerk{place}")
    return town


def _rents() -> Town:
    """Forty tenants bring their rent to whichever branch is near."""
    town = Town()
    town.company("landlord", annual_turnover_usd=900_000, industry_code="6820")
    for month in (12, 42):
        for tenant in range(40):
            day = month + tenant % 3 + tenant / 100 - 1
            town.cash(
                day, "landlord", 1_100 + 35 * tenant, branch_id=f"b{tenant % 7}", conductor_party_id=f"tenant{tenant}"
            )
    return town


def _savings() -> Town:
    town = Town()
    town.person("p", annual_turnover_usd=38_000)
    _life(town, "p")
    town.cash(20, "p", 9_500, branch_id="b0", conductor_party_id="p")
    town.cash(21, "p", 4_000, branch_id="b3", conductor_party_id="p")
    return town


def _vending() -> Town:
    """Machines emptied on a weekly round, banked at whichever branch the round passes."""
    town = Town()
    town.company("machines", annual_turnover_usd=2_600_000, industry_code="4799")
    for week in range(6):
        for stop in range(5):
            usd = 5_203.25 + 411.75 * ((week + stop) % 5)
            town.cash(7 * week + stop + 0.6, "machines", usd, branch_id=f"b{stop}", conductor_party_id=f"d{stop % 2}")
    return town


def _payroll() -> Town:
    town = Town()
    town.company("builder", annual_turnover_usd=5_000_000)
    for week in range(6):
        town.pay(7 * week + 4, "builder", None, 9_400, branch_id="b1", conductor_party_id="clerk")
    return town


def _licensed() -> Town:
    town = _branches()
    town.parties[0]["licence"] = "msb"
    return town


def _unseen() -> Town:
    """Three sums a day at three branches within five days, by nobody whom the source names."""
    town = Town()
    town.person("p", annual_turnover_usd=52_000)
    for number, usd in enumerate(NEAR):
        town.cash(20 + number // 3 * 2 + 0.5, "p", usd, branch_id=f"b{number % 3}")
    return town


def _victim(known: int = 9) -> Town:
    """Strangers, of whom so many are known, fill an account that waits for money from abroad; it stays there."""
    town = Town()
    town.person("p", annual_turnover_usd=40_000)
    for number, usd in enumerate(NEAR):
        hand = f"runner{number % 5}" if number < known else None
        town.cash(20 + number / 4, "p", usd, branch_id=f"b{number % 6}", conductor_party_id=hand)
    return town


def _tuition(trade: str = "8530") -> Town:
    """Let all of it go to one firm of `trade` the next day."""
    town = _victim()
    town.company("payee", industry_code=trade)
    town.pay(24, "p", "payee", sum(NEAR) * 0.95)
    return town


def _victims(*, onward: bool = False) -> Town:
    """One crew fills three accounts in turn, each for a few days; the holders keep it, or pass it on."""
    town = Town()
    town.person("far", country="MX")
    for order, person in enumerate(("p", "q", "r")):
        town.person(person, annual_turnover_usd=40_000)
        for number, usd in enumerate(NEAR[:8]):
            at = 4 + 12 * order + number / 2
            town.cash(at, person, usd, branch_id=f"b{number % 5}", conductor_party_id=f"runner{number % 4}")
            if onward:
                town.pay(at + 1, person, "far", usd * 0.95)
    return town


def _holder(pieces: int, *, branches: int) -> Town:
    """One sum a week by the holder, near the threshold."""
    town = Town()
    town.person("p", annual_turnover_usd=60_000)
    for number in range(pieces):
        usd = NEAR[number % 9]
        town.cash(2 + 4 * number, "p", usd, branch_id=f"b{number % branches}", conductor_party_id="p")
    return town


def _together(usd: float = 5_400, rounds: int = 4, *, follows: bool = True) -> Town:
    """Three people bring cash, each time elsewhere; it goes on to one of them, or each pays a landlord as much."""
    town = Town()
    for person in ("p", "q", "r"):
        town.person(person, annual_turnover_usd=45_000)
    town.company("landlord")
    town.person("far", country="MX")
    for day in range(rounds):
        for number, person in enumerate(("p", "q", "r")):
            at = 3 + 36 / rounds * day + number / 10
            town.cash(
                at, person, usd * (1 + 0.07 * number), branch_id=f"b{number}.{day}", branch_region=f"US-N{number}"
            )
            if person != "p" and follows:
                town.pay(at + 1, person, "p", usd * 0.97, channel="p2p")
        if follows:
            town.pay(at + 2, "p", "far", usd * 2.7)
    for person in ("q", "r"):
        if not follows:
            town.pay(1, person, "landlord", usd * rounds)
    return town


def _one_supplier() -> Town:
    """Let three restaurants bank odd sums at changing branches, and pay one supplier ten times as much."""
    town = Town()
    town.company("supplier")
    for number in range(3):
        name = f"diner{number}"
        town.company(name, annual_turnover_usd=6_000_000, industry_code="5610")
        for week in range(4):
            at = 3 + 9 * week + number / 10
            town.cash(at, name, 6_613 + 211 * week, branch_id=f"b{number}.{week}", branch_region=f"US-N{week}")
            town.pay(at + 1, name, "supplier", 71_000)
    return town


def _far_apart(regions: int = 5) -> Town:
    """Small sums in several regions, each drawn again in another."""
    town = Town()
    town.person("p", annual_turnover_usd=33_000)
    for number in range(15):
        region, day = f"US-N{number % regions}", 2 + 2.7 * number
        hand = f"runner{number % 3}" if number % 2 else None
        town.cash(
            day, "p", 2_150 + 120 * (number % 7), branch_id=f"b{number % 11}.{region}", branch_region=region,
            conductor_party_id=hand,
        )  # fmt: skip
        town.pay(day + 2, "p", None, 2_050 + 110 * (number % 7), branch_id=f"t{number % 3}", branch_region="US-TX")
    return town


P = frozenset({"acc.p"})
PQR = frozenset({"acc.p", "acc.q", "acc.r"})
CASES = (
    Case("three branches a day", "fires", _branches, P),
    Case("four branches on one day", "fires", _one_day, P),
    Case("rotating hands over weeks, partly unknown", "fires", _hands, P),
    Case("one hand serves three people's accounts", "fires", _accounts, frozenset({"acc.p", "acc.q", "acc.r"})),
    Case("the same within five days, passed on", "fires", partial(_accounts, 1, onward=True), PQR),
    Case("the same within five days, left there as victims leave it", "silent", partial(_accounts, 1)),
    Case("three branches a day, by nobody whom the source names", "fires", _unseen, P),
    Case("two accounts of one owner", "fires", _own_accounts, frozenset({"acc.p", "second"})),
    Case("a funnel account", "fires", _funnel, P),
    Case("a funnel account of small sums in five regions", "fires", _far_apart, P),
    Case("as small, in one region and its neighbour", "silent", partial(_far_apart, 2)),
    Case("several people's cash put together within days", "fires", _together, PQR),
    Case("as much, in sums under 3,000", "fires", partial(_together, 2_450, 9), PQR),
    Case("restaurants with one supplier", "silent", _one_supplier),
    Case("as much, each by itself, beside a rent", "silent", partial(_together, follows=False)),
    Case("withdrawals at three branches a day", "fires", _withdrawn, P),
    Case("cashier's cheques under the sum that is recorded", "fires", _cheques, P),
    Case("the same cheques paid for by wages", "silent", partial(_cheques, cash=False)),
    Case("sums taken back and brought again smaller", "fires", _changed, P),
    Case("a firm with a crew beside its takings", "fires", _front, frozenset({"acc.firm"})),
    Case("in Canada, in its dollars", "fires", partial(_branches, "CA", "CAD"), P),
    Case("a restaurant's takings", "silent", _restaurant),
    Case("a shop with two branches", "silent", _two_branches),
    Case("rents by many hands", "silent", _rents),
    Case("savings brought once", "silent", _savings),
    Case("vending machines", "silent", _vending),
    Case("wages drawn weekly", "silent", _payroll),
    Case("a licensed business", "silent", _licensed),
    Case("a victim of cuckoo smurfing", "silent", _victim),
    Case("a victim of whose strangers a few are known", "silent", partial(_victim, 2)),
    Case("a student whose tuition strangers bring", "silent", _tuition),
    Case("strangers' cash for a car dealer", "fires", partial(_tuition, "4510"), frozenset({"acc.p"})),
    Case("one crew and its victims in turn", "silent", _victims),
    Case("one crew and mules in turn", "fires", partial(_victims, onward=True), PQR),
    Case("near the threshold, and nothing else", "silent", partial(_holder, 10, branches=1)),
    Case("in a country without a report of cash", "silent", partial(_branches, "GB", "GBP")),
    Case("rents as large as half a threshold are not excused", "boundary", partial(_hands, 1.0), P),
    Case("a third of the size, and it is small change", "boundary", partial(_hands, 0.3)),
    Case("all of it over the threshold is reported anyway", "boundary", partial(_branches, scale=1.45)),
)
