"""Statistics over a fleet: what failures go with, and what got worse. Pure, by the standard library alone.

The unit is always the machine: runs of one machine are not independent of each other.
"""

from .contingency import ALPHA, Table, p_value, phi
from .paired import Change, compare_pairs, mcnemar, more_than
from .population import Item, Population, exposure_class, time_classes
from .search import MIN_DIFFERENCE, MIN_MACHINES, Explained, Finding, Report, Tried, correlate
from .sentences import explained_sentence, finding_sentence, items_text

__all__ = [
    "ALPHA",
    "MIN_DIFFERENCE",
    "MIN_MACHINES",
    "Change",
    "Explained",
    "Finding",
    "Item",
    "Population",
    "Report",
    "Table",
    "Tried",
    "compare_pairs",
    "correlate",
    "explained_sentence",
    "exposure_class",
    "finding_sentence",
    "items_text",
    "mcnemar",
    "more_than",
    "p_value",
    "phi",
    "time_classes",
]
