// Stands for TVM's functions on strings, as far as the runtime uses them.
#pragma once

#include <cstring>
#include <string>

namespace tvm {
namespace support {

inline bool StartsWith(const std::string& text, const char* prefix) {
  return text.compare(0, std::strlen(prefix), prefix) == 0;
}

}  // namespace support
}  // namespace tvm
