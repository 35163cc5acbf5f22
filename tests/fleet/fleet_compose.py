"""The tested fleet: docker compose under a name of its own, what is asked of it, and how it is taken away."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = (ROOT / "docker-compose.yml", ROOT / "tests" / "fleet" / "fleet.yml")
AT_ONCE = 4
"""Members that probe at the same time: more only keep each other waiting on the two cores that CI has."""
PATIENCE_S = 600.0
"""For what takes seconds on an idle machine."""


def docker(*args: str, check: bool = True, timeout: float = PATIENCE_S) -> str:
    """What a docker command prints on stdout."""
    done = subprocess.run(
        ["docker", *args], capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT
    )
    if check and done.returncode:
        raise AssertionError(
            f"docker {' '.join(args)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def wait_until(what: str, holds: Any, timeout_s: float = PATIENCE_S, pause_s: float = 0.5) -> Any:
    """Wait for a condition; returns what it came to."""
    deadline = time.monotonic() + timeout_s
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(pause_s)
    return found


def _spread(found: list[list[str]]) -> Callable[[str], float]:
    """An order in which each service's containers lie evenly among the others': time must not explain a fault."""
    many = Counter(service for _, service, _ in found)
    places = {}
    for container, service, number in found:
        offset = hashlib.sha256(service.encode()).digest()[0] / 256
        places[container] = (int(number) - 1 + offset) / many[service]
    return places.__getitem__


@dataclass(frozen=True, slots=True)
class Statement:
    """What a member says of itself, in its log, once it has ended."""

    service: str
    exit_code: int
    runs: list[dict[str, Any]]
    """The documents of its probes, in order."""
    outbox: dict[str, Any]


@dataclass(slots=True)
class Fleet:
    """A compose project of this checkout's own: two checkouts can be tested side by side."""

    name: str = field(
        default_factory=lambda: f"localloom-test-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    )
    steps: list[tuple[str, float]] = field(default_factory=list)
    """What took how many seconds."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Of the images, in bytes."""

    def compose(self, *args: str, check: bool = True) -> str:
        """What a `docker compose` command for this project prints on stdout."""
        files = [word for file in FILES for word in ("-f", str(file))]
        os.environ["LOCALLOOM_TAG"] = self.name
        return docker("compose", "--ansi=never", *files, "-p", self.name, *args, check=check)

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Something whose time is reported."""
        began = time.monotonic()
        yield
        self.steps.append((what, time.monotonic() - began))

    def expected(self) -> dict[str, tuple[str, int]]:
        """What each member has to come to, and how many there are of it; from the labels in fleet.yml."""
        services = json.loads(self.compose("config", "--format", "json"))["services"]
        return {
            name: (service["labels"]["localloom.expect"], service.get("deploy", {}).get("replicas", 1))
            for name, service in services.items()
            if "localloom.expect" in service.get("labels", {})
        }

    def containers(self, *services: str) -> list[str]:
        """Ids of the containers of these services, running or not."""
        ours = f"label=com.docker.compose.project={self.name}"
        numbered = "label=com.docker.compose.container-number"  # not what runs beside a container
        shown = (
            '{{.ID}} {{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.container-number"}}'
        )
        listed = docker(
            "ps", "--all", "--no-trunc", "--filter", ours, "--filter", numbered, "--format", shown
        ).splitlines()
        found = [line.split() for line in listed]
        return sorted((c for c, name, _ in found if name in services), key=_spread(found))

    def state(self, container: str) -> dict[str, Any]:
        """The engine's view of a container's process."""
        found: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", container))
        return found

    def run_to_the_end(self, containers: list[str]) -> None:
        """Start containers, a few at a time, and wait until each has ended."""
        waiting, running = list(containers), set[str]()
        deadline = time.monotonic() + PATIENCE_S
        while waiting or running:
            assert time.monotonic() < deadline, (
                f"{len(running)} members do not end, {len(waiting)} never began"
            )
            while waiting and len(running) < AT_ONCE:
                docker("start", waiting[0])
                running.add(waiting.pop(0))
            still = docker(
                "ps", "--quiet", "--no-trunc", "--filter", f"label=com.docker.compose.project={self.name}"
            )
            running &= set(still.split())
            time.sleep(0.3)

    def keeps(self, container: str) -> bool:
        """Whether a member's outbox holds what nobody has acked."""
        outbox = json.loads(docker("exec", container, "localloom-agent", "outbox", "--json"))["outbox"]
        return bool(outbox["pending_chunks"])

    def statement(self, container: str) -> Statement:
        """What a member that has ended says of itself."""
        service = docker(
            "inspect", "--format", '{{index .Config.Labels "com.docker.compose.service"}}', container
        )
        text, decoder, documents = docker("logs", container), json.JSONDecoder(), []
        while text := text.lstrip():
            document, end = decoder.raw_decode(text)
            documents.append(document)
            text = text[end:]
        (outbox,) = (document["outbox"] for document in documents if "outbox" in document)
        return Statement(
            service=service.strip(),
            exit_code=self.state(container)["ExitCode"],
            runs=[document for document in documents if "outbox" not in document],
            outbox=outbox,
        )

    def ask(self, *args: str) -> dict[str, Any]:
        """What the collector's own command line says, in its container."""
        (collector,) = self.containers("collector")
        answer: dict[str, Any] = json.loads(docker("exec", collector, "localloom-collector", *args, "--json"))
        return answer

    def sql(self, query: str) -> list[list[str]]:
        """Rows straight from the database."""
        (database,) = self.containers("database")
        said = docker("exec", database, "psql", "-U", "localloom", "-AtF\t", "-c", query)
        return [line.split("\t") for line in said.splitlines()]

    def beside(self, container: str, *command: str, detached: bool = False) -> str:
        """Run a program of the test's image, as root, in another container's network."""
        options = ["--detach"] if detached else []
        return docker(
            "run", "--rm", *options, "--label", f"com.docker.compose.project={self.name}", "--user", "0",
            "--cap-add", "NET_ADMIN", "--network", f"container:{container}", "--entrypoint", command[0],
            f"localloom-test:{self.name}", *command[1:],
        )  # fmt: skip

    def remove(self) -> None:
        """Take away all that goes by the project's name: containers, networks, volumes, the images' tags."""
        of_ours = ("--filter", f"label=com.docker.compose.project={self.name}")
        if strays := docker("ps", "--all", "--quiet", *of_ours).split():
            docker("rm", "--force", "--volumes", *strays, check=False)
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "0")
        for image in ("collector", "agent", "test"):
            docker("image", "rm", "--force", f"localloom-{image}:{self.name}", check=False)

    def left_behind(self) -> list[str]:
        """Containers, networks and volumes that still go by the project's name."""
        of_ours = ("--filter", f"label=com.docker.compose.project={self.name}", "--quiet")
        return [
            *docker("ps", "--all", *of_ours).split(),
            *docker("network", "ls", *of_ours).split(),
            *docker("volume", "ls", *of_ours).split(),
        ]
