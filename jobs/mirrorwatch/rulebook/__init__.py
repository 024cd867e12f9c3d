"""Rules with dates: thresholds, lists, orders and advisories as data, each with its source and its status over time.

`in_use(file)` gives the rules of a run: the shipped ones, with an operator's own in their place or beside them.
`SHIPPED.on(day)` gives what held on a day; a rule may be in force, replaced, vacated, suspended, ended, none or not
yet made. `Rules.used_as` gives those that detectors read alike, whatever country they are of.
"""

from mirrorwatch.rulebook.reading import SHIPPED, Rulebook, in_use
from mirrorwatch.rulebook.rules import Held, Rule, Rules, Status, Use, Version

__all__ = ["SHIPPED", "Held", "Rule", "Rulebook", "Rules", "Status", "Use", "Version", "in_use"]
