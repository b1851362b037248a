"""``scenarios.yaml``: named changes to a plan, each a few overrides, checked together with the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from holdfast.base.errors import Fault
from holdfast.base.tables import RawCell, RawTable
from holdfast.plan import locate
from holdfast.plan.cells import is_id
from holdfast.plan.faults import make, suggestion
from holdfast.plan.locate import Address, AddressError
from holdfast.plan.model import Scenario
from holdfast.plan.yaml_file import YamlList, YamlMapping, YamlNode, read_yaml

FILE = "scenarios.yaml"
MAX_SCENARIOS = 100
KEYS = {
    "title": ("no", "What is different, in a few words; default: the name"),
    "overrides": ("yes", "`address: value`, one or more: the cells that are different, as `--set` takes them"),
}
"""The keys of a scenario: whether it is required, and its meaning."""


def describe() -> str:
    """Markdown about the file: what the reference page prints."""
    rows = [f"| `{key}` | {required} | {meaning} |" for key, (required, meaning) in KEYS.items()]
    return "\n".join(["| key of a scenario | required | meaning |", "|---|---|---|", *rows]) + "\n"


def read(
    data: bytes | None, tables: Mapping[str, RawTable], broken: frozenset[str], faults: list[Fault]
) -> dict[str, Scenario]:
    """The scenarios in the bytes of the file, by name, with their places; what is wrong goes to ``faults``.

    ``tables`` are the raw tables that the overrides address; those in ``broken`` are not held against them.  A
    scenario with any fault is left out.
    """
    root = read_yaml(data, FILE, faults) if data is not None else None
    if root is None:
        return {}
    if len(root.items) > MAX_SCENARIOS:
        key = list(root.keys.values())[MAX_SCENARIOS]
        message = f"the file has {len(root.items)} scenarios"
        faults.append(make(FILE, (key.line, key.column), "too-many-scenarios", message, key.text))
        return {}
    found = {}
    for name, node in root.items.items():
        reader = _Reader(root.keys[name], tables, broken)
        scenario = reader.scenario(node)
        faults.extend(reader.faults)
        if not reader.faults:
            found[name] = scenario
    return found


def readable(scenario: Scenario, broken: frozenset[str]) -> dict[str, str]:
    """The overrides of a scenario but for those of tables that could not be read."""
    return {text: value for text, value in scenario.overrides.items() if locate.parse(text).table not in broken}


def told(scenario: Scenario, faults: Iterable[Fault]) -> list[Fault]:
    """The faults of the plan under a scenario, each at its place in the file.

    A fault of a cell that the scenario sets stands at the value; one that its values cause elsewhere, at its name.
    """
    values = {locate.origin(address, value): address for address, value in scenario.overrides.items()}
    found = []
    for fault in faults:
        address = values.get(fault.path)
        place = scenario.places[address] if address else (scenario.line, 1)
        where = "" if address else f"{fault.path}:{fault.line}:{fault.column}: "
        message = f"scenario {scenario.name}: {where}{fault.message}"
        found.append(Fault(FILE, *place, fault.code, message, fault.value, fault.rule, fault.remedy))
    return list(dict.fromkeys(found))


@dataclass(slots=True)
class _Reader:
    """One scenario on its way from YAML; ``key`` is its name."""

    key: RawCell
    tables: Mapping[str, RawTable]
    broken: frozenset[str]
    faults: list[Fault] = field(default_factory=list)

    def scenario(self, node: YamlNode) -> Scenario:
        name = self.key.text
        if not is_id(name):
            self._fault(self.key, "not-an-id", "the name of a scenario is not an id", name)
        title, overrides, places = name, dict[str, str](), dict[str, tuple[int, int]]()
        if not isinstance(node, YamlMapping):
            self._shape(node, "a scenario", "a mapping with title and overrides")
            return Scenario(name, title, overrides)
        for key, cell in node.keys.items():
            value = node.items[key]
            if key not in KEYS:
                remedy = suggestion(key, KEYS, "put cells under overrides, or remove the key")
                self._fault(cell, "unknown-key", "a scenario has no such key", key, remedy=remedy)
            elif key == "title" and isinstance(value, RawCell):
                title = value.text or name
            elif key == "title":
                self._shape(value, "title", "one text")
            else:
                self._overrides(value, overrides, places)
        if "overrides" not in node.keys:
            self._fault(self.key, "no-overrides", f"scenario {name} has no overrides")
        return Scenario(name, title, MappingProxyType(overrides), self.key.line, MappingProxyType(places))

    def _overrides(self, node: YamlNode, overrides: dict[str, str], places: dict[str, tuple[int, int]]) -> None:
        if isinstance(node, YamlMapping) and node.items:
            taken: dict[tuple[str, str, str], RawCell] = {}
            for text, key in node.keys.items():
                value = node.items[text]
                address = self._address(text, key, taken)
                if not isinstance(value, RawCell):
                    self._shape(value, f"the value of {text[:80]}", "one value")
                elif address is not None:
                    overrides[str(address)] = value.text
                    at = value if value.text else key  # YAML puts a blank where the next line begins
                    places[str(address)] = (at.line, at.column)
        elif isinstance(node, YamlMapping) or (isinstance(node, RawCell) and not node.text):
            self._fault(self.key, "no-overrides", f"the overrides of scenario {self.key.text} are empty")
        else:
            self._shape(node, "overrides", "a mapping of addresses and values")

    def _address(self, text: str, key: RawCell, taken: dict[tuple[str, str, str], RawCell]) -> Address | None:
        """The address of an override, or None when it is none, finds nothing, cannot be set, or was set before."""
        try:
            address = locate.parse(text)
            cells = {(address.table, address.key, column): key for column in locate.changes(address, "")}
            if address.table not in self.broken:
                locate.raw_row(address, self.tables)
        except AddressError as error:
            self._fault(key, error.code, error.message, text, remedy=error.remedy)
            return None
        twice = next((taken[cell] for cell in cells if cell in taken), None)
        if twice is not None:
            self._fault(key, "set-twice", f"a cell is set twice (first on line {twice.line})", text)
            return None
        taken.update(cells)
        return address

    def _shape(self, node: YamlNode, where: str, wanted: str) -> None:
        shapes = {YamlMapping: "a mapping", YamlList: "a list", RawCell: "one value"}
        value = node.text if isinstance(node, RawCell) else ""
        self._fault(node, "yaml-shape", f"{where} is {shapes[type(node)]}", value, rule=f"{where} is {wanted}")

    def _fault(
        self, at: YamlNode, code: str, message: str, value: str = "", *, rule: str = "", remedy: str = ""
    ) -> None:
        self.faults.append(make(FILE, (at.line, at.column), code, message, value, rule=rule, remedy=remedy))
