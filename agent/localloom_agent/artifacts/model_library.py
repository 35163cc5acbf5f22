"""A compiled model library: checked before it is loaded, because a loader crashes on a cut one and misreads a foreign one."""

from __future__ import annotations

import platform
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .json_file import foreign_content, permission_fault

LIBRARY_SYMBOL = "__tvm_ffi__library_bin"
"""What a library of today's TVM carries its modules under."""
OLD_LIBRARY_SYMBOL = "__tvm_dev_mblob"
"""The same before TVM's foreign function interface became a package of its own; today's loader knows nothing of it."""
_MACHINES = {3: "x86", 40: "arm", 62: "x86-64", 183: "aarch64", 243: "riscv64"}
"""ELF's `e_machine`, of the processors that people run models on."""
_OUR_NAMES = {"x86_64": "x86-64", "amd64": "x86-64", "arm64": "aarch64", "i386": "x86", "i686": "x86"}
_OTHER_FORMATS = {
    b"\xcf\xfa\xed\xfe": "Mach-O library of macOS",
    b"\xca\xfe\xba\xbe": "Mach-O library of macOS",
    b"MZ": "DLL of Windows",
    b"\0asm": "WebAssembly module",
    b"!<arch>": "static library",
}
_SYMBOL_TABLE, _DYNAMIC_SYMBOLS = 2, 11
"""ELF's section types."""


@dataclass(frozen=True, slots=True)
class ElfHeader:
    """What an ELF file says of itself at its beginning."""

    machine: str
    sections_at: int
    section_bytes: int
    sections: int

    @property
    def wanted_bytes(self) -> int:
        """How long the file must be: linkers put the table of sections last."""
        return self.sections_at + self.section_bytes * self.sections


def check_library(path: Path) -> int:
    """Make sure that `path` is a whole model library for this machine and for today's TVM.

    Only Linux's format is looked into; on other systems a library of their own is taken for sound.

    Returns:
        Its size in bytes.

    Raises:
        EngineFault: artifact.model_not_found, artifact.corrupt, artifact.incompatible or storage.permission.
    """
    try:
        data = path.read_bytes()
    except PermissionError as error:
        raise permission_fault(path) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        raise EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"there is no model library {path}; give the path of the shared library that mlc_llm compile made",
            {"artifact.file": path.name, "artifact.actual": "missing"},
        ) from error
    foreign = foreign_content(data[:256]) or ("" if data else "empty file")
    if foreign:
        raise _corrupt(path, f"is a {foreign}, not a library", {"artifact.actual": foreign})
    if data.startswith(b"\x7fELF"):
        _check_elf(path, data)
    elif sys.platform == "linux":
        other = next((what for magic, what in _OTHER_FORMATS.items() if data.startswith(magic)), None)
        if other is None:
            raise _corrupt(path, "is no library of any system", {"artifact.actual": "unknown format"})
        raise _incompatible(path, f"{_here()} ELF library", other)
    return len(data)


def _check_elf(path: Path, data: bytes) -> None:
    if sys.platform != "linux":
        raise _incompatible(path, f"library for {sys.platform}", "ELF library of Linux")
    header = _read_header(data)
    if header is None:
        facts: dict[str, str | int] = {
            "artifact.actual": "truncated file",
            "artifact.actual_bytes": len(data),
        }
        raise _corrupt(path, "ends inside its header", facts)
    if header.machine != _here():
        raise _incompatible(path, f"{_here()} ELF library", f"{header.machine} ELF library")
    if header.wanted_bytes > len(data):
        sizes: dict[str, str | int] = {
            "artifact.actual": "truncated file",
            "artifact.expected_bytes": header.wanted_bytes,
            "artifact.actual_bytes": len(data),
        }
        raise _corrupt(path, f"has {len(data)} bytes of at least {header.wanted_bytes}", sizes)
    symbols = _symbols(data, header)
    if LIBRARY_SYMBOL in symbols:
        return
    actual = (
        f"{OLD_LIBRARY_SYMBOL}, of an older TVM" if OLD_LIBRARY_SYMBOL in symbols else "no symbol of TVM's"
    )
    raise _incompatible(path, f"a library with the symbol {LIBRARY_SYMBOL}", actual)


def _read_header(data: bytes) -> ElfHeader | None:
    """The header of a 64-bit little-endian file; the class and byte order of others count as their machine."""
    if len(data) < 64:
        return None
    wide, little = data[4] == 2, data[5] == 1
    (machine,) = struct.unpack_from("<H" if little else ">H", data, 18)
    name = _MACHINES.get(machine, f"machine {machine}")
    if not (wide and little):
        return ElfHeader(f"{name} ({'64' if wide else '32'}-bit{'' if little else ', big-endian'})", 0, 0, 0)
    (sections_at,) = struct.unpack_from("<Q", data, 40)
    section_bytes, sections = struct.unpack_from("<HH", data, 58)
    return ElfHeader(name, sections_at, section_bytes, sections)


def _symbols(data: bytes, header: ElfHeader) -> set[str]:
    """Names in the symbol tables; what a damaged table leads to outside of the file is left out."""
    tables = []
    for i in range(header.sections):
        at = header.sections_at + i * header.section_bytes
        _, kind, _, _, start, size, link = struct.unpack_from("<IIQQQQI", data, at)
        tables.append((kind, start, size, link))
    names: set[str] = set()
    for kind, start, size, link in tables:
        if kind not in (_SYMBOL_TABLE, _DYNAMIC_SYMBOLS) or link >= len(tables):
            continue
        strings_at, strings_size = tables[link][1:3]
        strings = data[strings_at : strings_at + strings_size]
        for entry in range(start, min(start + size, len(data)) - 23, 24):
            (name_at,) = struct.unpack_from("<I", data, entry)
            names.add(strings[name_at : strings.find(b"\0", name_at)].decode(errors="replace"))
    return names


def _here() -> str:
    machine = platform.machine().lower()
    return _OUR_NAMES.get(machine, machine)


def _corrupt(path: Path, what: str, facts: dict[str, str | int]) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_CORRUPT,
        f"{path.name} {what}; compile or fetch it again",
        {"artifact.file": path.name, **facts},
    )


def _incompatible(path: Path, expected: str, actual: str) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"{path.name} cannot be loaded here: wanted {expected}, found {actual}; compile the model for this machine "
        "with the mlc-llm of this TVM",
        {"artifact.file": path.name, "artifact.expected": expected, "artifact.actual": actual},
    )
