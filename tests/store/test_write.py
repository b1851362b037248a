"""Files are whole or absent, names are unique, refusals are told in plain words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from holdfast.base.errors import RunError
from holdfast.store import read, write
from holdfast.store.layout import Layout, chunks

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_two_runs_of_one_second_get_two_folders(tmp_path: Path) -> None:
    first = write.new_run_folder(tmp_path, "abcdef0123", NOW)
    second = write.new_run_folder(tmp_path, "abcdef0123", NOW)
    assert first.folder.name == "20260102T030405Z-abcdef01"
    assert second.folder.name == "20260102T030405Z-abcdef01-2"


def test_json_is_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    write.write_json(tmp_path / "a.json", {"b": 1, "a": [1.5, "é"]})
    write.write_json(tmp_path / "b.json", {"a": [1.5, "é"], "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write.write_json(tmp_path / "a.json", {"x": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_no_temporary_file_stays_behind(tmp_path: Path) -> None:
    write.write_bytes(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_vanished_folder_is_told_with_path_and_reason(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="the folder is gone"):
        write.write_bytes(tmp_path / "gone" / "a", b"x")


def test_a_file_in_the_way_of_the_results_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(RunError, match="results"):
        write.new_run_folder(tmp_path / "results", "abcdef0123", NOW)


def test_floats_are_split_by_byte_and_never_in_a_dictionary(tmp_path: Path) -> None:
    table = pa.table({"x": np.arange(5.0), "n": np.arange(5)})
    write.write_table(tmp_path / "t.parquet", table)
    column = pq.ParquetFile(tmp_path / "t.parquet").metadata.row_group(0).column(0)
    assert "BYTE_STREAM_SPLIT" in column.encodings
    assert not column.has_dictionary_page
    assert column.compression == "ZSTD"
    assert read.read_table(tmp_path / "t.parquet").equals(table)


def test_a_table_is_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write.write_table(tmp_path / name, pa.table({"x": np.linspace(0, 1, 100), "k": ["u"] * 100}))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_truncated_file_is_damaged_not_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write.write_table(path, pa.table({"x": np.arange(5.0)}))
    assert read.is_whole(path, 5)
    assert not read.is_whole(path, 6)
    path.write_bytes(path.read_bytes()[:-9])
    assert not read.is_whole(path, 5)
    with pytest.raises(RunError, match="damaged"):
        read.read_table(path)


@pytest.mark.parametrize(
    "content", ["", "[1]", "{", '{"schema_version": 99, "plan_hash": "x"}', '{"schema_version": 1}']
)
def test_a_foreign_folder_is_no_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(RunError):
        read.open_layout(tmp_path)


def test_a_folder_without_a_run_file_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is missing"):
        read.open_layout(tmp_path)


def test_every_draw_is_in_one_chunk() -> None:
    assert chunks(1) == [(0, 0, 1)]
    assert chunks(4096) == [(0, 0, 4096)]
    assert chunks(10_000) == [(0, 0, 4096), (1, 4096, 4096), (2, 8192, 1808)]


def test_the_layout_names_every_part(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert layout.chunk(7).name == "chunk-00007.parquet"
    assert layout.judged("share", "low").name == "judged-share-low.parquet"
    assert json.dumps(str(layout.report)).endswith('report.html"')
