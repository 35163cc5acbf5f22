"""Pure diagnosis of a local LLM that will not load or run: evidence in, verdict out. No I/O."""

from .diagnosis import RULES_VERSION, Candidate, Diagnosis, diagnose
from .evidence import FACT_NAMES, ErrorRecord, Evidence, Exchange, FactValue
from .taxonomy import Category, Outcome, Phase, PhaseStatus, Purpose

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
