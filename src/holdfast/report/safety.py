"""Text from strangers made fit to print: invisible characters dropped, addresses linked only when they are web pages.

Escaping is not done here: the template escapes for HTML and the figure canvas for SVG.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Controls (tab and line feed stay), bidirectional overrides and isolates, lone surrogates, non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_NOT_IN_URL = re.compile(r"[\s<>\"'`\\{}|^]")


def clean(text: str) -> str:
    """The text without characters that cannot be printed, are not XML, or turn the reading direction around."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str, longest: int) -> str:
    """The cleaned text on one line, cut with an ellipsis after ``longest`` characters."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= longest else flat[: max(longest - 1, 1)].rstrip() + "…"


def web_address(url: str) -> str:
    """The url if it is a plain http or https page, else the empty string (it is then printed, not linked).

    Refused: other schemes, no host, user names inside the address, spaces, quotes, backslashes and controls.
    """
    text = url.strip(" ")
    if not text or clean(text) != text or _NOT_IN_URL.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    return text
