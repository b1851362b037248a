"""Words that do not belong in the repository: the paths of one machine, registry addresses, notes to oneself.

The patterns are written so that this file does not match itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:wor[k]|far[m]|roo[t]|tm[p]|hom[e]|opt)/",
    "a folder outside the project": r"\.\./share[d]",
    "the address of a package registry": r"pyp[i]\.org|pythonhoste[d]|files\.python[h]|anacond[a]\.org",
    "a note to oneself": r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b",
    "a stub": r"NotImplemente[d]Error",
    "a test that is not run": r"pytest\.(?:ski[p]|xfai[l]|importorski[p])|mark\.(?:ski[p]|xfai[l])",
}
FOLDERS = ("src", "tests", "docs", "tools", "benchmarks", ".ci")
TEXT = {".py", ".md", ".toml", ".csv", ".yaml", ".json", ".in", ".lock", ".html", ".css", ".js", ".j2", ".txt", ""}


def text_files(root: Path) -> Iterator[Path]:
    """Every text file of the project: the named folders, and the files at the top."""
    yield from (path for path in root.iterdir() if path.is_file() and not path.name.startswith(".coverage"))
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if (
                path.is_file()
                and path.suffix in TEXT
                and "egg-info" not in str(path)
                and "__pycache__" not in str(path)
            ):
                yield path


def forbidden_in(text: str) -> list[str]:
    """What a text holds that it should not, as ``line: meaning: match``."""
    hits = [(meaning, match) for meaning, rule in FORBIDDEN.items() for match in re.finditer(rule, text)]
    return [f"{text.count(chr(10), 0, match.start()) + 1}: {meaning}: {match.group()}" for meaning, match in hits]


def test_no_file_holds_a_forbidden_word(root: Path) -> None:
    paths = list(text_files(root))
    assert len(paths) > 30
    hits = [
        f"{path.relative_to(root)}:{hit}" for path in paths for hit in forbidden_in(path.read_text("utf-8", "replace"))
    ]
    assert hits == []


@pytest.mark.parametrize("meaning", FORBIDDEN)
def test_each_rule_finds_what_it_is_for(meaning: str) -> None:
    sample = re.sub(r"\[(\w)\]", r"\1", FORBIDDEN[meaning].replace(r"\b", "").replace(r"(?<![\w.])", ""))
    sample = re.sub(r"\(\?:(\w+)[^)]*\)", r"\1", sample).replace("\\", "").partition("|")[0]
    assert [hit.split(": ")[1] for hit in forbidden_in(f"x = '{sample}'")] == [meaning]
