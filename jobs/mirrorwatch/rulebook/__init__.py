"""Rules with dates: thresholds, lists, orders and advisories as data, each with its source and its status over time.

`SHIPPED.on(day)` gives what held on a day; a rule may be in force, replaced, vacated, suspended, ended or not yet made.
"""

from mirrorwatch.rulebook.reading import SHIPPED, Rulebook
from mirrorwatch.rulebook.rules import Held, Rule, Rules, Status, Version

__all__ = ["SHIPPED", "Held", "Rule", "Rulebook", "Rules", "Status", "Version"]
