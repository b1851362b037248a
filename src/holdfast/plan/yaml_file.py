"""``plan.yaml`` and ``scenarios.yaml`` as mappings, lists and texts with their places.

What a text means is left to the schema.  Nothing is guessed: ``NO`` stays text, and so does
``1e3`` until a schema asks for a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from holdfast.base.errors import Fault
from holdfast.base.tables import RawCell, decode
from holdfast.plan.faults import make

MAX_DEPTH = 12
MAX_CHARACTERS = 200_000
_BLANK = frozenset(("", "~", "null", "Null", "NULL"))


@dataclass(slots=True)
class YamlMapping:
    """A mapping with its place; ``keys`` holds the place of every key."""

    line: int
    column: int
    items: dict[str, YamlNode] = field(default_factory=dict)
    keys: dict[str, RawCell] = field(default_factory=dict)


@dataclass(slots=True)
class YamlList:
    """A list with its place."""

    line: int
    column: int
    items: list[YamlNode] = field(default_factory=list)


YamlNode = RawCell | YamlList | YamlMapping


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_yaml(data: bytes, path: str, faults: list[Fault]) -> YamlMapping | None:
    """The mapping in the bytes of a YAML file, or None when they hold none; what is wrong goes to ``faults``."""
    text, fault = decode(data, path)
    if fault is None and len(text) > MAX_CHARACTERS:
        rule = f"at most {MAX_CHARACTERS} characters"
        fault = make(path, (0, 0), "file-too-large", f"the file has {len(text)} characters", rule=rule)
    if fault is not None:
        faults.append(fault)
        return None
    try:
        root = _Builder(_events(text, path), path, faults).document()
    except _RefusedError as refused:
        faults.append(refused.fault)
        return None
    if isinstance(root, YamlMapping):
        return root
    place = (root.line, root.column) if root is not None else (1, 1)
    faults.append(make(path, place, "yaml-shape", "the file is not a mapping", rule=f"{path} is a mapping of keys",
                       remedy="write keys and values: `title: …`"))  # fmt: skip
    return None


def _events(text: str, path: str) -> Iterator[Any]:
    """The parser's events; whatever the parser raises is refused as YAML that cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if line.startswith("%"):
            raise _RefusedError(make(path, (number, 1), "yaml-feature", "a directive", line))
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = " ".join(filter(None, (error.context, error.problem))) or "the file is not YAML"
        found = lines[place[0] - 1].strip() if place[0] <= len(lines) else ""
        raise _RefusedError(make(path, place, "yaml-syntax", message, found)) from None
    except (YAMLError, ValueError, ArithmeticError, LookupError, AssertionError) as error:
        # beyond YAMLError: what escapes such as "\UFFFFFFFF" do to the scanner
        message = f"the file is not YAML ({type(error).__name__})"
        raise _RefusedError(make(path, (1, 1), "yaml-syntax", message)) from None


class _Builder:
    """Nodes from parser events; depth, anchors, aliases, tags and second documents are refused as they come."""

    def __init__(self, events: Iterator[Any], path: str, faults: list[Fault]) -> None:
        self.events, self.path, self.faults = events, path, faults

    def document(self) -> YamlNode | None:
        root: YamlNode | None = None
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and root is not None:
                raise _RefusedError(self._fault("yaml-feature", "a second document begins here", event))
            if kind not in ("StreamStartEvent", "DocumentStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                root = self.node(event, 0)
        return root

    def node(self, event: Any, depth: int) -> YamlNode:
        kind = type(event).__name__
        if depth > MAX_DEPTH:
            raise _RefusedError(self._fault("yaml-too-deep", f"more than {MAX_DEPTH} levels", event))
        if kind == "AliasEvent":
            raise _RefusedError(self._fault("yaml-feature", "an alias", event, f"*{event.anchor}"))
        if event.anchor is not None:
            raise _RefusedError(self._fault("yaml-feature", "an anchor", event, f"&{event.anchor}"))
        if event.tag is not None and str(event.tag) != "!":
            raise _RefusedError(self._fault("yaml-feature", "a tag", event, str(event.tag)))
        mark = event.start_mark
        if kind == "ScalarEvent":
            quoted = event.style is not None
            text = event.value if quoted or event.value not in _BLANK else ""
            bad = next((character for character in text if not character.isprintable() and character not in "\t\n"), "")
            if bad and (bad < " " or not bad.isascii()):
                raise _RefusedError(self._fault("control-character", "a control character", event, repr(bad)[1:-1]))
            return RawCell(text.strip(), mark.line + 1, mark.column + 1 + (event.style in ("'", '"')), quoted)
        if kind == "SequenceStartEvent":
            return self._sequence(YamlList(mark.line + 1, mark.column + 1), depth)
        return self._mapping(YamlMapping(mark.line + 1, mark.column + 1), depth)

    def _sequence(self, found: YamlList, depth: int) -> YamlList:
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            found.items.append(self.node(event, depth + 1))
        return found

    def _mapping(self, found: YamlMapping, depth: int) -> YamlMapping:
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, RawCell):
                self.faults.append(make(self.path, (key.line, key.column), "yaml-shape", "a key is a list or mapping",
                                        rule="a key is a word", remedy="write the key as a word"))  # fmt: skip
            elif key.text in found.items:
                first = found.keys[key.text].line
                message = f"a key stands twice (first on line {first})"
                self.faults.append(make(self.path, (key.line, key.column), "duplicate-key", message, key.text))
            elif key.text == "<<" and not key.quoted:
                self.faults.append(make(self.path, (key.line, key.column), "yaml-feature", "a merge key", "<<"))
            else:
                found.items[key.text], found.keys[key.text] = value, key
        return found

    def _fault(self, code: str, message: str, event: Any, value: str = "") -> Fault:
        mark = event.start_mark
        return make(self.path, (mark.line + 1, mark.column + 1), code, message, value)
