"""Reading a run folder; no engine is needed for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.base.errors import RunError
from holdfast.store.layout import SCHEMA_VERSION, Layout

if TYPE_CHECKING:
    import pyarrow as pa


def read_json(path: Path) -> dict[str, Any]:
    """Read one JSON object of a run folder.  Raises RunError when it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing: is {path.parent} a run folder?") from error
    except NotADirectoryError as error:
        raise RunError(f"{path.parent} is not a folder") from error
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise RunError(f"{path} is damaged: {error}") from error
    if not isinstance(content, dict):
        raise RunError(f"{path} is damaged: it holds no object")
    return content


def open_layout(folder: Path) -> tuple[Layout, dict[str, Any]]:
    """The layout and ``run.json`` of a run folder; RunError when it is foreign, damaged or from another version."""
    layout = Layout(folder)
    run = read_json(layout.run)
    version = run.get("schema_version")
    if version not in (SCHEMA_VERSION, SCHEMA_VERSION - 1) or "plan_hash" not in run:
        raise RunError(f"{layout.run}: schema_version {version!r}; this version reads {SCHEMA_VERSION}")
    return layout, run


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read one Parquet file of a run.  Raises RunError when it is missing or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=columns, use_threads=False, memory_map=False)
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing") from error
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path} is damaged: {error}") from error


def column_names(path: Path) -> list[str]:
    """Names of the columns of one Parquet file.  Raises RunError when it is missing or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return [str(name) for name in pq.read_schema(path).names]
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path} is missing or damaged: {error}") from error


def is_whole(path: Path, rows: int) -> bool:
    """Whether a Parquet file is there, readable, and has the number of rows it should have."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return bool(pq.read_metadata(path).num_rows == rows)
    except (OSError, pa.ArrowException):
        return False
