"""The results page reduced for mail: text first, HTML with styles of its own beside it, pictures inside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import vl_convert
from msgspec import Struct

from aparte.reports.page import templates
from aparte.reports.palette import LIGHT, SANS
from aparte.reports.report_words import WORDS
from aparte.reports.results.model import Results
from aparte.reports.results.telling import ResultsWords
from aparte.sites.model import Site

SCALE = 2.0
MOST_ROWS = 40
"""Of the table; further ones are on the page."""


class Picture(Struct, frozen=True):
    """A PNG inside a mail, shown where the HTML says `cid:` and its name."""

    name: str
    content: bytes


class Letter(Struct, frozen=True, kw_only=True):
    """A mail of the dashboard."""

    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...] = ()

    def alone(self) -> str:
        """The HTML with its pictures inside, for a browser."""
        html = self.html
        for one in self.pictures:
            html = html.replace(f"cid:{one.name}", f"data:image/png;base64,{b64encode(one.content).decode()}")
        return html


def letter(site: Site, language: str, results: Results, links: tuple[str, str]) -> Letter:
    """The mail of these figures; `links`: to the page, and to where it is stopped."""
    told = ResultsWords(language if language in WORDS else "fr", results)
    context = told.context(site)
    finding = context["finding"]
    sentence = f"{finding.before}{finding.figure}{finding.after}"
    pictures = tuple(drawn(context))
    names = {one.name for one in pictures}
    html = templates().get_template("mail.html").render(
        **context, ink=LIGHT, page=links[0], stop=links[1], pictures=names, rows_shown=context["rows"][:MOST_ROWS]
    )  # fmt: skip
    subject = told.say("m_subject", site=site.name, finding=sentence)
    return Letter(subject=subject, text=plain(told, context, sentence, links), html=html, pictures=pictures)


def plain(told: ResultsWords, context: dict[str, Any], sentence: str, links: tuple[str, str]) -> str:
    """The same in text, the causal figures first, the attributed last."""
    lines = [context["site"].name, context["period"], "", sentence, *context["finding"].below, ""]
    for one in context["beside"]:
        lines += [f"{one.label} : {one.figure}", *(f"  {line}" for line in one.lines if line)]
    lines += ["", *(f"{'+' if one.fine else '!'} {one.text}" for one in context["checks"]), "", told.say("table_rule")]
    for row in context["rows"][:MOST_ROWS]:
        lines.append(f"- {row.name} ({row.note}) : {row.effect} {row.interval} ; {row.verdict}, {row.why}")
    found = context["attributed"]
    lines += ["", told.say("funnel"), *(f"  {one.label} : {one.count} {one.note}" for one in context["funnel"])]
    lines += ["", f"{told.say('attributed')} : {'–' if found['nothing'] else found['amount']}",
              told.say("attributed_note"), found["of"]]  # fmt: skip
    lines += ["", context["foot"], "", f"{told.say('m_open')} : {links[0]}", f"{told.say('m_stop')} {links[1]}"]
    return "\n".join(lines).replace("\u00a0", " ") + "\n"


def drawn(context: dict[str, Any]) -> Iterator[Picture]:
    """Interval, curve, and the small intervals of the rows, as PNG."""
    if context["finding"].wide:
        yield Picture("finding", png(str(context["finding"].wide)))
    if context["curve"]:
        yield Picture("curve", png(str(context["curve"]["wide"])))
    if context["axis"]:
        yield Picture("axis", png(str(context["axis"])))
        for place, row in enumerate(context["rows"][:MOST_ROWS]):
            if row.picture:
                yield Picture(f"row{place}", png(str(row.picture)))


@lru_cache(maxsize=128)
def png(svg: str) -> bytes:
    """A picture of the page as PNG, on the mail's own ground; mail programs show no SVG."""
    head, _, rest = svg.partition(">")
    if "xmlns=" not in head:
        head = head.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{SANS}"', 1)
    ground = f'<rect width="100%" height="100%" fill="{LIGHT.surface}"/>'
    made: bytes = vl_convert.svg_to_png(f"{head}>{ground}{rest}", scale=SCALE)
    return made
