"""Show text that data may have written, so that no terminal or log acts on it."""

import unicodedata

# Control, format (bidirectional overrides, zero-width), surrogate, private-use and line-separator characters: shown
# as escapes, since they can move the cursor, hide text or reorder it. Tab and newline go too: a cell is one line.
_HOSTILE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(value: object) -> str:
    """Return `value` as one line of text that is safe to show in a terminal."""
    return "".join(_shown(character) for character in str(value))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HOSTILE:
        return character
    return character.encode("unicode_escape").decode("ascii")
