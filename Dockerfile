# Two images of one distribution, `agent` and `collector`; and `test`, which only the fleet's test uses.
# docker-compose.yml builds them. Both images on any machine: BASE. What pip needs to reach its index: the build secret
# `pip`, a pip.conf; docker-compose.yml takes the one that PIP_CONFIG_FILE names.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS base
ENV PATH=/opt/localloom/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/localloom
# A number of its own, so that files in volumes mean the same user in every image.
RUN groupadd --system --gid 10001 localloom \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/localloom --shell /usr/sbin/nologin localloom \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/localloom /var/cache/localloom

# What each image and the build ask for, a file each: the layers below stay as long as those, and the pins, do.
FROM base AS requirements
COPY pyproject.toml /
RUN python3 - <<'EOF'
import pathlib
import tomllib

project = tomllib.loads(pathlib.Path("/pyproject.toml").read_text())["project"]
for extra, needs in project["optional-dependencies"].items():
    wanted = [*project["dependencies"], *needs] if extra in ("agent", "collector") else needs
    pathlib.Path(f"/{extra}.txt").write_text("\n".join(wanted) + "\n")
EOF

FROM base AS environment
ENV HOME=/root \
    PIP_CONFIG_FILE=/run/secrets/pip \
    PIP_CONSTRAINT=/src/constraints.txt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python3 -m venv --without-pip /opt/localloom
COPY constraints.txt ./

FROM environment AS agent-environment
COPY --from=requirements /agent.txt ./
RUN --mount=type=cache,target=/root/.cache --mount=type=secret,id=pip \
    pip --python /opt/localloom/bin/python install --quiet -r agent.txt

FROM environment AS collector-environment
COPY --from=requirements /collector.txt ./
RUN --mount=type=cache,target=/root/.cache --mount=type=secret,id=pip \
    pip --python /opt/localloom/bin/python install --quiet -r collector.txt

FROM environment AS wheel
COPY --from=requirements /build.txt ./
RUN --mount=type=cache,target=/root/.cache --mount=type=secret,id=pip \
    python3 -m venv --without-pip /opt/build \
 && pip --python /opt/build/bin/python install --quiet -r build.txt
COPY pyproject.toml README.md ./
COPY proto proto
COPY diagnosis diagnosis
COPY agent agent
COPY collector collector
RUN /opt/build/bin/python -m hatchling build -t wheel -d /wheel

FROM base AS agent
COPY --from=agent-environment /opt/localloom /opt/localloom
RUN --mount=type=bind,from=wheel,source=/wheel,target=/wheel \
    pip --python /opt/localloom/bin/python install --quiet --no-cache-dir --no-deps --no-index /wheel/*.whl
COPY packaging/container/localloom-agent-loop /usr/local/bin/
ENV LOCALLOOM_STATE_DIR=/var/lib/localloom \
    LOCALLOOM_CACHE_DIR=/var/cache/localloom
USER 10001:10001
WORKDIR /var/lib/localloom
HEALTHCHECK --interval=30s --timeout=10s --start-period=15m --start-interval=2s \
    CMD ["localloom-agent-loop", "--healthy"]
CMD ["localloom-agent-loop"]

FROM base AS collector
COPY --from=collector-environment /opt/localloom /opt/localloom
RUN --mount=type=bind,from=wheel,source=/wheel,target=/wheel \
    pip --python /opt/localloom/bin/python install --quiet --no-cache-dir --no-deps --no-index /wheel/*.whl
COPY packaging/container/localloom-compose /usr/local/bin/
# Mount points: a new volume takes their owner.
RUN for part in authority database collector agent; do install -d -o 10001 -g 10001 -m 0750 "/secrets/$part"; done
USER 10001:10001
WORKDIR /var/lib/localloom
EXPOSE 50051
HEALTHCHECK --interval=10s --timeout=10s --start-period=1m --start-interval=1s \
    CMD ["localloom-collector", "health"]
CMD ["localloom-collector", "serve"]

# Never for people: the agent with the plug-in that makes it fail, a hub that misbehaves, and what spoils a network.
FROM agent AS test
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends iptables >/dev/null \
 && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache --mount=type=secret,id=pip \
    --mount=type=bind,from=environment,source=/src,target=/src \
    HOME=/root PIP_CONFIG_FILE=/run/secrets/pip PIP_ROOT_USER_ACTION=ignore \
    pip --python /opt/localloom/bin/python install --quiet -c /src/constraints.txt trustme
COPY tests/faults /opt/localloom-test/faults
COPY tests/hub /opt/localloom-test/hub
COPY tests/fleet /opt/localloom-test/fleet
COPY agent/localloom_agent/canary /opt/localloom-test/canary
USER 10001:10001
