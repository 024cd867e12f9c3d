"""Cases of opaque ownership: circles, chains that end, fronts alone, owners replaced; and who is none of these."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from tests.cases import Case
from tests.town import NIGHT, Town

FIRMS = ("a", "b", "c")
BOUGHT = frozenset({"acc.a", "acc.b"})
FIRMS_ACCOUNTS = frozenset(f"acc.{firm}" for firm in FIRMS)


def town(firms: Sequence[str] = FIRMS) -> Town:
    """Build a town with an ordinary trade around `firms`, of which nothing is on record yet."""
    made = Town()
    for number in range(6):
        made.company(f"shop{number}", annual_turnover_usd=2_000_000, industry_code="4711")
        made.person(f"p{number}")
        made.own(f"p{number}", f"shop{number}", share=1.0)
    made.company("tax", account_type="government", industry_code="8411")
    for firm in firms:
        made.company(firm, annual_turnover_usd=200_000, industry_code="4690")
    return made


def flows(made: Town, firms: Sequence[str] = FIRMS, *, size: float = 40_000, kept: float = 0.01) -> Town:
    """Send five sums through the firms, one after the other, from one shop to another."""
    for number in range(5):
        day, usd = 4 + 8 * number, size * (1 + number / 37)
        route = ["shop0", *firms, "shop1"]
        for step, (payer, payee) in enumerate(pairwise(route)):
            made.pay(day + step * 0.7, payer, payee, usd * (1 - kept) ** step)
    return made


def business(made: Town, firm: str, *, scale: float = 3_000) -> Town:
    """Let a firm pay four people each fortnight, tax and suppliers, and sell to all shops."""
    for fortnight in range(3):
        for number in range(4):
            made.pay(3 + 14 * fortnight, firm, f"p{number}", scale, channel="ach")
        made.pay(5 + 14 * fortnight, firm, "tax", scale * 3)
    for number in range(6):
        made.pay(6 + 5 * number, f"shop{number}", firm, scale * 9 + number)
        made.pay(7 + 5 * number, firm, f"shop{(number + 3) % 6}", scale * 2 + 7 * number)
    return made


def circle() -> Town:
    """Three firms own one another and pass money on."""
    made = town()
    for owner, owned in zip(FIRMS, (*FIRMS[1:], FIRMS[0]), strict=True):
        made.own(owner, owned, share=1.0)
    return flows(made)


def layers(holders: int = 3, *, moved: Callable[[Town], Town] = flows, top: str = "company", **about: str) -> Town:
    """Let three firms be owned through `holders` companies without accounts in use, the last of which nobody owns."""
    made = town()
    for number in range(holders):
        (made.company if number + 1 < holders or top == "company" else made.person)(f"h{number}", **about)
        if number:
            made.own(f"h{number}", f"h{number - 1}", share=1.0)
    for firm in FIRMS:
        made.own("h0", firm, share=1.0)
    return moved(made)


def nominees(seats: int = 0, **held: float) -> Town:
    """Let one nominee stand for three firms, and for `seats` more; nobody owns them."""
    made = town()
    made.person("front")
    for firm in FIRMS:
        made.own("front", firm, "nominee")
    for number in range(seats):
        made.company(f"client{number}")
        made.own("front", f"client{number}", "nominee")
    for owner, share in held.items():
        for firm in FIRMS:
            made.own(owner, firm, share=share)
    return flows(made)


def one_behind_layers() -> Town:
    """One firm below three layers through which money goes whole."""
    made = town(("a",))
    for number in range(3):
        made.company(f"h{number}")
        made.own(f"h{number}", ("a", "h0", "h1")[number], share=1.0)
    made.own("p5", "a", "nominee")
    return flows(made, ("a",))


def sold(*, to: str = "nominee", days_ago: int = 40) -> Town:
    """Let two firms that pay each other change hands before their money, to a nominee or a person."""
    made = town(("a", "b"))
    made.person("front")
    handed = NIGHT - timedelta(days=days_ago)
    for firm in ("a", "b"):
        made.own("p4", firm, share=1.0)
        made.ownership[-1] |= {"since": date(2015, 1, 1), "until": handed}
        made.own("front", firm, "nominee" if to == "nominee" else "shareholder", share=None if to == "nominee" else 1.0)
        made.ownership[-1] |= {"since": handed + timedelta(days=1)}
    return flows(made, ("a", "b"))


def sold_and_working() -> Town:
    """Let a firm with people and customers have a new owner."""
    made = town(("a",))
    for owner, span in (("p4", {"until": NIGHT - timedelta(days=40)}), ("p5", {"since": NIGHT - timedelta(days=39)})):
        made.own(owner, "a", share=1.0)
        made.ownership[-1] |= span
    return business(made, "a")


def directed(seats: int) -> Town:
    """Let one director, and no owner, be on record for three firms, and for `seats` more that have owners."""
    made = town()
    made.person("front")
    for firm in FIRMS:
        made.own("front", firm, "director")
    for number in range(seats):
        made.company(f"client{number}")
        made.own("front", f"client{number}", "director")
        made.own("p3", f"client{number}", share=1.0)
    return flows(made)


def lending(made: Town) -> Town:
    """Let the firms live from customers and lend to each other."""
    for number in range(6):
        made.pay(3 + 6 * number, f"shop{number}", FIRMS[number % 3], 30_000)
        made.pay(5 + 6 * number, FIRMS[number % 3], FIRMS[(number + 1) % 3], 20_000)
        made.pay(6 + 6 * number, FIRMS[number % 3], f"shop{(number + 2) % 6}", 9_000)
    return made


def person_behind() -> Town:
    """Let the nominee of two firms get most of their money himself."""
    made = town(("a", "b"))
    made.person("front")
    for firm in ("a", "b"):
        made.own("front", firm, "nominee")
    for number in range(5):
        day, usd = 4 + 8 * number, 30_000 + 501 * number
        made.pay(day, "shop0", "a", usd)
        made.pay(day + 1, "a", "b", usd * 0.99)
        made.pay(day + 2, "b", "front", usd * 0.98)
    return made


def group() -> Town:
    """Let a group abroad whose parent nobody is on record for have staff and tax, and sweep its money."""
    made = layers(1, moved=lambda made: made)
    for firm in FIRMS:
        business(made, firm)
    for number in range(5):
        made.pay(4 + 8 * number, "a", "h0", 30_000)
        made.pay(5 + 8 * number, "h0", "b", 29_000)
    return made


def cross_holdings() -> Town:
    """Let two family firms hold a tenth of one another, the family all else."""
    made = town(("a", "b"))
    for firm, other in (("a", "b"), ("b", "a")):
        made.own("p5", firm, share=0.9)
        made.own(other, firm, share=0.1)
    return flows(made, ("a", "b"))


def widely_held() -> Town:
    """Let a company have sixty small holders and one unknown one, and its subsidiaries pass money on."""
    made = town()
    for number in range(60):
        made.person(f"holder{number}")
        made.own(f"holder{number}", "a", share=0.01)
    made.company("fund")
    made.own("fund", "a", share=0.2)
    for firm in ("b", "c"):
        made.own("a", firm, share=1.0)
    return flows(made)


def public_top(code: str | None = None, account_type: str = "business") -> Town:
    """Let a body that nobody owns hold the firms."""
    made = town()
    made.company("body", industry_code=code, account_type=account_type)
    for firm in FIRMS:
        made.own("body", firm, share=1.0)
    return flows(made)


def agent_clients() -> Town:
    """Let an agent stand for twelve firms with customers, wages and tax, and no owner on record."""
    firms = [f"client{number:02d}" for number in range(12)]
    made = town(firms)
    made.company("agency")
    for firm in firms:
        made.own("agency", firm, "agent")
        business(made, firm, scale=800)
    return made


def nothing_on_record(**directors: str) -> Town:
    """Let the firms have no owner on record, perhaps a director."""
    made = town()
    for firm, director in directors.items():
        made.own(director, firm, "director")
    return flows(made)


def idle() -> Town:
    """Let firms in a circle move nothing but fees."""
    made = town()
    for owner, owned in zip(FIRMS, (*FIRMS[1:], FIRMS[0]), strict=True):
        made.own(owner, owned, share=1.0)
    return flows(made, size=90)


CASES = (
    Case("three firms own one another and pass money on", "fires", circle, FIRMS_ACCOUNTS),
    Case("three layers end at nobody", "fires", layers, FIRMS_ACCOUNTS),
    Case("one nominee for three firms, no owner", "fires", nominees, FIRMS_ACCOUNTS),
    Case("a professional nominee, and they pay each other", "fires", partial(nominees, 60), FIRMS_ACCOUNTS),
    Case("one firm below three layers, money through it", "fires", one_behind_layers, frozenset({"acc.a"})),
    Case("owners gave way to a nominee before the money", "fires", sold, BOUGHT),
    Case(
        "a nominee who got the money himself", "fires", person_behind, frozenset({"acc.a", "acc.b", "acc.front"}),
    ),
    Case("a person above three layers", "silent", partial(layers, top="person")),
    Case("a person owns beside the nominee", "silent", partial(nominees, p3=1.0)),
    Case("a firm that was sold and goes on as before", "silent", sold_and_working),
    Case("a group below a holding: money moves inside it", "silent", partial(layers, 2, moved=lending)),
    Case("a working group whose parent's owners are unknown", "silent", group),
    Case("family firms with cross holdings", "silent", cross_holdings),
    Case("widely held", "silent", widely_held),
    Case("state-owned, by the account of its body", "silent", partial(public_top, account_type="government")),
    Case("state-owned, by the trade of its body", "silent", partial(public_top, "O8411")),
    Case("a foundation at the top", "silent", partial(public_top, "9499")),
    Case("a fund at the top", "silent", partial(public_top, "6430")),
    Case("clients of a registered agent", "silent", agent_clients),
    Case("no owner on record anywhere", "silent", nothing_on_record),
    Case("only directors on record", "silent", partial(nothing_on_record, a="p1", b="p1", c="p1")),
    Case("a circle without money", "silent", idle),
    Case("persons hold half: no longer hidden", "boundary", partial(nominees, p3=0.5)),
    Case("one layer is a parent", "boundary", partial(layers, 1)),
    Case("two layers, and money goes through whole", "boundary", partial(layers, 2), FIRMS_ACCOUNTS),
    Case("a director of very many alone", "fires", partial(directed, 20), FIRMS_ACCOUNTS),
    Case("a director of a few alone", "boundary", partial(directed, 3)),
    Case("two firms bought at once, and money among them", "fires", partial(sold, to="person"), BOUGHT),
)  # fmt: skip
