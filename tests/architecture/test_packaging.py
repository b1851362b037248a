"""What is installed is what is imported, pinned and hashed; what is shipped is what is in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock")
IMPORT_NAMES = {"ruamel.yaml": "ruamel"}  # the distribution -> the name it is imported by, where they differ
EXTRAS_IMPORTED = {"dask", "distributed"}  # only when the extra is installed
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)( ; .+?)? \\$")


def declared(root: Path) -> set[str]:
    """Names of the distributions that the package declares to need."""
    content = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return {re.split(r"[\[<>=!~; ]", text)[0] for text in content["project"]["dependencies"]}


def imported(source: Path) -> set[str]:
    """Top-level names that the files under a folder import, from outside the standard library."""
    names: set[str] = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"holdfast"}


def pins(lock: Path) -> dict[str, str]:
    """``name marker`` -> version, for every pin of a lock file."""
    found = [PIN.match(line) for line in lock.read_text("utf-8").splitlines() if not line.startswith(" ")]
    assert all(found)
    return {match[1] + (match[3] or ""): match[2] for match in found if match}


def test_the_dependencies_are_what_the_source_imports(root: Path) -> None:
    names = {IMPORT_NAMES.get(name, name) for name in declared(root)}
    assert names == imported(root / "src" / "holdfast") - EXTRAS_IMPORTED


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_place(root: Path, name: str) -> None:
    lines = (root / name).read_text("utf-8").splitlines()
    starts = [index for index, line in enumerate(lines) if not line.startswith(" ")]
    assert len(starts) > 20
    for index in starts:
        assert PIN.match(lines[index]), lines[index]
        assert lines[index + 1].startswith("    --hash=sha256:"), lines[index]
    rest = [line for line in lines if line.startswith(" ")]
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest)


def test_the_tests_run_on_the_versions_that_users_get(root: Path) -> None:
    runtime, tools = (pins(root / name) for name in LOCKS)
    assert runtime.items() <= tools.items()
    names = {name.partition(" ")[0] for name in runtime}
    assert {name.replace(".", "-") for name in declared(root)} | {"setuptools"} <= names


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(root: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    names = ["src", "pyproject.toml", "README.md", "LICENSE"]
    listed = subprocess.run(["git", "ls-files", "-z", *names], cwd=root, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes((root / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*command, str(tree)], check=True)
    (wheel,) = tmp_path.glob("holdfast-*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if not name.partition("/")[0].endswith(".dist-info")}
    in_source = {path.removeprefix("src/") for path in listed.stdout.split("\0") if path.startswith("src/")}
    assert packed == in_source
    assert any(name.endswith(".csv") for name in packed)
