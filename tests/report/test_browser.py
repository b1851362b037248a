"""The page in a real browser: no request leaves it, its console stays empty, it fits a phone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from holdfast.report.page import write_report
from tests.report.samples import HOSTILE, poisoned, realistic

pytestmark = pytest.mark.slow

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Visit:
    """One page opened: the document after loading, console lines, and the web addresses that were asked for."""

    def __init__(self, page: Path, folder: Path, *flags: str) -> None:
        browser = next((found for found in map(shutil.which, NAMES) if found), None)
        if browser is None:
            pytest.fail(f"no browser: install chromium so that one of {', '.join(NAMES)} is on PATH")
        folder.mkdir()
        log = folder / "net.json"
        places = (f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", "--dump-dom", page.as_uri())
        done = subprocess.run(
            [browser, *FLAGS, *flags, *places], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        self.document = done.stdout
        self.console = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
        self.asked = sorted(set(_addresses(json.loads(log.read_text("utf-8"))["events"])))


def _addresses(events: list[dict[str, object]]) -> list[str]:
    """What the page asked for; the browser's own housekeeping has no origin as its initiator."""
    found = []
    for event in events:
        given = event.get("params")
        if not isinstance(given, dict) or given.get("initiator", "not an origin") == "not an origin":
            continue
        if re.match(r"(https?|wss?|ftp):", str(given.get("url", ""))):
            found.append(str(given["url"]))
    return found


def test_the_page_opened_from_disk_asks_for_nothing_and_says_nothing(tmp_path: Path) -> None:
    page = write_report(realistic(), tmp_path / "report.html")
    visit = Visit(page, tmp_path / "visit")
    assert "The plan fails" in visit.document
    assert "<img src=" in visit.document
    assert visit.asked == []
    assert visit.console == []


@pytest.mark.parametrize("place", [0, 1, 3, 12])
def test_a_hostile_page_runs_nothing_and_asks_for_nothing(tmp_path: Path, place: int) -> None:
    page = write_report(poisoned(HOSTILE[place], "javascript:alert(1)"), tmp_path / "report.html")
    visit = Visit(page, tmp_path / "visit")
    assert "The plan fails" in visit.document
    assert visit.asked == []
    assert visit.console == []


def test_the_watch_itself_notices_a_request_and_a_console_message(tmp_path: Path) -> None:
    page = tmp_path / "talkative.html"
    page.write_text("<img src='http://canary.invalid/x.png'><script>console.error('heard')</script>", "utf-8")
    visit = Visit(page, tmp_path / "visit")
    assert "http://canary.invalid/x.png" in visit.asked
    assert any("heard" in line for line in visit.console)


@pytest.mark.parametrize("width", [320, 360, 800, 1200])
@pytest.mark.parametrize("longest", [False, True])
def test_the_page_never_scrolls_sideways(tmp_path: Path, width: int, longest: bool) -> None:
    content = poisoned("W" * 400, "https://example.org/" + "w" * 400) if longest else realistic()
    write_report(content, tmp_path / "report.html")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<iframe id=f src=report.html style='width:{width}px;height:900px;border:0'></iframe><p id=o></p><script>"
        "f.onload=()=>{o.textContent='width '+f.contentDocument.documentElement.scrollWidth}</script>",
        "utf-8",
    )
    visit = Visit(frame, tmp_path / "visit", "--allow-file-access-from-files")
    measured = re.search(r"width (\d+)", visit.document)
    assert measured is not None, visit.console
    assert int(measured.group(1)) <= width
