import pytest

from localloom_agent.machine import windows

# github.com/RamazanKara/vramwatch, its tests' output of `reg query` for a Radeon RX 7900 XT on Windows 11, put
# together from one fixture a value. The same key also held the id of a virtual display.
RADEON = {
    "DriverDesc": "AMD Radeon RX 7900 XT",
    "MatchingDeviceId": "PCI\\VEN_1002&DEV_744C&SUBSYS_79051EAE&REV_CC",
    "HardwareInformation.qwMemorySize": 0x4FF000000,
}
VIRTUAL_DISPLAY = RADEON | {"MatchingDeviceId": "root\\sudomaker\\sudovda"}


def test_a_display_adapter_of_the_registry():
    """Name, memory above 4 GiB and ids come from the display class' key."""
    gpu = windows.parse_display_adapter(RADEON)
    assert gpu is not None
    assert (gpu.vendor, gpu.model, gpu.pci_id) == ("AMD", "AMD Radeon RX 7900 XT", "1002:744c")
    assert gpu.memory_total == 21458059264
    assert (gpu.driver_version, gpu.source) == (None, "registry")


def test_an_adapter_that_is_only_software_is_no_gpu():
    """A virtual display has no PCI id, and is left out."""
    assert windows.parse_display_adapter(VIRTUAL_DISPLAY) is None
    assert windows.parse_display_adapter({}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0x300000000, 12 << 30), (b"\x00\x00\x00\x00\x03\x00\x00\x00", 12 << 30), (0, None), ("x", None)],
)
def test_memory_may_be_a_number_or_bytes(value, expected):
    """Drivers write REG_QWORD or REG_BINARY; what is neither is unknown."""
    gpu = windows.parse_display_adapter(RADEON | {"HardwareInformation.qwMemorySize": value})
    assert gpu is not None
    assert gpu.memory_total == expected


def test_builds_have_names():
    """Windows 11 calls itself 10.0; its build tells."""
    assert windows._windows_name(22631, server=False) == "Windows 11"
    assert windows._windows_name(19045, server=False) == "Windows 10"
    assert windows._windows_name(20348, server=True) == "Windows Server"


def test_amds_own_version_is_the_drivers():
    """AMD writes its release beside Windows' version (github.com/MaynardMiner/SWARM/issues/49); people go by it.

    The values are of two machines: github.com/ethereum-mining/ethminer/issues/1116, github.com/patientx/ComfyUI-Zluda/pull/313.
    """
    entry = RADEON | {"DriverVersion": "22.19.659.0", "RadeonSoftwareVersion": "25.9.2"}
    gpu = windows.parse_display_adapter(entry)
    assert gpu is not None
    assert (gpu.driver_version, gpu.pci_revision) == ("25.9.2", "cc")


# github.com/RainbowMiner/RainbowMiner/issues/1451 and github.com/sebhildebrandt/systeminformation/issues/790 (both
# Get-CimInstance Win32_VideoController | fl *), github.com/Timthreetwelve/TimVer/issues/103 (AdapterRAM of a card of
# 16 GB): values as posted, put together from several machines; the notation is ConvertTo-Json's. The id of the remote
# adapter is as several public programs that filter it quote it.
CIM = r"""[
 {"Name": "AMD Radeon RX 5600 XT", "AdapterRAM": 4293918720, "DriverVersion": null,
  "PNPDeviceID": "PCI\\VEN_1002&DEV_731F&SUBSYS_57101682&REV_CA\\6&700100E&0&00000008"},
 {"Name": "Intel(R) UHD Graphics", "AdapterRAM": 1073741824, "DriverVersion": null,
  "PNPDeviceID": "PCI\\VEN_8086&DEV_9BC4&SUBSYS_170D1043&REV_05\\3&11583659&0&10"},
 {"Name": "Microsoft Remote Display Adapter", "PNPDeviceID": "SWD\\REMOTEDISPLAYENUM\\RDPIDD_INDIRECTDISPLAY"}
]"""


def test_cim_lists_the_adapters():
    """Name, ids and revision are read; a size at the 32-bit limit says nothing; a virtual adapter is no GPU."""
    amd, intel = windows.parse_video_controllers(CIM, [])
    assert (amd.model, amd.pci_id, amd.pci_revision, amd.memory_total) == (
        "AMD Radeon RX 5600 XT",
        "1002:731f",
        "ca",
        None,
    )
    assert (intel.pci_id, intel.memory_total, intel.source) == ("8086:9bc4", 1 << 30, "cim")


def test_one_adapter_alone_is_no_list():
    """ConvertTo-Json writes one object bare; other texts are a note."""
    notes: list[str] = []
    (gpu,) = windows.parse_video_controllers(
        '{"Name": "GPU", "PNPDeviceID": "PCI\\\\VEN_10DE&DEV_2204&REV_A1"}', notes
    )
    assert gpu.pci_id == "10de:2204"
    assert windows.parse_video_controllers("Get-CimInstance : Access denied", notes) == []
    assert windows.parse_video_controllers("", notes) == []
    assert notes == ["Get-CimInstance: not the JSON expected"]
