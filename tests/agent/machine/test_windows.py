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
