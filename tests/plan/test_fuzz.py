"""No bytes whatever give anything but a plan or faults."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.base.errors import PlanError
from holdfast.plan.load import build
from holdfast.plan.model import Plan
from tests.plan.folder import as_bytes

FILES = as_bytes()
PIECES = [
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"=", b"nan", b"-inf", b"1e999", b"0", b"-1", b"9" * 400,
    b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!!int ", b"!x ", b"<<: ", b"- ", b": ", b"? ", b"#", b"|\n", b">-\n", b"%",
    b"%YAML 9.9\n", b"---\n", b"...\n", b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xc2\x85", b"\xe2\x80\xa8", b"[[" * 30,
    b'"\\ud800"', b'"\\UFFFFFFFF"', b"min(", b")", b"1_0", b"0x10", b"1:30", b"2026-99-99", b"~", b"N001", b"=x", b"@",
]  # fmt: skip


def outcome(files: dict[str, bytes]) -> Plan | None:
    """The plan, or None where it is refused with faults that say where, why and what to do."""
    try:
        return build(Path(), files, {})
    except PlanError as error:
        faults = error.faults
    assert faults
    assert all(fault.message and fault.rule and fault.remedy for fault in faults)
    assert all((fault.line == 0) == (fault.column == 0) for fault in faults)
    return None


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=300))
def test_random_bytes_in_place_of_a_file(name: str, data: bytes) -> None:
    outcome({**FILES, name: data})


@given(st.sampled_from(sorted(FILES)), st.text(max_size=200))
def test_random_text_in_place_of_a_file(name: str, text: str) -> None:
    outcome({**FILES, name: text.encode("utf-8", "surrogatepass")})


edits = st.tuples(st.floats(0, 1), st.integers(0, 6), st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)))


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(sorted(FILES)), st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=3))
def test_mutated_files(changes: dict[str, list[tuple[float, int, bytes]]]) -> None:
    files = dict(FILES)
    for name, steps in changes.items():
        data = files[name]
        for share, cut, piece in steps:
            at = int(share * len(data))
            data = data[:at] + piece + data[at + cut :]
        files[name] = data
    outcome(files)


@settings(max_examples=100)
@given(st.sampled_from(sorted(set(FILES) - {"plan.yaml"})), st.data())
def test_random_cells_in_an_intact_table(name: str, data: st.DataObject) -> None:
    rows = [line.split(",") for line in FILES[name].decode().splitlines()]
    words = st.sampled_from(
        [
            "",
            "=",
            "=x",
            "=N001",
            "=handover",
            "=no_share",
            "0",
            "-1",
            "1",
            "0.5",
            "720",
            "1e300",
            "NO",
            "north",
            "surge",
            "C001",
            "C001;C002",
            "fixed",
            "formula",
            "claims",
            "pert",
            "rotating",
            "standby",
            "yes",
            "2025",
            "x|y",
            "é",
        ]
    )
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(rows[1:]))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(words)
    outcome({**FILES, name: "\n".join(map(",".join, rows)).encode()})


@given(st.dictionaries(st.sampled_from(sorted(FILES)), st.none(), max_size=4))
def test_missing_files(missing: dict[str, None]) -> None:
    plan = outcome({name: data for name, data in FILES.items() if name not in missing})
    assert plan is None or not missing.keys() & {"plan.yaml", "assumptions.csv", "unit_types.csv"}
