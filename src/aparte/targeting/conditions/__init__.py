"""The condition language: a typed subset of CEL, checked when saved, compiled to Python, explained by clause.

    text --parse--> tree --check(scope)--> Checked --compile--> holds, may, value, deadlines
      ^--to_text--'  ^--from_json / to_json--> the stored form

Pure: no input or output, no clock, no dice. The names that conditions may read come as a `Scope`.
"""

from aparte.targeting.conditions.check import Checked, Warn, check
from aparte.targeting.conditions.compile import Compiler, compile_condition, compile_may, compile_value
from aparte.targeting.conditions.durations import format_duration, parse_duration
from aparte.targeting.conditions.evaluate import evaluate
from aparte.targeting.conditions.explain import Clause, explain
from aparte.targeting.conditions.forms import from_json, to_json
from aparte.targeting.conditions.model import (
    ANY,
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    NUMBER,
    STRING,
    And,
    Bool,
    ConditionError,
    Flow,
    Kind,
    Name,
    Node,
    Presence,
    Scope,
    Symbol,
    Type,
    list_of,
    names_in,
    walk,
)
from aparte.targeting.conditions.never import Limits, refuse_never
from aparte.targeting.conditions.parse import parse
from aparte.targeting.conditions.runtime import Absent, EvaluationError
from aparte.targeting.conditions.text import to_text
from aparte.targeting.conditions.timing import Deadline, deadlines

__all__ = [
    "ANY",
    "BOOL",
    "DOUBLE",
    "DURATION",
    "INT",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_TEXT",
    "NUMBER",
    "STRING",
    "Absent",
    "And",
    "Bool",
    "Checked",
    "Clause",
    "Compiler",
    "ConditionError",
    "Deadline",
    "EvaluationError",
    "Flow",
    "Kind",
    "Limits",
    "Name",
    "Node",
    "Presence",
    "Scope",
    "Symbol",
    "Type",
    "Warn",
    "check",
    "compile_condition",
    "compile_may",
    "compile_value",
    "deadlines",
    "evaluate",
    "explain",
    "format_duration",
    "from_json",
    "list_of",
    "names_in",
    "parse",
    "parse_duration",
    "refuse_never",
    "to_json",
    "to_text",
    "walk",
]
