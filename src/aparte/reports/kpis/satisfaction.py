"""What customers say: CSAT, NPS, CES, and whether their matter was settled the first time. Of those who answered."""

from __future__ import annotations

from typing import Any

from aparte.experiments.proportions import nps as nps_of
from aparte.kit.days import HOUR
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.buying import with_notes
from aparte.reports.kpis.model import Figure, Find
from aparte.reports.kpis.shapes import early, mean, part, share

WEEK = 7 * 24 * HOUR
"""Within which a second contact says that the first has not settled it."""


def survey(asked: Asked) -> dict[str, Any]:
    """The answers of the conversations of these days in which an agent wrote."""
    where, values = asked.where("conversation")
    return asked.one(
        f"""SELECT count(*) FILTER (closed_at IS NOT NULL) AS asked, count(csat) AS csat, sum(csat) AS csat_sum,
            sum(csat * csat) AS csat_sq, count(*) FILTER (csat >= 4) AS csat_top, count(nps) AS nps,
            count(*) FILTER (nps >= 9) AS promoters, count(*) FILTER (nps <= 6) AS detractors, count(ces) AS ces,
            sum(ces) AS ces_sum, sum(ces * ces) AS ces_sq, count(*) FILTER (ces >= 5) AS ces_top,
            count(solved) AS solved_said, count(*) FILTER (solved) AS solved,
            count(*) FILTER (closed_at IS NOT NULL AND coalesce(csat, nps, ces) IS NOT NULL) AS answered
        FROM conversation WHERE {where} AND answered_at IS NOT NULL""",
        values,
    )


def csat(asked: Asked) -> Figure:
    """4 and 5 of all marks."""
    found = survey(asked)
    return share(part("csat_top", found["csat_top"]), part("csat_answers", found["csat"]))


def csat_mean(asked: Asked) -> Figure:
    """The mean mark."""
    found = survey(asked)
    return mean(part("csat_sum", found["csat_sum"]), part("csat_answers", found["csat"]), found["csat_sq"])


def response(asked: Asked) -> Figure:
    """Of the conversations that are over, after how many the survey was answered."""
    found = survey(asked)
    return share(part("surveys_answered", found["answered"]), part("conversations_over", found["asked"]))


def nps(asked: Asked) -> Figure:
    """Promoters less detractors, in points."""
    found = survey(asked)
    parts = tuple(part(name, found[at]) for name, at in (
        ("promoters", "promoters"), ("detractors", "detractors"), ("nps_answers", "nps")))  # fmt: skip
    if not found["nps"]:
        return Figure(why="none:nps_answers", parts=parts)
    told = nps_of(found["promoters"], found["detractors"], found["nps"])
    return Figure(value=told.score, n=told.n, low=told.low, high=told.high, parts=parts)


def ces(asked: Asked) -> Figure:
    """The mean of 1 to 7."""
    found = survey(asked)
    return mean(part("ces_sum", found["ces_sum"]), part("ces_answers", found["ces"]), found["ces_sq"])


def ces_top(asked: Asked) -> Figure:
    """5 to 7 of all."""
    found = survey(asked)
    return share(part("ces_top", found["ces_top"]), part("ces_answers", found["ces"]))


def solved(asked: Asked) -> Figure:
    """Of those who answered whether it was solved, how many said yes."""
    found = survey(asked)
    return share(part("solved", found["solved"]), part("solved_answers", found["solved_said"]))


def first_contact(asked: Asked) -> Figure:
    """Of the first contacts, how many had no other within 7 days after, by whatever channel.

    A contact is an answered conversation or a request; first: none in the 7 days before it.
    """
    where, values = asked.where("conversation", "t")
    site, now = asked.scope.site, asked.scope.now
    found = asked.one(
        f"""WITH contact AS (
            SELECT conversation AS id, person, opened_at AS came_at,
                greatest(last_at, answered_at) AS until, true AS talk
            FROM conversation WHERE site = ? AND answered_at IS NOT NULL
            UNION ALL SELECT request, person, created_at, created_at, false FROM request WHERE site = ?
        ), near AS (
            SELECT *, lag(until) OVER own AS before, lead(came_at) OVER own AS after FROM contact
            WINDOW own AS (PARTITION BY person ORDER BY came_at, id)
        ), first AS (
            SELECT n.*, n.until + {WEEK} <= ? AS over FROM near n
            JOIN conversation t ON t.site = ? AND t.conversation = n.id AND n.talk
            WHERE {where} AND (before IS NULL OR n.came_at - before > {WEEK}))
        SELECT count(*) FILTER (over) AS n, count(*) FILTER (NOT over) AS waiting,
            count(*) FILTER (over AND (after IS NULL OR after - until > {WEEK})) AS settled FROM first""",
        [site, site, now, site, *values],
    )
    done = share(part("settled_first", found["settled"]), part("first_contacts", found["n"]))
    return with_notes(early(done, found["waiting"], "contacts_not_over"), "any_matter")


FIND: dict[str, Find] = {
    "csat": csat,
    "csat_mean": csat_mean,
    "survey_response": response,
    "nps": nps,
    "ces": ces,
    "ces_top": ces_top,
    "fcr": first_contact,
    "fcr_survey": solved,
}
