// Stands for the half-precision conversion of LLVM's compiler-rt under the one name that TVM's sort calls:
// IEEE 754 binary16 to binary32. Every binary16 value is exact in binary32.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

template <typename Source, typename SourceBits, int kSourceFraction, typename Target, typename TargetBits,
          int kTargetFraction>
Target __extendXfYf2__(Source bits) {
  static_assert(sizeof(Source) == 2 && kSourceFraction == 10 && kTargetFraction == 23, "binary16 to binary32 only");
  int exponent = (bits >> 10) & 0x1f;
  int fraction = bits & 0x3ff;
  Target magnitude;
  if (exponent == 0x1f) {
    magnitude = fraction ? std::numeric_limits<Target>::quiet_NaN() : std::numeric_limits<Target>::infinity();
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<Target>(fraction), -24);
  } else {
    magnitude = std::ldexp(static_cast<Target>(fraction | 0x400), exponent - 25);
  }
  return (bits & 0x8000) ? -magnitude : magnitude;
}
