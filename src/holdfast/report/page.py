"""The report: one HTML page that needs no network and no script, made from :class:`content.ReportContent` alone."""

from __future__ import annotations

import base64
import os
import tempfile
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from holdfast.base.errors import RunError
from holdfast.report import addresses, ledger, tables, wording
from holdfast.report.content import ReportContent
from holdfast.report.figures import burden, canvas, dwell, fill, gantt, moves, requirements, shortfalls
from holdfast.report.safety import clean, one_line, web_address


def render(content: ReportContent) -> str:
    """The whole report as HTML; the same content gives the same text, byte for byte."""
    environment = _environment(content.run_id)
    return environment.get_template("report.html").render(
        content=content,
        styles=Markup(resources.files("holdfast.report").joinpath("templates/report.css").read_text("utf-8")),
        pictures=_pictures(content),
        tables=_tables(content),
        daily=[tables.daily(band, fill.name_of(band), f"daily-{place}") for place, band in enumerate(content.daily, 1)],
        verdict_sentences=content.sentences or wording.verdict_sentences(content),
        verdict_address=addresses.verdict(content),
        words=wording,
        addresses=addresses,
    )


def write_report(content: ReportContent, path: str | Path) -> Path:
    """Write the report to ``path`` (UTF-8), whole or not at all, and return where it stands.

    Raises RunError when the folder is missing, read-only or full.
    """
    target = Path(path)
    data = render(content).encode("utf-8")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise RunError(f"cannot write the report {target}: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise RunError(f"cannot write the report {target}: {error.strerror}") from error
    return target


def _pictures(content: ReportContent) -> dict[str, canvas.Picture | None]:
    return {
        "requirements": requirements.picture(content.requirements),
        "fill": fill.picture(content.daily),
        "shortfalls": shortfalls.picture(content.shortfalls),
        "burden": burden.picture(content.burden),
        "dwell": dwell.picture(content.dwell),
        "gantt": gantt.picture(content.timelines),
        "moves": moves.picture(content.assumptions),
    }


def _tables(content: ReportContent) -> dict[str, tables.Table]:
    titles = {row.id: row.title for row in content.requirements}
    return {
        "requirements": tables.requirements(content.requirements),
        "burden": tables.burden(content.burden, burden.army_shares(content.burden)),
        "dwell": tables.dwell(content.dwell),
        "shortfalls": tables.shortfalls(content.shortfalls),
        "origins": tables.origins(content.origins, titles),
        **ledger.tables(content),
    }


def _environment(run_id: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("holdfast.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["commands"] = lambda address: addresses.commands(run_id, address)
    environment.filters["explanation"] = lambda address: addresses.explanation(run_id, address)
    environment.filters["data_uri"] = _data_uri
    environment.filters["web_address"] = web_address
    environment.filters["page_name"] = _page_name
    environment.filters["one_line"] = one_line
    return environment


def _printable(value: object) -> object:
    """Every value that a template prints goes through here before it is escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _page_name(url: str) -> str:
    """The host of a web page, for a link without a text of its own; anything else as it is written."""
    safe = web_address(url)
    return urlsplit(safe).hostname or url if safe else url
