#!/bin/sh
# One member of the tested fleet: probes as it is told, delivers, then says what is left in its outbox.
set -u
cp -r /opt/localloom-test/canary /tmp/canary # a model that may be damaged
localloom-agent-loop --json --quiet "$@"
code=$?
localloom-agent outbox --json
exit "$code"
