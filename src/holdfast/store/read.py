"""Reading a run folder; no engine is needed for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.base.errors import RunError
from holdfast.store.layout import SCHEMA_VERSION, Layout

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


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


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read one Parquet file of a run, its page checksums verified.

    Raises RunError when it is missing or damaged, or lacks one of the ``columns``.
    """
    with _opened(path) as file:
        found = set(file.schema_arrow.names)
        missing = [name for name in columns or () if name not in found]
        if missing:
            raise RunError(f"{path} holds no column {missing[0]!r}")
        return file.read(None if columns is None else list(columns), use_threads=False)


def column_names(path: Path) -> list[str]:
    """Names of the columns of one Parquet file.  Raises RunError when it is missing or damaged."""
    with _opened(path) as file:
        return [str(name) for name in file.schema_arrow.names]


def is_whole(path: Path, rows: int | None = None) -> bool:
    """Whether a Parquet file is there, readable to its last byte, and has the number of rows that it should have."""
    try:
        table = read_table(path)
    except RunError:
        return False
    return rows is None or bool(table.num_rows == rows)


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, memory_map=False, page_checksum_verification=True) as file:
            yield file
    except FileNotFoundError as error:
        raise RunError(f"{path} is missing") from error
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path} is damaged: {error}") from error
