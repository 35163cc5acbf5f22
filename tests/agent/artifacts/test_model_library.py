from __future__ import annotations

import platform
import struct
import sys

import pytest

from localloom_agent.artifacts.model_library import LIBRARY_SYMBOL, OLD_LIBRARY_SYMBOL, check_library
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.taxonomy import Category

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux's libraries are looked into")
HERE = {"x86_64": 62, "aarch64": 183}[platform.machine()] if sys.platform == "linux" else 0
ELSEWHERE = 183 if HERE == 62 else 62


def elf(symbol: str, machine: int = HERE, *, bits: int = 2, order: int = 1) -> bytes:
    """A shared library with one dynamic symbol and no code: header, strings, symbols, table of sections."""
    strings = b"\0" + symbol.encode() + b"\0"
    symbols = bytes(24) + struct.pack("<IBBHQQ", 1, 0x11, 0, 1, 0, 0)
    strings_at, symbols_at = 64, 64 + len(strings)
    sections_at = symbols_at + len(symbols)
    header = struct.pack(
        "<4sBBB9xHHIQQQIHHHHHH",
        b"\x7fELF",
        bits,
        order,
        1,
        3,
        machine,
        1,
        0,
        0,
        sections_at,
        0,
        64,
        0,
        0,
        64,
        3,
        0,
    )
    sections = [
        bytes(64),
        struct.pack("<IIQQQQIIQQ", 0, 11, 0, 0, symbols_at, len(symbols), 2, 0, 8, 24),
        struct.pack("<IIQQQQIIQQ", 0, 3, 0, 0, strings_at, len(strings), 0, 0, 1, 0),
    ]
    return header + strings + symbols + b"".join(sections)


@pytest.fixture
def fault_of(tmp_path):
    """Write a library and check it; the fault that this ends in."""

    def check(content: bytes) -> EngineFault:
        path = tmp_path / "model.so"
        path.write_bytes(content)
        with pytest.raises(EngineFault) as caught:
            check_library(path)
        assert caught.value.facts.keys() <= FACT_NAMES
        assert caught.value.facts["artifact.file"] == "model.so"
        return caught.value

    return check


def test_a_library_for_this_machine_passes(tmp_path):
    """A whole library with today's symbol passes, with its size."""
    path = tmp_path / "model.so"
    path.write_bytes(elf(LIBRARY_SYMBOL))
    assert check_library(path) == path.stat().st_size


def test_a_foreign_processor_is_named_with_ours(fault_of):
    """A library of another processor is artifact.incompatible and names both, where the loader says "no such file"."""
    fault = fault_of(elf(LIBRARY_SYMBOL, ELSEWHERE))
    names = {62: "x86-64", 183: "aarch64"}
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert fault.facts["artifact.expected"] == f"{names[HERE]} ELF library"
    assert fault.facts["artifact.actual"] == f"{names[ELSEWHERE]} ELF library"


@pytest.mark.parametrize("bits", [1, 2])
def test_another_word_size_or_byte_order_is_foreign(bits, fault_of):
    """32 bits, or the other byte order, is another machine."""
    fault = fault_of(elf(LIBRARY_SYMBOL, bits=bits, order=1 if bits == 1 else 2))
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE


def test_a_library_of_an_old_tvm_is_told_by_its_symbol(fault_of):
    """The old symbol is artifact.incompatible, by its name, and a library without either is no model's."""
    fault = fault_of(elf(OLD_LIBRARY_SYMBOL))
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert OLD_LIBRARY_SYMBOL in fault.facts["artifact.actual"]
    fault = fault_of(elf("main"))
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert fault.facts["artifact.actual"] == "no symbol of TVM's"


@pytest.mark.parametrize("left", [10, 70, 150, -1])
def test_a_cut_library_is_corrupt_with_its_sizes(left, fault_of):
    """A library cut anywhere is artifact.corrupt: the loader would die of SIGBUS."""
    whole = elf(LIBRARY_SYMBOL)
    fault = fault_of(whole[:left])
    assert fault.category is Category.ARTIFACT_CORRUPT
    assert fault.facts["artifact.actual_bytes"] == len(whole[:left])
    assert fault.facts.get("artifact.expected_bytes", len(whole)) == len(whole)


@pytest.mark.parametrize(
    ("content", "category", "actual"),
    [
        (b"", Category.ARTIFACT_CORRUPT, "empty file"),
        (b"version https://git-lfs.github.com/spec/v1\n", Category.ARTIFACT_CORRUPT, "Git LFS pointer"),
        (b"<!doctype html><p>404", Category.ARTIFACT_CORRUPT, "HTML page"),
        (b"garbage", Category.ARTIFACT_CORRUPT, "unknown format"),
        (b"\xcf\xfa\xed\xfe" + bytes(60), Category.ARTIFACT_INCOMPATIBLE, "Mach-O library of macOS"),
        (b"MZ" + bytes(60), Category.ARTIFACT_INCOMPATIBLE, "DLL of Windows"),
        (b"\0asm\1\0\0\0", Category.ARTIFACT_INCOMPATIBLE, "WebAssembly module"),
        (b"!<arch>\n", Category.ARTIFACT_INCOMPATIBLE, "static library"),
    ],
)
def test_what_is_no_library_is_said(content, category, actual, fault_of):
    """Pointers, pages and other systems' formats are recognised for what they are."""
    fault = fault_of(content)
    assert fault.category is category
    assert fault.facts["artifact.actual"] == actual


def test_symbols_that_point_outside_of_the_file_do_no_harm(fault_of):
    """A damaged table of symbols is read as far as it goes."""
    content = bytearray(elf(LIBRARY_SYMBOL))
    (sections_at,) = struct.unpack_from("<Q", content, 40)
    struct.pack_into("<QQ", content, sections_at + 64 + 24, 1 << 40, 1 << 50)
    assert fault_of(bytes(content)).category is Category.ARTIFACT_INCOMPATIBLE


def test_a_folder_is_no_library(tmp_path):
    """The path of a folder is artifact.model_not_found."""
    with pytest.raises(EngineFault) as caught:
        check_library(tmp_path)
    assert caught.value.category is Category.ARTIFACT_MODEL_NOT_FOUND
