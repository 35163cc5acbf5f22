"""Profiles on their way in: one name for one GPU whoever reports it, what was said beside it, each run with its own."""

from __future__ import annotations

import time
import uuid

from chunks import MACHINE, Run, passed_run
from collectors import BOTH
from stream_client import Agent

from localloom.fleet.v1 import event_pb2
from localloom_diagnosis.wire import attributes_to_wire

GIB = 2**30


def run_with(attributes, machine_id=None, **options) -> Run:
    """A passed run whose profile has these attributes."""
    run = Run(machine_id=machine_id, **options)
    run.start({**MACHINE, **attributes}).identify().seal()
    run.end().seal()
    return run


def deliver(collector, *runs: Run) -> None:
    for run in runs:
        with Agent(collector.address, machine_id=run.machine_id.bytes) as agent:
            agent.deliver(*run.chunks)
            assert not agent.nacks


@BOTH
def test_one_gpu_of_many_agents_is_one_row_of_a_report(collector, database):
    """Agents of any version and platform say the same GPU, driver and memory in their own words; reports show one."""
    said = (
        {"hw.gpu.vendor": "NVIDIA", "hw.gpu.model": "NVIDIA GeForce RTX 3060", "hw.gpu.driver_version": "565.90"},
        {"hw.gpu.vendor": "NVIDIA Corporation", "hw.gpu.model": "GeForce RTX 3060/PCIe/SSE2", "hw.gpu.driver_version": "32.0.15.6590"},
        {"hw.gpu.vendor": "0x10de", "hw.gpu.model": "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)",
         "hw.gpu.driver_version": "565.90.0.0", "hw.gpu.memory": 12 * GIB, "host.memory": 32 * GIB},
        {"hw.gpu.model": "GA106 [GeForce RTX 3060 Lite Hash Rate]", "hw.gpu.driver_version": "565.90"},
    )  # fmt: skip
    deliver(collector, *(run_with(attributes) for attributes in said))
    names = "hw.gpu.vendor,hw.gpu.model,hw.gpu.architecture,hw.gpu.driver_version,hw.gpu.memory,host.memory"
    (row,) = database.json("hardware", "--by", names)["hardware"]
    assert {name: row[name] for name in names.split(",")} == {
        "hw.gpu.vendor": "nvidia", "hw.gpu.model": "NVIDIA GeForce RTX 3060", "hw.gpu.architecture": "Ampere",
        "hw.gpu.driver_version": "565.90", "hw.gpu.memory": 12 * GIB, "host.memory": 32 * GIB,
    }  # fmt: skip
    assert row["machines"] == 4
    # What each agent said stays as it was.
    kept = {profile["attributes"]["hw.gpu.model"] for profile in database.rows("hardware_profiles")}
    assert kept == {attributes["hw.gpu.model"] for attributes in said}


@BOTH
def test_a_run_keeps_the_profile_it_had(collector, database):
    """A driver is updated between two runs of a machine: two profiles of one machine, each run with its own."""
    machine, now = uuid.uuid4(), time.time()
    before = run_with({"hw.gpu.driver_version": "31.0.15.3623"}, machine, started=now - 3600)
    after = run_with({"hw.gpu.driver_version": "560.94"}, machine, started=now - 60)
    deliver(collector, after, before)  # the older one comes late
    versions = {row["digest"]: row["hw_gpu_driver_version"] for row in database.rows("hardware_profiles")}
    of_run = {row["run_id"]: versions[row["profile_digest"]] for row in database.rows("runs")}
    assert of_run == {before.run_id: "536.23", after.run_id: "560.94"}
    assert len(database.rows("machines")) == 1
    (row,) = database.json("hardware", "--by", "hw.gpu.driver_version")["hardware"]
    assert (row["hw.gpu.driver_version"], row["machines"]) == ("560.94", 1)


@BOTH
def test_the_gpu_that_was_used_is_the_runs(collector, database):
    """A second profile in a run, of the GPU that the engine chose, is the one that the run is reported by."""
    run = Run().start({**MACHINE, "hw.gpu.model": "NVIDIA GeForce RTX 3060 Laptop GPU"})
    run.add(
        machine_profile=event_pb2.MachineProfile(
            digest=b"u" * 32,
            document_json='{"gpus": [{"model": "NVIDIA GeForce RTX 3060 Laptop GPU"}, {"model": "Intel(R) Iris(R) Xe Graphics"}], "gpu_used": 1}',
            attributes=attributes_to_wire({"hw.gpu.vendor": "intel", "hw.gpu.model": "Intel Iris Xe Graphics"}),
        )
    )  # fmt: skip
    run.identify().seal()
    run.end().seal()
    deliver(collector, run)
    (row,) = database.json("phases", "--by", "hw.gpu.model", "--where", "hw.gpu.architecture=Xe-LP")[
        "phases"
    ][:1]
    assert row["hw.gpu.model"] == "Intel Iris Xe Graphics"


@BOTH
def test_a_size_is_asked_for_as_it_was_sold(collector, database):
    """`--where host.memory=16GiB` finds a machine that reports 15.4 of it, and the reported figure finds it too."""
    deliver(collector, run_with({"host.memory": int(15.4 * GIB)}), passed_run())
    for asked in ("16GiB", "15.4GiB", str(int(15.4 * GIB))):
        rows = database.json("phases", "--by", "host.memory", "--where", f"host.memory={asked}")["phases"]
        assert {row["host.memory"] for row in rows} == {16 * GIB}, asked
