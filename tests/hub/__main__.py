"""The hub as a command, for people and for tests in containers."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .faults import Fault, Kind
from .server import Hub, Served

EPILOG = f"""
A fault is KIND[:name=value,…]; names: match, times, at, status, rate, amount, location, and any header.
Kinds: {", ".join(kind.value for kind in Kind)}.

While it runs, PUT /-/faults takes a JSON list of faults, GET /-/requests gives the log, DELETE /-/requests empties it.

Examples:
  python -m tests.hub mlc-ai/canary=agent/localloom_agent/canary --port 8000
  python -m tests.hub org/model=FOLDER --fault status:status=429,Retry-After=2,times=3
  python -m tests.hub org/model=FOLDER --fault cut:match=params_shard_1.bin,at=0.6,times=1
  python -m tests.hub org/model=FOLDER --tls expired --bundle /tmp/authority.pem
  LOCALLOOM_HUB=http://127.0.0.1:8000 localloom-agent probe --model HF://mlc-ai/canary
"""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.hub",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", metavar="ORG/NAME=FOLDER")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT")
    parser.add_argument("--tls", choices=["good", "wrong-host", "self-signed", "expired"])
    parser.add_argument("--bundle", type=Path, help="write the authority's certificate there")
    options = parser.parse_args()
    context = None
    if options.tls:
        from .certificates import Authority, Certificate

        authority = Authority()
        context = authority.context(Certificate(options.tls))
        if options.bundle:
            authority.write_bundle(options.bundle)
    models = {name: Path(folder) for name, _, folder in (text.partition("=") for text in options.models)}
    hub = Hub(models, context=context, host=options.host, port=options.port, on_request=_say)
    hub.misbehave(*(Fault.parse(text) for text in options.fault))
    with hub:
        print(hub.url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


def _say(served: Served) -> None:
    extra = " ".join(part for part in (served.range, served.fault) if part)
    print(f"{served.status} {served.sent:>11} {served.path} {extra}".rstrip(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
