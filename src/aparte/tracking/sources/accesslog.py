"""The log of a web server in the combined format (Apache, nginx): page views, for shops that have nothing else yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from aparte.tracking import timestamps
from aparte.tracking.quarantine import Reason, Unfit
from aparte.tracking.sources.report import ImportReport, encoded

COMBINED = re.compile(
    r'(?P<address>\S+) \S+ .+? \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
    r' "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)".*',
    re.ASCII | re.DOTALL,
)
REQUEST = re.compile(r"([A-Z]{3,10}) (\S+)(?: HTTP/[\d.]+)?", re.ASCII)
TIME = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.ASCII)
MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
ASSETS = frozenset(
    {
        "css", "js", "mjs", "map", "json", "xml", "txt", "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico",
        "bmp", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "webm", "ogg", "avi", "mov", "zip", "gz", "tgz",
        "bz2", "xz", "rar", "7z", "jar", "exe", "msi", "deb", "rpm", "dmg", "iso", "bin", "swf", "pdf", "csv",
        "rss", "atom", "wasm",
    }
)  # fmt: skip
MAX_LINE = 16 * 1024


def convert(
    lines: Iterable[bytes | str], report: ImportReport, *, origin: str = "", key: bytes = b""
) -> Iterator[bytes]:
    """A page message for each page that was fetched; the report counts lines.

    `origin` (`https://shop.example`) goes in front of the paths. A visitor is the keyed hash of address and user agent:
    with a secret `key` nobody can find the address again. The same request twice in one second has one messageId.
    """
    for raw in lines:
        line = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
        if not line.strip():
            continue
        report.read += 1
        with report.quarantining(line):
            fields = _fields(line.rstrip("\r\n"))
            method, target = _request(fields["request"])
            unwanted = _unwanted(method, target, int(fields["status"]))
            if unwanted:
                report.skipped[unwanted] += 1
                continue
            message = _page(fields, target, origin, key)
            report.converted += 1
            yield encoded(message, report)


def _fields(line: str) -> dict[str, str]:
    found = COMBINED.fullmatch(line) if len(line) <= MAX_LINE else None
    if found is None:
        raise Unfit(Reason.BAD_ROW, "not a line in the combined log format")
    return found.groupdict()


def _request(request: str) -> tuple[str, str]:
    found = REQUEST.fullmatch(request)
    return (found[1], found[2]) if found else ("", "")


def _unwanted(method: str, target: str, status: int) -> str:
    if method != "GET":
        return "not a GET"
    if not (200 <= status < 400 or status == 404):
        return "status"
    name = target.partition("?")[0].rpartition("/")[2]
    return "asset" if "." in name and name.rpartition(".")[2].lower() in ASSETS else ""


def _page(fields: dict[str, str], target: str, origin: str, key: bytes) -> dict[str, Any]:
    agent = "" if fields["agent"] == "-" else fields["agent"]
    page = {"url": origin + target, "path": target.partition("?")[0]}
    if fields["referrer"] not in {"", "-"}:
        page["referrer"] = fields["referrer"]
    context: dict[str, Any] = {"page": page}
    if agent:
        context["userAgent"] = agent
    return {
        "type": "page",
        "messageId": _hash("\n".join(fields.values()), key),
        "anonymousId": _hash(f"{fields['address']}\n{agent}", key),
        "timestamp": _time(fields["time"]),
        "context": context,
        "properties": page | {"status": int(fields["status"])},
    }


def _hash(text: str, key: bytes) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=key[:64]).hexdigest()


def _time(text: str) -> str:
    found = TIME.fullmatch(text)
    month = MONTHS.get(found[2]) if found else None
    if found is None or month is None:
        raise Unfit(Reason.BAD_TIMESTAMP, f"{text[:60]!r} is not a time")
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        hour, minute, second = map(int, found.group(4, 5, 6))
        local = datetime(int(found[3]), month, int(found[1]), hour, minute, second, tzinfo=UTC)
        return timestamps.iso(timestamps.milliseconds(local + offset if found[7] == "-" else local - offset))
    except (ValueError, OverflowError):
        raise Unfit(Reason.BAD_TIMESTAMP, f"{text[:60]!r} is not a time") from None
