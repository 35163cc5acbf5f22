"""Generates the Python modules beside the .proto files, or checks that they are not stale (`--check`)."""

from __future__ import annotations

import argparse
import filecmp
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
PACKAGE = PROTO / "localloom" / "fleet" / "v1"


def generate(out: Path) -> list[Path]:
    """Generate every module below `out`, and return the files made, sorted."""
    from grpc_tools import protoc

    sources = [str(path.relative_to(PROTO)) for path in sorted(PACKAGE.glob("*.proto"))]
    services = [name for name in sources if name.endswith("collector.proto")]
    include = str(Path(protoc.__file__).parent / "_proto")
    base = ["protoc", f"-I{PROTO}", f"-I{include}"]
    for args in (
        [*base, f"--python_out={out}", f"--pyi_out={out}", *sources],
        [*base, f"--grpc_python_out={out}", *services],
    ):
        if protoc.main(args) != 0:
            raise SystemExit("protoc failed; its own words are above")
    return sorted((out / "localloom" / "fleet" / "v1").glob("*_pb2*.py*"))


def main() -> int:
    """Write the generated modules, or say which of them are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a module is stale")
    if not parser.parse_args().check:
        for path in generate(PROTO):
            print(path.relative_to(ROOT))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder))
        stale = [
            p.name
            for p in made
            if not (PACKAGE / p.name).exists() or not filecmp.cmp(p, PACKAGE / p.name, shallow=False)
        ]
        extra = {p.name for p in PACKAGE.glob("*_pb2*.py*")} - {p.name for p in made}
    for name in [*stale, *sorted(extra)]:
        print(f"stale: proto/localloom/fleet/v1/{name}", file=sys.stderr)
    if stale or extra:
        print("run: make proto", file=sys.stderr)
    return 1 if stale or extra else 0


if __name__ == "__main__":
    sys.exit(main())
