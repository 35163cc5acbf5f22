"""Pure diagnosis of a local LLM that will not load or run: evidence in, verdict out. No I/O.

The rules are compiled when they are first asked for: the probed process imports only the taxonomy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diagnosis import diagnose
    from .evidence import FACT_NAMES, ErrorRecord, Evidence, Exchange, FactValue
    from .rules import RULES_VERSION
    from .taxonomy import Category, Outcome, Phase, PhaseStatus, Purpose
    from .verdict import Candidate, Diagnosis

_HOMES = {
    **dict.fromkeys(("Candidate", "Diagnosis"), "verdict"),
    "diagnose": "diagnosis",
    **dict.fromkeys(("FACT_NAMES", "ErrorRecord", "Evidence", "Exchange", "FactValue"), "evidence"),
    "RULES_VERSION": "rules",
    **dict.fromkeys(("Category", "Outcome", "Phase", "PhaseStatus", "Purpose"), "taxonomy"),
}

__all__ = [
    "FACT_NAMES",
    "RULES_VERSION",
    "Candidate",
    "Category",
    "Diagnosis",
    "ErrorRecord",
    "Evidence",
    "Exchange",
    "FactValue",
    "Outcome",
    "Phase",
    "PhaseStatus",
    "Purpose",
    "diagnose",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
