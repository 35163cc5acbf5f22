"""Compiles CUDA source with NVIDIA's run-time compiler, which needs no toolkit and no host compiler."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

_CSTDINT = b"""
namespace cuda { namespace std {
typedef signed char int8_t; typedef short int16_t; typedef int int32_t; typedef long long int64_t;
typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
} }
"""
_TYPE_TRAITS = b"""
namespace cuda { namespace std {
template <class, class> struct is_same; template <class, class> extern const bool is_same_v;
template <class> struct is_integral; template <class> struct is_signed; template <class> struct is_unsigned;
template <class> struct is_floating_point; template <bool, class> struct enable_if;
template <bool, class, class> struct conditional;
} }
"""
_HEADERS = {b"cuda/std/cstdint": _CSTDINT, b"cuda/std/type_traits": _TYPE_TRAITS}
"""What TVM's code includes of NVIDIA's C++ library, which is a large package of its own. Our kernels use its integer
types; its traits are only mentioned, so they are declared and not defined: a use would be an error, not a surprise."""


class Nvrtc:
    """The compiler, behind the handful of its functions that are needed."""

    def __init__(self, library: ctypes.CDLL, includes: Sequence[Path]) -> None:
        """`includes`: folders with CUDA's own headers."""
        self._library = library
        self._includes = [str(folder) for folder in includes]
        library.nvrtcGetErrorString.restype = ctypes.c_char_p

    @property
    def version(self) -> str:
        """As "13.0"."""
        major, minor = ctypes.c_int(), ctypes.c_int()
        self._call("nvrtcVersion", ctypes.byref(major), ctypes.byref(minor))
        return f"{major.value}.{minor.value}"

    def compile(self, source: str, architecture: str) -> bytes:
        """Machine code (a cubin) for `architecture`, as "sm_90".

        Raises:
            RuntimeError: with the compiler's own messages, and without the source.
        """
        program = ctypes.c_void_p()
        count = len(_HEADERS)
        self._call(
            "nvrtcCreateProgram",
            ctypes.byref(program),
            source.encode(),
            b"localloom.cu",
            count,
            (ctypes.c_char_p * count)(*_HEADERS.values()),
            (ctypes.c_char_p * count)(*_HEADERS),
        )
        try:
            options = [f"--gpu-architecture={architecture}", "-default-device"]
            options += [f"--include-path={folder}" for folder in self._includes]
            encoded = (ctypes.c_char_p * len(options))(*(option.encode() for option in options))
            status = self._library.nvrtcCompileProgram(program, len(options), encoded)
            if status:
                said = self._text("nvrtcGetProgramLog", program).decode(errors="replace").strip()
                raise RuntimeError(f"NVRTC {self.version}: {self._reason(status)}: {said[:4000]}")
            return self._text("nvrtcGetCUBIN", program)
        finally:
            self._library.nvrtcDestroyProgram(ctypes.byref(program))

    def _text(self, function: str, program: ctypes.c_void_p) -> bytes:
        size = ctypes.c_size_t()
        self._call(f"{function}Size", program, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self._call(function, program, buffer)
        return buffer.raw

    def _call(self, function: str, *args: object) -> None:
        status = getattr(self._library, function)(*args)
        if status:
            raise RuntimeError(f"{function}: {self._reason(status)}")

    def _reason(self, status: int) -> str:
        return str(self._library.nvrtcGetErrorString(status).decode())
