"""The errors that Aparté raises on purpose.

AparteError
├── BadInput        something given from outside is wrong: what, where, what to do
│   └── ConditionError   (targeting.conditions) a condition is refused, with line and column
└── Unavailable     a file or a service cannot be used now
"""


class AparteError(Exception):
    """Base of every error that a user may see; its text is one line that says what to do."""


class BadInput(AparteError):
    """Something given from outside is wrong.

    `where` is a file, a file:line:column, a field; `hint` says what to do; both may be empty.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.hint})" if self.hint else text


class Unavailable(BadInput):
    """A file or a service cannot be used now: missing, a directory, truncated, not readable."""
