"""What is kept of each arm: counts, sums, sums of squares and products, added up by the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from aparte.attribution.facts import Facts
from aparte.experiments.pairs import Pair
from aparte.experiments.statistics import Sample, proportion
from aparte.reports.incrementality.model import Cut, Level
from aparte.reports.incrementality.persons import persons
from aparte.reports.scope import Scope

CUTS: Mapping[Level, tuple[Cut, ...]] = {
    "site": ("segment", "device", "source", "day"),
    "campaign": ("rule", "variant", "segment", "channel", "skill", "device", "source", "day"),
}
VALUES = (
    "buyer",
    "orders",
    "revenue",
    "margin",
    "net",
    "took",
    "earlier_orders",
    "earlier_revenue",
    "aided",
    "unaided",
)
"""What a person has; his sums and sums of squares are kept."""
PRODUCTS = (
    ("revenue", "orders"), ("buyer", "took"), ("revenue", "took"), ("buyer", "earlier_orders"),
    ("revenue", "earlier_revenue"), ("unaided", "aided"),
)  # fmt: skip
READ = "NOT again AND NOT mixed"
OLD = f"{READ} AND NOT young"


class Cell(Struct, frozen=True, kw_only=True):
    """One arm of one part; persons, and sums over those who are compared."""

    dealt: int = 0
    n: int = 0
    young: int = 0
    returning: int = 0
    mixed: int = 0
    merged: int = 0
    exposures: int = 0
    talked: int = 0
    invited: int = 0
    uncosted: int = 0
    cost: int = 0
    first_at: int | None = None
    sums: dict[str, int] = {}
    """`buyer`, and `buyer*buyer`, `revenue*orders`, ..."""
    spent: tuple[int, ...] = ()
    """What each who spent has spent, in no order that means anything."""

    def total(self, name: str) -> int:
        """The sum of a value over those compared."""
        return self.sums.get(name, 0)

    def sample(self, name: str) -> Sample:
        """The values of an arm; of `buyer` they are 0 or 1."""
        if name == "buyer":
            return proportion(self.n, self.total(name))
        return Sample(self.n, self.total(name), self.total(f"{name}*{name}"))

    def pair(self, y: str, x: str, *, binary: bool = False) -> Pair:
        """Two values of the same persons."""
        return Pair(
            self.n, self.total(y), self.total(f"{y}*{y}"), self.total(x), self.total(f"{x}*{x}"),
            self.total(f"{y}*{x}"), binary,
        )  # fmt: skip


Part = tuple[str, Cut, str]
"""Campaign or "", cut, value of the cut."""
Arms = dict[Part, dict[str, Cell]]
"""Part -> `treated` or the hold-out's name -> what is kept of it."""


def cells(
    facts: Facts, scope: Scope, level: Level, period: tuple[int, int], leads: list[str], cuts: Sequence[Cut]
) -> Arms:
    """All arms of a level, as a whole and by these cuts, in one question."""
    sql, values = persons(scope, level, period, leads)
    found: Arms = defaultdict(dict)
    for row in facts.ask(sql + question(cuts), values).dicts():
        part: Part = (row.pop("split"), row.pop("cut"), row.pop("value"))
        side = row.pop("side")
        found[part][side] = cell_of(row)
    return found


def question(cuts: Sequence[Cut]) -> str:
    """What is added up for each part and side."""
    whole = "{cut: '', value: ''}"
    parts = ", ".join([whole, *(f"{{cut: '{one}', value: coalesce({one}::VARCHAR, '')}}" for one in cuts)])
    sums = ",\n    ".join(summed())
    return f"""SELECT split, side, part.cut, part.value,
    count(*) FILTER ({READ}) AS dealt, count(*) FILTER ({OLD}) AS n, count(*) FILTER ({READ} AND young) AS young,
    count(*) FILTER (again) AS "returning", count(*) FILTER (mixed) AS mixed, sum(merged)::BIGINT AS merged,
    count(*) AS exposures, count(*) FILTER ({OLD} AND talked) AS talked,
    count(*) FILTER ({OLD} AND invited) AS invited,
    coalesce(sum(uncosted) FILTER ({OLD}), 0)::BIGINT AS uncosted,
    coalesce(sum(cost) FILTER ({OLD}), 0)::BIGINT AS cost,
    min(from_at) FILTER ({READ}) AS first_at, list(revenue) FILTER ({OLD} AND revenue > 0) AS spent,
    {sums}
FROM (SELECT *, margin - cost AS net, orders - aided AS unaided, unnest([{parts}]) AS part FROM person)
GROUP BY ALL ORDER BY 1, 2, 3, 4"""


def summed() -> list[str]:
    """Sums, exact: amounts times amounts are beyond 64 bits."""
    squares = [(one, one) for one in VALUES]
    return [f'coalesce(sum({one}) FILTER ({OLD}), 0) AS "{one}"' for one in VALUES] + [
        f'coalesce(sum({one}::HUGEINT * {other}) FILTER ({OLD}), 0) AS "{one}*{other}"'
        for one, other in (*squares, *PRODUCTS)
    ]


def cell_of(row: dict[str, Any]) -> Cell:
    """A row of the answer."""
    plain = {name: row.pop(name) for name in list(row) if name in Cell.__struct_fields__}
    plain["spent"] = tuple(plain.pop("spent") or ())
    return Cell(**plain, sums={name: int(value) for name, value in row.items()})
