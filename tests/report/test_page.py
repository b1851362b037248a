"""The page as a reader, a printer and a stranger with bad intentions meet it."""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from holdfast.base.errors import RunError
from holdfast.plan.locate import parse
from holdfast.report.page import render, write_report
from tests.report.reading import Element, pictures, read
from tests.report.samples import EMPTY, HOSTILE, HOSTILE_URLS, poisoned, realistic


def _words(text: str) -> set[str]:
    return set(text.split())


ALLOWED_TAGS = _words(
    "html head meta link title style body a header main footer nav section article h1 h2 h3 p bdi span code ul ol li "
    "dl div dt dd details summary figure figcaption picture source img table caption thead tbody tr th td"
)
ALLOWED_ATTRIBUTES = _words(
    "lang dir charset http-equiv content name rel href id class aria-labelledby aria-hidden role tabindex scope title "
    "data-address data-label media srcset src alt"
)


@pytest.fixture(scope="module")
def page() -> str:
    return render(realistic())


@pytest.fixture(scope="module")
def tree(page: str) -> Element:
    return read(page)


def test_the_same_content_gives_the_same_bytes_in_another_process(page: str, tmp_path: Path) -> None:
    code = (
        "from tests.report.samples import realistic\n"
        "from holdfast.report.page import write_report\n"
        f"write_report(realistic(), {str(tmp_path / 'again.html')!r})\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert (tmp_path / "again.html").read_bytes() == page.encode("utf-8")


def test_a_user_s_own_figure_settings_do_not_change_the_page() -> None:
    import matplotlib

    content = dataclasses.replace(EMPTY, requirements=realistic().requirements)
    plain = render(content)
    with matplotlib.rc_context({"font.size": 31, "lines.linewidth": 9, "axes.facecolor": "red"}):
        assert render(content) == plain
        assert matplotlib.rcParams["font.size"] == 31


def test_every_tag_is_closed_in_order_and_no_other_tags_or_attributes_exist(tree: Element) -> None:
    elements = tree.all()
    assert {element.tag for element in elements} <= ALLOWED_TAGS
    assert {name for element in elements for name in element.attributes} <= ALLOWED_ATTRIBUTES


def test_ids_are_unique_and_every_reference_to_an_id_is_kept(tree: Element) -> None:
    ids = [element.attributes["id"] for element in tree.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    referred = [
        element.attributes[name]
        for element in tree.all()
        for name in ("aria-labelledby",)
        if name in element.attributes
    ]
    referred += [link.attributes["href"][1:] for link in tree.all("a") if link.attributes["href"].startswith("#")]
    assert referred
    assert set(referred) <= set(ids)


def test_the_verdict_comes_first_in_plain_words(tree: Element) -> None:
    main = tree.all("main")[0]
    assert main.children[0].attributes["id"] == "verdict"
    assert main.all("h2")[0].text.strip().endswith("The plan fails")
    text = " ".join(main.children[0].text.split())
    assert "In 62 of 100 simulated futures the plan keeps at least 10,000 people in place every day" in text
    assert "It most often breaks first because the units that could help are resting between tours" in text


def test_sentences_of_the_caller_replace_those_made_here() -> None:
    rows = realistic().requirements
    content = dataclasses.replace(EMPTY, sentences=("It breaks in spring.",), requirements=rows)
    verdict = read(render(content)).all("main")[0].children[0].text
    assert "It breaks in spring." in verdict
    assert "Of 3 requirements" not in verdict


def test_every_requirement_shows_both_bands_and_what_it_is_conditional_on(tree: Element) -> None:
    cards = tree.all("article")
    assert len(cards) == 3
    for card in cards:
        assert "Sampling error: the 95% interval runs from" in card.text
        assert "Judgement: reading each judged assumption in turn at its low and its high end" in card.text
        assert "This is conditional on: the ceasefire has begun." in card.text
        assert "The condition itself comes about in 42 of 100 simulated futures." in card.text


def _numbers_without_address(tree: Element) -> list[str]:
    skipped = {"title", "style", "code", "summary", "caption"}
    bare = []
    for section in tree.all("main")[0].all("section"):
        if section.attributes["id"] == "limits":
            continue
        for element in section.all():
            own = element.own_text
            around = element.ancestors()
            if not re.search(r"\d", own) or any(item.tag in skipped for item in around):
                continue
            if not any(item.attributes.get("data-address") for item in around) and "scope" not in element.attributes:
                bare.append(own)
    return bare


def test_every_number_carries_an_address(tree: Element) -> None:
    assert _numbers_without_address(tree) == []


def test_the_check_on_addresses_notices_a_number_without_one() -> None:
    broken = read('<main><section id="x"><p>In 62 of 100 futures.</p></section></main>')
    assert _numbers_without_address(broken) == ["In 62 of 100 futures."]


def test_every_address_is_one_that_why_understands_and_its_command_is_shown_on_hover(tree: Element) -> None:
    seen = set()
    for element in tree.all():
        address = element.attributes.get("data-address", "")
        for one in address.split():
            seen.add(one)
            if not one.startswith("run/"):
                parse(one)
        if address and element.tag not in ("figure", "article"):
            told = element.attributes["title"]
            assert told.startswith("why: holdfast why 20260101T120000Z-1a2b3c4d ") or address.startswith("run/")
    wanted = {
        "requirement/size",
        "assumption/deployable_share",
        "claim/C001",
        "fact/N-GBR",
        "source/S001",
        "units/GBR-inf",
        "tasks/det-inf",
        "policies/one_in_five.min_dwell_days",
        "measure/people_in_place?component=deterrence&day=31",
        "measure/people_deployed?nation=GBR",
        "plan/horizon_days",
        "run/seed",
    }
    assert wanted <= seen


def test_every_figure_has_a_finding_as_title_and_a_text_for_those_who_cannot_see_it(tree: Element) -> None:
    figures = tree.all("figure")
    assert len(figures) == 7
    for figure in figures:
        (image,) = figure.all("img")
        assert len(image.attributes["alt"]) > 60
        assert len(figure.all("h3")[0].text) > 20


def test_every_picture_is_readable_xml_with_title_description_and_role(page: str) -> None:
    drawn = pictures(page)
    assert len(drawn) == 14
    for svg in drawn:
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        title, described = root[0], root[1]
        assert title.tag.endswith("}title")
        assert title.text
        assert described.tag.endswith("}desc")
        assert described.text
        assert "<!" not in svg
        assert len(svg) < 120_000


def test_a_phone_gets_a_picture_of_its_own_width(page: str) -> None:
    widths = [float(re.search(r'width="([\d.]+)pt"', svg).group(1)) for svg in pictures(page)]  # type: ignore[union-attr]
    assert widths[0::2] == pytest.approx([252.0] * 7)
    assert widths[1::2] == pytest.approx([619.2] * 7)


def test_headings_go_down_one_level_at_a_time(tree: Element) -> None:
    levels = [int(element.tag[1]) for element in tree.all("h1", "h2", "h3")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_names_its_language_landmarks_and_a_way_past_the_header(tree: Element) -> None:
    assert tree.all("html")[0].attributes["lang"] == "en-GB"
    for landmark in ("header", "main", "footer", "nav"):
        assert len(tree.all(landmark)) == 1
    skip = tree.all("body")[0].children[0]
    assert skip.attributes == {"class": "skip", "href": "#verdict"}
    assert all("aria-labelledby" in section.attributes for section in tree.all("section"))


def test_every_table_has_a_caption_and_headers_with_a_scope(tree: Element) -> None:
    tables = tree.all("table")
    assert len(tables) == 11
    for table in tables:
        assert table.all("caption")[0].text
        assert all(cell.attributes["scope"] in ("row", "col") for cell in table.all("th"))
        heads = len(table.all("thead")[0].all("th"))
        assert all(len(row.all("th", "td")) == heads for row in table.all("tbody")[0].all("tr"))


def test_nothing_is_fetched_run_or_sent(page: str, tree: Element) -> None:
    policy = next(item for item in tree.all("meta") if item.attributes.get("http-equiv"))
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert tree.all("head")[0].all("meta").index(policy) == 1
    for element in tree.all("img", "source", "link"):
        for name in ("src", "srcset", "href"):
            assert element.attributes.get(name, "data:").startswith("data:")
    style = tree.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    for svg in pictures(page):
        links = re.findall(r'(?:href|src)="([^"]*)"', svg)
        assert all(link.startswith("#") for link in links)
        assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", svg))


def test_an_assumption_links_to_every_kind_of_thing_it_rests_on(tree: Element) -> None:
    table = next(table for table in tree.all("table") if table.attributes["id"] == "table-assumptions")
    row = next(row for row in table.all("tr") if "gbr_people" in row.text)
    links = [(link.text, link.attributes["href"]) for link in row.all("a")]
    assert links == [
        ("S002", "#source-2"),
        ("N-GBR", "#fact-1"),
        ("ministry.example.org", "https://ministry.example.org/offer"),
        ("C002", "#claim-2"),
    ]


def test_claims_link_to_their_pages_without_telling_them_who_asks(tree: Element) -> None:
    outside = [link for link in tree.all("a") if not link.attributes["href"].startswith("#")]
    assert {link.attributes["href"] for link in outside} >= {"https://news.example.org/2025/09/05/plan?id=1&lang=en"}
    assert all(link.attributes["rel"] == "noopener noreferrer" for link in outside)


@pytest.mark.parametrize(("text", "url"), list(zip(HOSTILE, HOSTILE_URLS, strict=True)))
def test_hostile_text_stays_text(text: str, url: str) -> None:
    page = render(poisoned(text, url))
    tree = read(page)
    elements = tree.all()
    assert {element.tag for element in elements} <= ALLOWED_TAGS
    assert {name for element in elements for name in element.attributes} <= ALLOWED_ATTRIBUTES
    for link in tree.all("a"):
        assert link.attributes["href"].startswith("#"), f"{url!r} was linked"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    for svg in pictures(page):
        drawn = list(ElementTree.fromstring(svg).iter())
        tags = {element.tag.rsplit("}", 1)[-1] for element in drawn}
        assert tags <= _words("svg title desc defs style clipPath pattern rect g path use text tspan")
        assert not any(name.lower().startswith("on") for element in drawn for name in element.attrib)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", svg)


def test_a_template_in_a_plan_text_is_not_evaluated() -> None:
    page = render(dataclasses.replace(EMPTY, title="{{ 7*7 }}{% raw %}"))
    assert "{{ 7*7 }}{% raw %}" in page


def test_plan_text_cannot_become_part_of_a_command() -> None:
    row = dataclasses.replace(realistic().requirements[0], id="x'; rm -rf ~ #")
    content = dataclasses.replace(EMPTY, run_id="$(reboot)", requirements=(row,))
    codes = [code.text for code in read(render(content)).all("code") if code.text.startswith("holdfast why ")]
    assert len(codes) > 3
    for code in codes:
        assert shlex.split(code) == ["holdfast", "why", "$(reboot)", "requirement/x%27%3B%20rm%20-rf%20~%20%23"]


def test_an_empty_run_still_makes_a_whole_page() -> None:
    tree = read(render(EMPTY))
    text = " ".join(tree.all("main")[0].text.split())
    for said in (
        "Undecided: the evidence does not settle whether the plan holds",
        "The plan states no requirement",
        "No nation deploys anybody in this run.",
        "The plan makes no assumption.",
        "The plan rests on no claim.",
        "No unit timeline was kept in this run.",
        "The largest sustainable force was not computed in this run.",
    ):
        assert said in text
    assert not tree.all("figure")
    assert not tree.all("table")


def test_the_report_is_written_whole_and_says_where(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert write_report(EMPTY, target) == target
    assert target.read_text("utf-8") == render(EMPTY)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_report_that_cannot_be_written_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"cannot write the report .*nowhere"):
        write_report(EMPTY, tmp_path / "nowhere" / "report.html")
    (tmp_path / "report.html").mkdir()
    with pytest.raises(RunError, match="cannot write the report"):
        write_report(EMPTY, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_reading_the_content_types_needs_no_drawing_library() -> None:
    code = (
        "import sys, holdfast.report.page; print([m for m in ('matplotlib', 'numba', 'highspy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_colours_have_the_contrast_that_wcag_asks_for(tree: Element) -> None:
    style = tree.all("style")[0].text
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", style))
    for background in ("#fff", colours["wash"], "#fff7d6"):
        for name in ("ink", "soft", "link", "holds", "fails", "undecided"):
            ratio = (_luminance(background) + 0.05) / (_luminance(colours[name]) + 0.05)
            assert ratio >= 4.5, f"{name} on {background}: {ratio:.2f}"
