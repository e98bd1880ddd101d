"""The first report as plain text, for a terminal: the same sentences as on the page."""

from __future__ import annotations

from collections.abc import Iterator

from aparte.reports.model import Report
from aparte.reports.numbers import days_words
from aparte.reports.page_words import Words
from aparte.reports.report_words import WORDS


def plain_text(figures: Report, language: str) -> Iterator[str]:
    """Line by line; columns of tables are separated by two spaces."""
    words, t = Words(language, figures), WORDS[language]
    one = figures.speaking
    yield days_words(words.first, words.last, language)
    yield words.sentence(one).replace("{figure}", words.figure(one))
    yield from (line for line in words.below(one) if line)
    for beside in words.beside():
        yield f"{beside.label}  {beside.figure}  " + "  ".join(line for line in beside.lines if line)
    yield from (f"{'-' if check.fine else '!'} {check.text}" for check in words.checks())
    yield ""
    yield t["funnel"]
    yield from (f"  {step.label:<26}{step.count:>10}  {step.note}".rstrip() for step in words.funnel(figures.funnel))
    yield ""
    yield t["table"]
    for row in words.rows([]):
        effect = "  ".join(part for part in (row.effect, row.interval, row.revenue) if part)
        yield f"  {row.name:<26}{row.invited:>10}  {effect}  {row.verdict}: {row.why}"
    yield ""
    found = words.attributed()
    yield f"{t['attributed']}  {found['amount']}"
    yield f"{t['attributed_note']} {found['of']}"
