"""Files are whole or absent, names are unique, refusals are told in plain words."""

from __future__ import annotations

import errno
import json
import os
from datetime import UTC, datetime, timedelta
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


def test_a_clock_set_back_never_gives_a_folder_twice(tmp_path: Path) -> None:
    later = write.new_run_folder(tmp_path, "abcdef0123", NOW).folder
    (later / "kept").write_text("x")
    earlier = write.new_run_folder(tmp_path, "abcdef0123", NOW - timedelta(hours=1)).folder
    again = [write.new_run_folder(tmp_path, "abcdef0123", NOW).folder for _ in range(3)]
    assert earlier.name < later.name
    assert len({earlier, later, *again}) == 5
    assert (later / "kept").read_text() == "x"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk quota is used up"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EACCES, "permission is denied"),
        (errno.EIO, "the device reports an input/output error"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_every_refusal_is_one_line_with_path_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunError) as error:
        write.write_bytes(tmp_path / "a", b"x")
    assert str(error.value) == f"cannot write {tmp_path / 'a'}: {told}. Nothing that was finished is lost."
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write.write_bytes(tmp_path / "a", b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(RunError):
        write.write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_one_process_at_a_time_works_on_a_folder(tmp_path: Path) -> None:
    with write.alone(tmp_path), pytest.raises(RunError, match="another process is at work"), write.alone(tmp_path):
        pass
    with write.alone(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="the folder is gone"), write.alone(tmp_path / "gone"):
        pass


def test_only_temporary_files_are_swept_away(tmp_path: Path) -> None:
    (tmp_path / "draws").mkdir()
    for name in (".a.1.b.tmp", "draws/.c.1.d.tmp", ".report.html.x.part", "a.tmp", ".keep", "draws/c.parquet"):
        (tmp_path / name).write_text("x")
    write.sweep(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"a.tmp", ".keep", "draws/c.parquet"}


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    write.write_table(tmp_path / "t.parquet", pa.table({"x.a": np.arange(3), "x.b": np.arange(3)}))
    assert read.column_names(tmp_path / "t.parquet") == ["x.a", "x.b"]
    assert read.read_table(tmp_path / "t.parquet", ["x.b"]).column_names == ["x.b"]
    for name in ("x", "x.c"):
        with pytest.raises(RunError, match=f"holds no column '{name}'"):
            read.read_table(tmp_path / "t.parquet", [name])


def test_a_flipped_bit_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write.write_table(path, pa.table({"x": np.random.default_rng(1).random(2000)}))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert not read.is_whole(path, 2000)
    with pytest.raises(RunError, match="damaged"):
        read.read_table(path)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "A", "a" * 300, "", "ä", "con aux", ".", "\0"])
def test_any_name_makes_a_file_of_its_own_inside_the_folder(tmp_path: Path, name: str) -> None:
    layout = Layout(tmp_path)
    for path in (layout.without(name), layout.judged(name, "low")):
        assert path.parent == layout.draws
        assert len(path.name) < 120
        assert path.name == path.name.lower()
        assert path.name.isascii()
    assert layout.without(name) != layout.without(name + "x")


def test_names_that_differ_in_their_letters_case_have_files_that_differ() -> None:
    layout = Layout(Path("run"))
    assert layout.without("wsj").name.lower() != layout.without("WSJ").name.lower()
