"""What is planted in a fleet: failures that depend on something, some of them only from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localloom_diagnosis import Category, Phase


@dataclass(frozen=True, slots=True)
class Planted:
    """Runs with all of these attributes fail so, more often than others."""

    name: str
    category: Category
    phase: Phase
    where: tuple[tuple[str, str], ...]
    """Attributes and values, all of which hold."""
    rate: float
    """Of those runs, beyond what fails everywhere."""
    from_share: float = 0.0
    """The share of the period after which it begins: 0 is a correlation, more is a regression."""

    def holds(self, attributes: Mapping[str, object], share: float) -> bool:
        """Whether a run with these attributes, at that share of the period, is one of them."""
        return share >= self.from_share and all(attributes.get(name) == value for name, value in self.where)

    def to_json(self) -> dict[str, object]:
        """As the command prints it."""
        kind = "regression" if self.from_share else "correlation"
        return {
            "name": self.name, "kind": kind, "category": self.category.value, "phase": self.phase.value,
            "where": dict(self.where), "rate": self.rate, "from_share": self.from_share,
        }  # fmt: skip


#: What fails everywhere, and how often.
BACKGROUND: tuple[tuple[Category, Phase, float], ...] = (
    (Category.NETWORK_TIMEOUT, Phase.WEIGHTS, 0.015),
    (Category.NETWORK_HTTP_ERROR, Phase.METADATA, 0.008),
    (Category.STORAGE_QUOTA_OR_DISK_FULL, Phase.WEIGHTS, 0.010),
    (Category.ARTIFACT_CORRUPT, Phase.WEIGHTS, 0.006),
    (Category.GPU_OUT_OF_MEMORY, Phase.LOAD, 0.020),
    (Category.HOST_OUT_OF_MEMORY, Phase.LOAD, 0.008),
    (Category.COMPILE_FAILED, Phase.COMPILE, 0.004),
    (Category.PROCESS_CRASHED, Phase.GENERATE, 0.005),
    (Category.PROCESS_HUNG, Phase.GENERATE, 0.003),
)

PLANTED: tuple[Planted, ...] = (
    Planted("old driver", Category.GPU_DRIVER, Phase.LOAD, (("hw.gpu.driver_version", "535.54"),), 0.30),
    Planted("integrated graphics", Category.GPU_UNSUPPORTED, Phase.PREFLIGHT, (("hw.gpu.vendor", "intel"),), 0.22),
    Planted(
        "one card on one system", Category.GPU_DEVICE_LOST, Phase.GENERATE,
        (("hw.gpu.model", "AMD Radeon RX 7600"), ("os.type", "linux")), 0.35,
    ),
    Planted(
        "new engine", Category.ARTIFACT_INCOMPATIBLE, Phase.COMPILE, (("engine.version", "0.28.0"),), 0.18, 0.6,
    ),
    Planted(
        "a site's network", Category.NETWORK_BLOCKED, Phase.METADATA, (("label.site", "classroom"),), 0.25, 0.8,
    ),
)  # fmt: skip
