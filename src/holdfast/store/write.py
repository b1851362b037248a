"""Writing a run folder: every file whole or not at all, under a name of its own until it is whole."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from holdfast.base.errors import RunError
from holdfast.store.layout import Layout

if TYPE_CHECKING:
    import pyarrow as pa

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.ENOENT: "the folder is gone",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EIO: "the device reports an input/output error",
    errno.EFBIG: "the file is larger than files may be here",
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an operating system's refusal into a :class:`RunError` that names the path and the reason."""
    try:
        yield
    except OSError as error:
        reason = REASONS.get(error.errno or 0, error.strerror or str(error))
        raise RunError(f"cannot write {path}: {reason}. Nothing that was finished is lost.") from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically: under a temporary name unique to this attempt, then renamed.

    Raises RunError when the folder cannot be written or the disk is full; no temporary file stays behind.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:8]}.tmp")
    with writing(path):
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process from working on the same run folder; the end of the process ends it, however it ends.

    Raises RunError when another one is at work there.  Where folders cannot be locked (Windows, some network file
    systems) nothing is kept out.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with writing(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(f"{folder} is in use: another process is at work on this run") from error
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove the temporary files that a process left behind which was killed while it wrote."""
    with writing(folder):
        for path in (*folder.rglob(".*.tmp"), *folder.glob(".report.html.*.part")):
            path.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON with sorted keys and a last newline: equal content gives equal bytes."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode("utf-8"))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file with the one set of options of every run: zstd-1, byte-stream-split for floats."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    others = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=others or False,
        use_byte_stream_split=floats or False,
        row_group_size=1 << 20,
        write_page_checksum=True,
    )
    write_bytes(path, sink.getvalue().to_pybytes())


def new_run_folder(out: Path, content_hash: str, now: datetime | None = None) -> Layout:
    """Make a run folder that nobody else can have: UTC time + 8 hex digits of the hash, by exclusive mkdir.

    When the name is taken (a second run in the same second, a clock set back), a counter is added.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    base = f"{stamp}-{content_hash[:8]}"
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for attempt in range(10_000):
            folder = out / (base if attempt == 0 else f"{base}-{attempt + 1}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            layout = Layout(folder)
            for part in (layout.plan, layout.draws, layout.nominal):
                part.mkdir()
            return layout
    raise RunError(f"cannot make a new run folder in {out}: ten thousand of this second exist already")


def write_plan_copy(layout: Layout, files: Mapping[str, bytes]) -> None:
    """Keep an audit copy of every input, as it was read."""
    for name, data in files.items():
        target = layout.plan / name
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, data)
