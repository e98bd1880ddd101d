"""The console's server with campaigns: it reads, checks and writes files and conditions with the engine's own code.

Only who is on the site and what the recorded days held is made up, and both are looked at, not answered by heart.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import msgspec
from console_server import ConsoleServer, error, now

from aparte.kit.errors import BadInput
from aparte.targeting.campaign import CampaignError, Loader, decode
from aparte.targeting.check import segment_scope
from aparte.targeting.conditions import check, parse
from aparte.targeting.conditions.rows import AnyRow, CompareRow, Row, rows_of
from aparte.targeting.locate import Path, Positions
from aparte.targeting.model import CampaignFile
from aparte.targeting.schema import scope
from aparte.targeting.vocabulary import OPERATORS, described, known_events, skills_of_file
from aparte.targeting.write import to_toml
from aparte.web.api_rules import OneRow, base_of, of_rows, of_text
from aparte.web.plain import Problem
from aparte.web.posted import without_nulls

Json = dict[str, Any]
Answer = tuple[int, Any]
WRITERS = {"admin", "manager", "supervisor"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "in": lambda one, all_: one in all_,
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, part: text.startswith(part),
    "is": operator.is_,
}


class Placed(Loader):
    """A loader that keeps the path of each fault, as the server says it."""

    def __init__(self, file: CampaignFile, text: str) -> None:
        super().__init__(file, "campaigns", Positions(text))
        self.paths: list[Json] = []

    def fault(self, path: Path, what: str, hint: str = "") -> None:
        super().fault(path, what, hint)
        line, column = self.positions.of(path)
        self.paths.append({"where": f"{line}:{column}", "path": list(path), "what": what, "hint": hint})


def faults_of(text: str) -> list[Json]:
    """Everything that is wrong with a file."""
    try:
        loader = Placed(decode(text, "campaigns"), text)
        loader.load()
    except CampaignError as refused:
        if "loader" in locals() and loader.paths:
            return loader.paths
        return [
            {"where": one.where.partition(":")[2], "path": [], "what": one.what, "hint": one.hint}
            for one in refused.faults
        ]
    return []


class CampaignServer(ConsoleServer):
    """One site whose campaigns are written, published and rolled back."""

    def __init__(self, text: str, people: list[Json], figures: dict[str, Json]) -> None:
        super().__init__()
        self.me["role"] = "manager"
        self.people, self.effects = people, figures
        self.versions: list[Json] = []
        self.draft: Json | None = None
        self.calls: list[tuple[str, str]] = []
        self.replays: dict[str, Json] = {}
        self.dead = False
        self.publish_text(text, "Inès Roy", "Première version", ago_days=9)

    # -- what a test says

    def publish_text(self, text: str, by: str, note: str, ago_days: float = 0) -> int:
        """The next version in force."""
        for one in self.versions:
            one["state"] = "archived"
        at = now() - int(ago_days * 86_400_000)
        made = {"version": len(self.versions) + 1, "state": "published", "text": text, "note": note, "published_at": at}
        self.versions.append(made | {"made_at": at, "made_by": by, "made_by_name": by})
        return len(self.versions)

    @property
    def published(self) -> Json:
        return self.versions[-1]

    def file(self) -> CampaignFile:
        return decode(self.published["text"], "published")

    def drafted(self) -> CampaignFile:
        assert self.draft is not None
        return decode(self.draft["text"], "draft")

    def somebody_else_saves(self, change: Callable[[Json], None]) -> None:
        """Another browser's change of the draft."""
        text = (self.draft or self.published)["text"]
        file = msgspec.to_builtins(decode(text, "draft"))
        change(file)
        self.keep(to_toml(msgspec.convert(file, CampaignFile)), "Inès Roy")

    def keep(self, text: str, by: str) -> None:
        revision = (self.draft["revision"] if self.draft else 0) + 1
        self.draft = {
            "revision": revision,
            "text": text,
            "based_on": len(self.versions),
            "made_at": now(),
            "made_by": by,
        }

    # -- what it answers

    async def api(self, method: str, path: str, body: Json, headers: Json) -> tuple[int, Json]:
        door, _, query = path.partition("?")
        parts = door.split("/")
        explained = parts[0] == "visitors" and parts[-1] == "explain"
        if parts[0] != "campaigns" and not explained:
            return await super().api(method, path, body, headers)
        self.calls.append((method, door))
        if not self.signed_in:
            return 401, error("signed_out")
        if method != "GET" and headers.get("aparte-console") != "1":
            return 403, error("forbidden")
        if self.dead:
            return 503, error("unavailable")
        if explained:
            return self.explain(parts[1])
        asks = parts[1:2] in (["condition"], ["match"], ["check"])
        if method != "GET" and not asks and self.me["role"] not in WRITERS:
            return 403, error("role")
        try:
            name = f"{method.lower()}_{parts[1] if len(parts) > 1 else 'list'}"
            answer: Answer = getattr(self, name)(body, parse_qs(query), parts[2:])
        except Problem as problem:
            return problem.status, {"error": {"code": problem.code, "what": problem.what}, **(problem.beside or {})}
        return answer

    def get_list(self, *_: Any) -> Answer:
        file, until = self.drafted() if self.draft else self.file(), now()
        old = {one.name: one for one in self.file().campaigns}
        rows = [self.row(old.get(one.name, one), old.get(one.name) != one) for one in file.campaigns]
        draft = {key: self.draft[key] for key in ("revision", "based_on", "made_at", "made_by")} if self.draft else None
        since = until - 28 * 86_400_000
        return 200, {
            "published": len(self.versions), "draft": draft, "campaigns": rows, "days": 28, "since": since,
            "until": until,
        }  # fmt: skip

    def row(self, campaign: Any, in_draft: bool) -> Json:
        counts = {"eligible": 0, "candidates": 0, "invited": 0, "shown": 0, "accepted": 0, "since": None}
        variants = campaign.experiment.variants if campaign.experiment else ()
        told = {
            "name": campaign.name, "label": campaign.label, "state": campaign.state, "goal": campaign.goal,
            "rules": len(campaign.rules), "holdout": campaign.holdout, "variants": len(variants), "in_draft": in_draft,
            "effect": None, "verdict": "not_started", "sparkline": None,
        }  # fmt: skip
        row = counts | told | self.effects.get(campaign.name, {})
        return row | ({"verdict": "paused"} if campaign.state == "archived" else {})

    def get_file(self, _: Json, query: dict[str, list[str]], *__: Any) -> Answer:
        version = query["version"][0]
        if version == "draft" and self.draft:
            found = self.draft | {"version": 0, "state": "draft", "note": ""}
        else:
            found = {"revision": 0, "based_on": None} | self.published
        file = msgspec.to_builtins(decode(found["text"], "file"))
        return 200, found | {"file": file, "warnings": []}

    def put_draft(self, body: Json, *_: Any) -> Answer:
        if body["revision"] != (self.draft["revision"] if self.draft else 0):
            return 409, error("changed_meanwhile")
        text = body.get("text")
        if text is None:
            text = to_toml(msgspec.convert(without_nulls(body["file"]), CampaignFile))
        faults = faults_of(text)
        if faults:
            return 400, error("bad_campaigns") | {"faults": faults}
        self.keep(text, self.me["id"])
        assert self.draft is not None
        return 200, {"revision": self.draft["revision"], "text": text, "warnings": []}

    def delete_draft(self, *_: Any) -> Answer:
        self.draft = None
        return 200, {}

    def post_publish(self, body: Json, *_: Any) -> Answer:
        if self.draft is None or body["revision"] != self.draft["revision"]:
            return 409, error("changed_meanwhile")
        version = self.publish_text(self.draft["text"], self.me["name"], body["note"])
        self.draft = None
        return 200, {"version": version}

    def post_rollback(self, body: Json, *_: Any) -> Answer:
        text = self.versions[body["version"] - 1]["text"]
        return 200, {"version": self.publish_text(text, self.me["name"], body["note"])}

    def get_versions(self, *_: Any) -> Answer:
        told = []
        for place, one in enumerate(self.versions):
            before = decode(self.versions[place - 1]["text"], "v").campaigns if place else ()
            old = {campaign.name: campaign for campaign in before}
            file = decode(one["text"], "v")
            changes = [
                {"campaign": each.name, "what": "changed" if each.name in old else "added", "members": ["rules"]}
                for each in file.campaigns
                if old.get(each.name) != each
            ]
            told.append({key: value for key, value in one.items() if key != "text"} | {"changes": changes})
        return 200, told[::-1]

    def get_schema(self, *_: Any) -> Answer:
        file = self.file()
        return 200, {
            "attributes": msgspec.to_builtins(described(base_of(file).measures.values(), file)),
            "operators": {name: list(all_) for name, all_ in OPERATORS.items()},
            "events": known_events(),
            "skills": sorted({"textile", *skills_of_file(file)}),
            "languages": ["fr", "en"],
        }

    def get_templates(self, *_: Any) -> Answer:
        rule = {
            "name": "stuck", "when": "session.payment_errors >= 1", "priority": 10,
            "offer": {"channel": "chat", "message": {"fr": "Un souci de paiement ?", "en": "Payment trouble?"}},
        }  # fmt: skip
        campaign = {
            "name": "payment-trouble", "sector": "retail",
            "label": {"fr": "Paiement difficile", "en": "Payment trouble"},
            "doc": {"fr": "Quand un paiement est refusé.", "en": "When a payment is refused."},
            "file": {"campaigns": [{"name": "payment-trouble", "rules": [rule]}]},
        }  # fmt: skip
        message = {"sector": "retail", "situation": "panier", "text": {"fr": "Besoin d’un avis ?", "en": "An opinion?"}}
        return 200, {"segments": [], "messages": [message], "campaigns": [campaign]}

    def post_condition(self, body: Json, *_: Any) -> Answer:
        file = msgspec.convert(without_nulls(body["file"]), CampaignFile)
        reads = scope(base_of(file).measures.values())
        reads = segment_scope(reads, {name: check(one.when, reads) for name, one in file.segments.items()})
        rows = body.get("rows")
        found = of_text(body["text"], reads) if rows is None else of_rows(msgspec.convert(rows, list[OneRow]), reads)
        return 200, msgspec.to_builtins(found)

    def post_match(self, body: Json, *_: Any) -> Answer:
        try:
            rows = rows_of(parse(body["when"]))
            check(body["when"], self.reads(body["file"]))
        except BadInput:
            return 400, error("bad_condition")
        left, counts = self.people, []
        for row in rows:
            left = [one for one in left if holds(row, one)]
            counts.append({"text": str(row), "matching": len(left)})
        held = sum(one["state"] == "held_out" for one in left)
        engaged = sum(one["state"] in {"invited", "chatting"} for one in left)
        examples = [
            {"visitor": one["visitor"], "label": one["label"], "path": one["page.path"], "dwell_s": one["page.dwell"],
             "cart_value": one["cart.value"], "state": one["state"]}
            for one in left[:5]
        ]  # fmt: skip
        return 200, {
            "online": len(self.people), "rows": counts, "matching": len(left), "held_out": held, "engaged": engaged,
            "invitable": len(left) - held - engaged, "unmeasured": 0, "examples": examples,
        }  # fmt: skip

    def reads(self, tables: Json) -> Any:
        file = msgspec.convert(without_nulls(tables), CampaignFile)
        reads = scope(base_of(file).measures.values())
        return segment_scope(reads, {name: check(one.when, reads) for name, one in file.segments.items()})

    def explain(self, visitor: str) -> Answer:
        person = next(one for one in self.people if one["visitor"] == visitor)
        rules = []
        for campaign in self.file().campaigns:
            for rule in campaign.rules:
                rows = rows_of(parse(rule.when))
                texts = [of_rows([row], self.reads({})).text if isinstance(row, CompareRow) else "" for row in rows]
                clauses = [
                    {"text": text, "answer": "true" if holds(row, person) else "false", "values": {}}
                    for row, text in zip(rows, texts, strict=True)
                ]
                yes = all(one["answer"] == "true" for one in clauses)
                gates = [{"gate": "frequency", "answer": "passes", "detail": ""}]
                rules.append(
                    {"rule": f"{campaign.name}/{rule.name}", "when": rule.when, "holds": yes, "eligible": yes,
                     "clauses": clauses, "gates": gates, "arms": {}, "next_look": None}
                )  # fmt: skip
        return 200, {"visitor": visitor, "at": now(), "rules": rules, "capacity": {}, "pacing": {}}

    def post_replay(self, body: Json, *_: Any) -> Answer:
        if any(one["state"] == "running" for one in self.replays.values()):
            return 409, error("busy")
        key = f"r{len(self.replays) + 1}"
        self.replays[key] = {"state": "running", "begun": time.monotonic(), "days": body["days"]}
        return 200, {"id": key}

    def get_replay(self, _: Json, __: Any, parts: list[str]) -> Answer:
        one = self.replays[parts[0]]
        taken = time.monotonic() - one["begun"]
        done = taken > 1
        one["state"] = "done" if done else "running"
        result = compared(int(one["days"])) if done else None
        return 200, {"state": one["state"], "seconds": 41.0, "progress": min(1.0, taken), "result": result, "error": ""}

    def delete_replay(self, _: Json, __: Any, parts: list[str]) -> Answer:
        self.replays.pop(parts[0])
        return 200, {}


def holds(row: Row, person: Json) -> bool:
    """Whether a row holds for somebody; what he lacks is unknown, so it does not."""
    if isinstance(row, AnyRow):
        return any(holds(one, person) for one in row.rows)
    if not isinstance(row, CompareRow):
        return True
    value = person.get(row.name)
    return value is not None and COMPARE[row.op](value, row.value)


def compared(days: int) -> Json:
    """Two sides in the shape of replay/compare.py."""

    def side(per_day: float, sent: int, chats: int, detect: int, share: float) -> Json:
        return {
            "invitations_per_day": per_day, "invitations": round(per_day * days), "peak_concurrent_chats": chats,
            "over_capacity": {"refused": 0, "sent": sent * days, "accepted_without_slot": 2.5},
            "agents_needed": (chats + 2) // 3, "days_to_detect": {"effect_pp": 2.0, "days": detect},
            "bought_without_help": share, "candidates": 2000, "eligible": 2400, "held_out": 210,
            "refrained": {}, "rules": {},
        }  # fmt: skip

    until = now()
    since = until - days * 86_400_000
    by_day = [
        {"day": time.strftime("%Y-%m-%d", time.gmtime(since / 1000 + place * 86_400)),
         "old": 110 + (place * 37) % 60, "new": 65 + (place * 23) % 35}
        for place in range(days)
    ]  # fmt: skip
    return {
        "events": 1_203_000, "sessions": 213_400, "days": float(days), "since": since, "until": until,
        "versions": {"old": side(131, 34, 11, 33, 0.098), "new": side(82, 6, 7, 37, 0.061)}, "by_day": by_day,
    }  # fmt: skip
