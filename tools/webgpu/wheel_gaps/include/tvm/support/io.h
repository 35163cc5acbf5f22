// Stands for TVM's byte stream, which its runtime's sources read and write and the wheel leaves out.
#pragma once

#include <tvm/ffi/endian.h>

#include <cstddef>

namespace tvm {
namespace support {

template <typename T, typename Enable = void>
struct Serializer;  // how a type is laid out: serializer.h

class Stream {
 public:
  virtual ~Stream() = default;
  // Both move up to `size` bytes and return how many they moved.
  virtual size_t Read(void* data, size_t size) = 0;
  virtual size_t Write(const void* data, size_t size) = 0;

  template <typename T>
  bool Read(T* value) {
    return Serializer<T>::Read(this, value);
  }

  template <typename T>
  void Write(const T& value) {
    Serializer<T>::Write(this, value);
  }

  template <typename T>
  bool ReadArray(T* values, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (!Read(values + i)) return false;
    }
    return true;
  }

  template <typename T>
  void WriteArray(const T* values, size_t count) {
    for (size_t i = 0; i < count; ++i) Write(values[i]);
  }
};

}  // namespace support
}  // namespace tvm

#include <tvm/support/serializer.h>
