"""The fleet's model hubs, in one container: a good one, and one a port for each way of misbehaving."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path

from hub import Fault, Hub
from hub.certificates import Authority, Certificate

SHARD = "match=params_shard_0.bin"
FAULTS = {
    8000: "",
    8403: "status:status=403",
    8404: f"status:status=404,{SHARD}",
    8429: "status:status=429",
    8500: f"corrupt:{SHARD}",
    8443: "",
}


def main() -> None:
    """Serve the canary on all of the ports, until the container is stopped."""
    models = {"mlc-ai/canary": Path(sys.argv[1])}
    with contextlib.ExitStack() as open_hubs:
        for port, fault in FAULTS.items():
            context = Authority().context(Certificate.SELF_SIGNED) if port == 8443 else None
            hub = Hub(models, context=context, host="0.0.0.0", port=port)
            hub.misbehave(*([Fault.parse(fault)] if fault else []))
            open_hubs.enter_context(hub)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
