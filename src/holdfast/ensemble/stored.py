"""What a run was begun with, read back from its folder so that it can be gone on with."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from holdfast import __version__
from holdfast.base.errors import HoldfastError, RunError
from holdfast.plan.load import load
from holdfast.plan.model import Plan
from holdfast.store import read
from holdfast.store.layout import SCHEMA_VERSION, Layout


class Begun(NamedTuple):
    """The settings of a run, and its own copy of the plan."""

    about: dict[str, Any]
    plan: Plan
    draws: int
    seed: int
    as_of: date | None


def begun(layout: Layout) -> Begun:
    """The run in a folder.

    Raises RunError when ``run.json`` is damaged or of another version, or the copy of the plan is not whole or not as
    it was when the run began.
    """
    _, about = read.open_layout(layout.folder)
    try:
        version, schema = str(about["versions"]["holdfast"]), about["schema_version"]
        as_of = date.fromisoformat(about["as_of"]) if about["as_of"] else None
        draws, seed = _whole(about["draws"], 1), _whole(about["seed"], 0)
        overrides = {str(address): str(value) for address, value in about["overrides"].items()}
        files = {str(name): str(digest) for name, digest in about["files"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{layout.run} is damaged: {type(error).__name__} {error}") from error
    if (version, schema) != (__version__, SCHEMA_VERSION):
        raise RunError(
            f"{layout.folder} was begun by version {version} of Holdfast, this is {__version__}: run the plan anew"
        )
    for name, digest in files.items():
        _compare(layout.plan / name, digest)
    try:
        plan = load(layout.plan, overrides)
    except HoldfastError as error:
        raise RunError(f"{layout.plan} was changed since the run began: {error}") from error
    return Begun(about, plan, draws, seed, as_of)


def _whole(value: object, least: int) -> int:
    if not isinstance(value, int) or value < least:
        raise ValueError(f"{value!r} is no whole number from {least}")
    return value


def _compare(path: Path, digest: str) -> None:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing: the run has lost its copy of the plan; run the plan anew") from error
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise RunError(f"{path} was changed since the run began: run the changed plan anew")


def warn_of_another_machine(about: Mapping[str, Any], versions: Mapping[str, str], processor: str) -> None:
    """Warn when a run goes on with other libraries or on another type of processor: the last digits may differ."""
    before, kind = dict(about["versions"]), about.get("cpu", {}).get("processor", "")
    changed = [f"{name} {before.get(name)} -> {now}" for name, now in versions.items() if before.get(name) != now]
    if kind != processor:
        changed.append(f"processor {kind} -> {processor}")
    if changed:
        text = f"the run was begun elsewhere ({'; '.join(changed)}): the last digits of new draws may differ"
        warnings.warn(text, RuntimeWarning, stacklevel=4)
