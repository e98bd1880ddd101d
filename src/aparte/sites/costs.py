"""What help costs a site, and what it spares: told by the firm, used by reports and by the business case."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import asdict

from aparte.kit.errors import BadInput

MOST_MONEY = 10**14
"""Minor units; more is a slip of the hand."""
MOST_NAME = 100
MOST_DAYS = 365
AMOUNTS = ("software", "services", "call", "mail", "letter", "wage")
DEFAULT_FORMULA = "(incremental_margin + service_savings - total_cost) / total_cost"
"""Return on investment with the profit, as the text of the paper says, and not with the revenue, as it prints."""


class Costs(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Amounts are whole minor units of the site's currency; None: nobody has told, and what needs it is not known."""

    software: int = 0
    """A month."""
    services: int = 0
    """A month: set-up, training, consulting, spread over the months."""
    call: int | None = None
    """One call by phone, with everything."""
    mail: int | None = None
    letter: int | None = None
    wage: int | None = None
    """One hour of an agent whose team says no cost."""
    would_have_called: float | None = None
    """Calls that a chat spares, before calls that come all the same: 0 to 1."""
    would_have_mailed: float | None = None
    """E-mails that a chat spares: 0 to 100, as one matter may take several."""
    would_have_written: float | None = None
    """Letters that a chat spares: 0 to 1."""
    shrinkage: float = 0.0
    """Share of paid time that is no work: leave, training, illness. 0 up to, not including, 1."""
    return_window_days: int = 30
    """How long customers may give back: then a cohort's return rate is mature."""
    call_event: str = ""
    """Name of the event by which the shop tells that a visitor has called; empty: it does not tell."""
    mail_event: str = ""
    """The same for an e-mail."""


def checked_costs(costs: Costs) -> Costs:
    """The same; BadInput names the member that cannot be."""
    for name in AMOUNTS:
        within(name, getattr(costs, name), MOST_MONEY, "whole minor units, 0 or more")
    within("would_have_called", costs.would_have_called, 1, "0 to 1")
    within("would_have_written", costs.would_have_written, 1, "0 to 1")
    within("would_have_mailed", costs.would_have_mailed, 100, "0 to 100")
    within("shrinkage", costs.shrinkage, 0.95, "0 to 0.95")
    within("return_window_days", costs.return_window_days, MOST_DAYS, f"0 to {MOST_DAYS} days")
    for name in ("call_event", "mail_event"):
        if len(getattr(costs, name)) > MOST_NAME:
            raise BadInput("this name is too long", where=name, hint=f"at most {MOST_NAME} characters")
    return costs


def within(name: str, value: float | None, most: float, hint: str) -> None:
    """Refuse what is below 0, above the most, or no number."""
    if value is not None and not 0 <= value <= most:  # NaN neither; a whole number may be one that no float holds
        raise BadInput("this is out of reach", where=name, hint=hint)


def changed(before: Costs, after: Costs) -> str:
    """What the audit log says of a change: `call None > 650, shrinkage 0.0 > 0.3`."""
    old, new = asdict(before), asdict(after)
    return ", ".join(f"{name} {old[name]} > {new[name]}" for name in new if new[name] != old[name])
