"""Cases of underground banking seen from one side: mules, living money that goes elsewhere, daigou, and who is none."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.cases import Case
from tests.town import Town

MULE = frozenset({"acc.mule"})
HANDS = ("h1", "h2", "h3")


def town(**mule: Any) -> Town:  # noqa: ANN401
    """Build a town where forty people live on wages and cards, and one of them is `mule`."""
    made = Town()
    for number in range(40):
        made.person(f"p{number:02d}", annual_turnover_usd=48_000)
    for number in range(8):
        made.company(f"shop{number}", annual_turnover_usd=3_000_000, industry_code="4711")
    made.company("employer", annual_turnover_usd=9_000_000, industry_code="2511")
    made.company("landlord", annual_turnover_usd=2_000_000, industry_code="6810")
    for hand in HANDS:
        made.person(hand, annual_turnover_usd=30_000)
    made.person("mule", **({"annual_turnover_usd": 30_000} | mule))
    for number in range(10):
        live(made, f"p{number:02d}", 4_000)
    return made


def live(made: Town, person: str, monthly: float) -> None:
    """Pay wages and rent, and let a card be used."""
    for fortnight in range(3):
        made.pay(2 + 14 * fortnight, "employer", person, monthly / 2, channel="ach")
    for month in range(2):
        made.pay(3 + 30 * month, person, "landlord", monthly * 0.3, channel="ach")
    for day in range(0, 44, 3):
        made.pay(day + 0.7, person, f"shop{day % 8}", 20 + day, channel="card")


def cash_mule(
    *, days: int = 12, out: float = 0.95, lag: float = 0.6, hands: bool = True, places: int = 4, size: float = 4_000,
    payees: int = 7, channel: str = "p2p", mule: str = "mule", made: Town | None = None, shift: float = 0, **about: Any,  # noqa: ANN401
) -> Town:  # fmt: skip
    """Cash every third day, handed in by three people at `places` branches, and gone after `lag` days."""
    made = made or town(**about)
    for number in range(days):
        day, usd = 1 + shift + 3 * number, size + 311 * (number % 5)
        hand = HANDS[number % 3] if hands else None
        place = number % places
        made.cash(day, mule, usd, branch_id=f"b{place}", branch_region=f"US-{place}", conductor_party_id=hand)
        made.pay(day + lag, mule, f"p{20 + number % payees:02d}", usd * out, channel=channel)
    return made


def with_a_life() -> Town:
    """Let the mule have a job, pay rent and shop beside it, and declare nothing."""
    made = cash_mule(annual_turnover_usd=None, lag=2.5, out=0.8, hands=False, places=3)
    live(made, "mule", 2_500)
    return made


def two_accounts() -> Town:
    """Cash into one account of the mule, moved to another, and paid from there."""
    made = town()
    made.account("acc.mule.2", "mule", account_type="personal")
    for number in range(12):
        day = 1 + 3 * number
        made.cash(day, "mule", 4_000 + number, branch_id=f"b{number % 4}", conductor_party_id=HANDS[number % 3])
        made.pay(day + 0.3, "mule", "acc.mule.2", 3_900, channel="internal")
        made.pay(day + 0.9, "acc.mule.2", f"p{20 + number % 7:02d}", 3_800 + number, channel="wire")
    return made


def linked() -> Town:
    """Two mules who pay the same three people: one finding."""
    made = cash_mule(payees=3)
    made.person("other", annual_turnover_usd=25_000)
    return cash_mule(made=made, mule="other", payees=3, shift=0.5, hands=False)


def lavish(*, cash: bool = True) -> Town:
    """Let somebody of undeclared means spend far more than the cash brought beside it, all the time."""
    made = town(annual_turnover_usd=None)
    for number in range(40):
        made.pay(1 + 1.05 * number, "mule", f"p{20 + number % 17:02d}", 5_100 + 211 * (number % 6), channel="p2p")
    for number in range(7 if cash else 0):
        made.cash(2 + 5 * number, "mule", 3_600 + 150 * number, branch_id="b0", conductor_party_id="mule")
    return made


def front(*, hands: bool = True) -> Town:
    """Let a shop with wages and taxes bank cash that a crew brings to four branches, and pay it to persons."""
    made = town()
    made.company("front", annual_turnover_usd=260_000, industry_code="4690")
    made.company("taxes", industry_code="8411", account_type="government")
    for number in range(3):
        made.person(f"clerk{number}", annual_turnover_usd=30_000)
        made.company(f"supplier{number}", annual_turnover_usd=9_000_000, industry_code="4649")
        for fortnight in range(3):
            made.pay(2 + 14 * fortnight, "front", f"clerk{number}", 1_100, channel="ach")
    for month in range(2):
        made.pay(3 + 30 * month, "front", "taxes", 900, channel="ach")
        made.pay(4 + 30 * month, "front", "landlord", 2_400, channel="ach")
    for day in range(1, 44, 2):
        made.cash(day, "front", 300 + 7 * day, branch_id="b0", conductor_party_id="clerk0")
    for number in range(13):
        usd, at = 8_000 + 730 * number, 3 + 2.7 * number
        hand = HANDS[number % 3] if hands else "clerk0"
        made.cash(at, "front", usd, branch_id=f"b{number % 4 if hands else 0}", conductor_party_id=hand)
        made.pay(at + 1, "front", f"p{20 + number}" if hands else f"supplier{number % 3}", usd * 0.96)
    return made


def same_strangers() -> Town:
    """Two people whom the same strangers pay, and who each spend it by card: one finding."""
    made = daigou()
    made.person("other", annual_turnover_usd=24_000)
    for number in range(30):
        made.pay(1.4 + 1.2 * number, f"p{number:02d}", "other", 870 + 11 * number, channel="p2p")
        if number % 3 == 2:
            made.pay(2 + 1.2 * number, "other", f"shop{(number + 3) % 8}", 2_500, channel="card")
    return made


def living(*, school: bool = False, text: bool = False, days: int = 5) -> Town:
    """Money from abroad to a student, on to four people and a developer, or to a school and a landlord."""
    made = town(annual_turnover_usd=6_000)
    made.person("parent", country="CN")
    made.company("university", annual_turnover_usd=90_000_000, industry_code="8530")
    made.company("developer", annual_turnover_usd=50_000_000, industry_code="4100")
    for number in range(days):
        day, usd = 2 + 8 * number, 11_000 + 700 * number
        made.pay(day, "parent", "mule", usd, purpose="tuition and living expenses" if text else None)
        if school:
            made.pay(day + 1, "mule", "university", usd * 0.8)
            made.pay(day + 2, "mule", "landlord", 1_200, channel="ach")
        else:
            made.pay(day + 1, "mule", f"p{20 + number % 4}", usd * 0.5, channel="instant")
            made.pay(day + 1.5, "mule", "developer", usd * 0.4, channel="cashiers_check")
    return made


def daigou(*, size: float = 900, spent: float = 0.95) -> Town:
    """Thirty strangers pay; every third day a large card payment follows."""
    made = town(annual_turnover_usd=24_000)
    for number in range(30):
        made.pay(1 + 1.2 * number, f"p{number:02d}", "mule", size + 13 * number, channel="p2p")
        if number % 3 == 2:
            made.pay(1.7 + 1.2 * number, "mule", f"shop{number % 8}", 3 * size * spent, channel="card")
    return made


def cards_of_others(channel: str = "card", **about: Any) -> Town:  # noqa: ANN401
    """Let a firm without costs take cash and pay twenty persons' cards."""
    made = town()
    made.company("front", **about)
    for number in range(20):
        day = 1 + 2 * number
        made.cash(day, "front", 3_000 + 37 * number, branch_id=f"b{number % 5}", conductor_party_id=HANDS[number % 3])
        made.pay(day + 0.8, "front", f"p{number:02d}", 2_900 + 37 * number, channel=channel)
    return made


def tradesman() -> Town:
    """Bring takings to one branch and pay suppliers."""
    made = town(annual_turnover_usd=70_000, occupation="self-employed")
    for number in range(20):
        made.cash(1 + 2 * number, "mule", 900 + 17 * number, branch_id="b1", conductor_party_id="mule")
        made.pay(2 + 2 * number, "mule", f"shop{number % 4}", 600 + 11 * number, channel="check")
    return made


def undeclared_trade() -> Town:
    """Do the same where nothing is declared and nobody knows who stood at the counter."""
    made = town(annual_turnover_usd=None)
    for number in range(20):
        made.cash(1 + 2 * number, "mule", 900 + 17 * number, branch_id="b1")
        made.pay(2 + 2 * number, "mule", f"shop{number % 4}", 600 + 11 * number, channel="check")
    return made


def retailer() -> Town:
    """Let a shop bring a third of a million a month, as it declares, and pay suppliers."""
    made = town()
    made.company("store", annual_turnover_usd=3_500_000, industry_code="4711")
    for day in range(44):
        made.cash(
            day + 0.6, "store", 9_000 + 371 * (day % 6), branch_id=f"b{day % 3}", conductor_party_id=HANDS[day % 3]
        )
        made.pay(day + 0.9, "store", f"shop{day % 8}", 8_000 + 173 * (day % 7), channel="ach")
    return made


def agent(role: str = "agent") -> Town:
    """Let a grocer take cash for a licensed remitter and pay out to persons."""
    made = cards_of_others(annual_turnover_usd=90_000)
    made.company("remitter", licence="msb")
    made.own("remitter", "front", role)
    return made


def custody() -> Town:
    """Let a law firm's client account take cash and pay many persons."""
    made = town()
    made.company("lawyer", annual_turnover_usd=400_000, industry_code="6910")
    made.account("acc.client", "lawyer", account_type="escrow")
    for number in range(20):
        made.cash(1 + 2 * number, "acc.client", 30_000 + number, branch_id=f"b{number % 5}")
        made.pay(2 + 2 * number, "acc.client", f"p{number:02d}", 29_000)
    return made


def collector(person: bool = False) -> Town:
    """Thirty tenants bring rent in cash each month; four landlords are paid within the week."""
    made = town()
    if person:
        made.person("manager", annual_turnover_usd=40_000)
    else:
        made.company("manager", annual_turnover_usd=60_000)
    for month in range(2):
        for number in range(30):
            day = 1 + 30 * month + number / 9
            made.cash(
                day, "manager", 1_000 + 10 * number, branch_id=f"b{number % 6}", conductor_party_id=f"p{number:02d}"
            )
        for number in range(30, 34):
            made.pay(6 + 30 * month + number / 100, "manager", f"p{number:02d}", 7_800)
    return made


def wedding() -> Town:
    """Sixty guests give within a week; hall, cook and band are paid."""
    made = town(annual_turnover_usd=18_000)
    for number in range(30):
        made.cash(10 + number / 10, "mule", 300, branch_id=f"b{number % 6}", conductor_party_id=f"p{number:02d}")
        made.pay(10 + number / 9, f"p{number:02d}", "mule", 200, channel="p2p")
    for number in range(5):
        made.pay(11 + number, "mule", f"shop{number}", 2_600, channel="check")
    return made


def cuckoo(*, house: bool = False) -> Town:
    """Strangers' cash arrives where a transfer was expected; the holder keeps it, or pays for a house with it."""
    made = town()
    for number in range(12):
        made.cash(3 + number / 4, "mule", 8_000 + number, branch_id=f"b{number}", conductor_party_id=HANDS[number % 3])
    if house:
        made.pay(6, "mule", "landlord", 90_000)
    live(made, "mule", 2_500)
    return made


def sale() -> Town:
    """Sell a car for cash and a house for a wire, buy another house and repay a friend."""
    made = town()
    made.cash(5, "mule", 14_000, branch_id="b1", conductor_party_id="mule")
    made.pay(8, "p01", "mule", 250_000)
    made.pay(10, "mule", "landlord", 200_000)
    made.pay(11, "mule", "p02", 30_000)
    return made


def driver() -> Town:
    """Let a taxi driver bring small cash most days, buy fuel by card, and pay the lease each week."""
    made = town(annual_turnover_usd=None, occupation="driver")
    for day in range(44):
        made.cash(day + 0.9, "mule", 180 + 3 * (day % 9), branch_id=f"b{day % 3}", conductor_party_id="mule")
        made.pay(day + 0.5, "mule", f"shop{day % 8}", 60, channel="card")
    for week in range(6):
        made.pay(2 + 7 * week, "mule", "landlord", 420, channel="ach")
    return made


def seller() -> Town:
    """Eighty buyers pay small sums; parcels and goods are bought by card in small sums too."""
    made = town(annual_turnover_usd=None)
    for number in range(80):
        made.pay(0.5 + number / 2, f"p{number % 40:02d}", "mule", 90 + number, channel="p2p")
        made.pay(0.9 + number / 2, "mule", f"shop{number % 8}", 70 + number, channel="card")
    return made


def expatriate() -> Town:
    """Wages here, cash there: each country is a purse of its own, and own accounts are no strangers."""
    made = town()
    made.account("acc.abroad", "mule", country="MX", account_type="personal")
    for number in range(12):
        made.cash(1 + 3 * number, "mule", 4_000 + number, branch_id=f"b{number % 4}", conductor_party_id="mule")
        made.pay(1.5 + 3 * number, "mule", "acc.abroad", 3_900)
    return made


def case(name: str, kind: str, build: Callable[[], Town], *accounts: str) -> Case:
    """Shorten a row of the table."""
    return Case(name, kind, build, frozenset(accounts))  # type: ignore[arg-type]


CASES = (
    case("cash by three hands at four branches, gone within a day", "fires", cash_mule, *MULE),
    case("the same by cashier's cheque", "fires", partial(cash_mule, channel="cashiers_check"), *MULE),
    case("sums far above any reporting threshold", "fires", partial(cash_mule, size=40_000), *MULE),
    case("nothing declared, nobody seen, a job and rent beside it", "fires", with_a_life, *MULE),
    case("two accounts of one person", "fires", two_accounts, "acc.mule", "acc.mule.2"),
    case("two mules with the same payees", "fires", linked, "acc.mule", "acc.other"),
    case("two people whom the same strangers pay", "fires", same_strangers, "acc.mule", "acc.other"),
    case("a firm with the costs of a business and a crew's cash", "fires", front, "acc.front"),
    case("as much banked by its clerk and paid to suppliers", "silent", partial(front, hands=False)),
    case("somebody who spends far more than the cash, anyhow", "silent", lavish),
    case("living money that goes to people and a developer", "fires", living, *MULE),
    case("living money under its text", "fires", partial(living, text=True), *MULE),
    case("strangers' payments before large card payments", "fires", daigou, *MULE),
    case("a firm that pays many persons' cards", "fires", cards_of_others, "acc.front"),
    case("a tradesman's takings", "silent", tradesman),
    case("a tradesman's takings, undeclared", "silent", undeclared_trade),
    case("a cash retailer", "silent", retailer),
    case("an agent of a licensed remitter", "silent", agent),
    case("a client account", "silent", custody),
    case("a rent collector, fees declared", "silent", collector),
    case("a person who collects rents", "silent", partial(collector, person=True)),
    case("a wedding", "silent", wedding),
    case("a victim of cuckoo smurfing who keeps the money", "silent", cuckoo),
    case("a victim of cuckoo smurfing who buys a house", "silent", partial(cuckoo, house=True)),
    case("a car and a house sold", "silent", sale),
    case("a taxi driver", "silent", driver),
    case("a marketplace seller", "silent", seller),
    case("an expatriate's own accounts", "silent", expatriate),
    case("a student with a school and a landlord", "silent", partial(living, school=True)),
    case("a cash mule's income declared", "silent", partial(cash_mule, annual_turnover_usd=900_000)),
    case("six tenths moved on", "boundary", partial(cash_mule, out=0.6), *MULE),
    case("four tenths moved on", "boundary", partial(cash_mule, out=0.4)),
    case("moved on after four days", "boundary", partial(cash_mule, lag=4, days=4, payees=4), *MULE),
    case("moved on after six days, and never before", "boundary", partial(cash_mule, lag=6, days=3)),
    case("a firm that declares what it passes on", "boundary",
         partial(cards_of_others, "wire", annual_turnover_usd=700_000)),
    case("a firm that declares a quarter of it", "boundary",
         partial(cards_of_others, "wire", annual_turnover_usd=120_000), "acc.front"),
)  # fmt: skip
