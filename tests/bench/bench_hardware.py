"""Times the naming of profiles in CPU time: a fleet of few kinds, and profiles none of which was seen before."""

from __future__ import annotations

import random
import time

from localloom_diagnosis.hardware import gpu, normalise

SAID = (
    {"hw.gpu.vendor": "NVIDIA", "hw.gpu.model": "NVIDIA GeForce RTX 3060", "hw.gpu.driver_version": "32.0.15.6590", "hw.gpu.pci_id": "10de:2504"},
    {"hw.gpu.model": "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)"},
    {"hw.gpu.vendor": "AMD", "hw.gpu.model": "AMD Radeon RX 6700 XT (RADV NAVI22)", "hw.gpu.driver_version": "Mesa 25.3.5-arch1.1"},
    {"hw.gpu.vendor": "Apple", "hw.gpu.model": "Apple M2 Pro"},
)  # fmt: skip
REST = {
    "os.type": "linux", "os.name": "Ubuntu", "os.version": "24.04", "hw.cpu.model": "12th Gen Intel(R) Core(TM) i7-12700H",
    "hw.cpu.vendor": "Intel", "hw.cpu.features": "aes,avx,avx2,f16c,fma", "host.memory": 16_500_000_000, "hw.gpu.memory": 12 << 30,
}  # fmt: skip


def main() -> None:
    """Print both figures, in microseconds a profile."""
    rng = random.Random(1)
    fleet = [{**REST, **rng.choice(SAID)} for _ in range(20_000)]
    new = [
        {**REST, **kind, "hw.gpu.model": f"{kind['hw.gpu.model']} {n}", "hw.cpu.model": f"CPU {n}"}
        for n, kind in enumerate(rng.choices(SAID, k=5_000))
    ]
    for name, profiles in (("of few kinds", fleet), ("never seen", new)):
        gpu._identify.cache_clear()
        began = time.process_time()
        for profile in profiles:
            normalise(profile)
        spent = (time.process_time() - began) / len(profiles) * 1e6
        print(f"{len(profiles)} profiles {name}: {spent:.0f} us a profile")


if __name__ == "__main__":
    main()
