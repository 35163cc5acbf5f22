// Stands for TVM's binary layout: plain values as their little-endian bytes, containers as a uint64 count and their
// elements, whatever the size of a pointer. What the compiler wrote on the host is read by this in the browser.
#pragma once

#include <tvm/ffi/container/array.h>
#include <tvm/ffi/container/map.h>
#include <tvm/ffi/dtype.h>
#include <tvm/ffi/string.h>
#include <tvm/support/io.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tvm {
namespace support {

static_assert(TVM_FFI_IO_NO_ENDIAN_SWAP, "WebAssembly is little-endian, and so is the file");

// Plain values. TVM's own structures (DLDevice, DLDataType) have no padding between their members.
template <typename T>
struct Serializer<T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, DLDataType> ||
                                      std::is_same_v<T, DLDevice>>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const T& value) {
    stream->Write(static_cast<const void*>(&value), sizeof(T));
  }
  static bool Read(Stream* stream, T* value) {
    return stream->Read(static_cast<void*>(value), sizeof(T)) == sizeof(T);
  }
};

template <>
struct Serializer<std::string> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const std::string& text) {
    stream->Write(static_cast<uint64_t>(text.size()));
    stream->Write(static_cast<const void*>(text.data()), text.size());
  }
  static bool Read(Stream* stream, std::string* text) {
    uint64_t size;
    if (!stream->Read(&size)) return false;
    text->resize(static_cast<size_t>(size));
    return stream->Read(static_cast<void*>(text->data()), text->size()) == text->size();
  }
};

template <>
struct Serializer<ffi::String> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const ffi::String& text) { stream->Write(std::string(text)); }
  static bool Read(Stream* stream, ffi::String* text) {
    std::string bytes;
    if (!stream->Read(&bytes)) return false;
    *text = ffi::String(std::move(bytes));
    return true;
  }
};

// What every sequence and every map has in common.
template <typename Container>
void WriteCounted(Stream* stream, const Container& container) {
  stream->Write(static_cast<uint64_t>(container.size()));
  for (const auto& element : container) stream->Write(element);
}

template <typename Element, typename Insert>
bool ReadCounted(Stream* stream, Insert insert) {
  uint64_t count;
  if (!stream->Read(&count)) return false;
  for (uint64_t i = 0; i < count; ++i) {
    Element element;
    if (!stream->Read(&element)) return false;
    insert(std::move(element));
  }
  return true;
}

template <typename First, typename Second>
struct Serializer<std::pair<First, Second>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const std::pair<First, Second>& pair) {
    stream->Write(pair.first);
    stream->Write(pair.second);
  }
  static bool Read(Stream* stream, std::pair<First, Second>* pair) {
    return stream->Read(&pair->first) && stream->Read(&pair->second);
  }
};

template <typename T>
struct Serializer<std::vector<T>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const std::vector<T>& values) { WriteCounted(stream, values); }
  static bool Read(Stream* stream, std::vector<T>* values) {
    values->clear();
    return ReadCounted<T>(stream, [&](T value) { values->push_back(std::move(value)); });
  }
};

template <typename T>
struct Serializer<ffi::Array<T>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const ffi::Array<T>& values) {
    stream->Write(std::vector<T>(values.begin(), values.end()));
  }
  static bool Read(Stream* stream, ffi::Array<T>* values) {
    *values = ffi::Array<T>();
    return ReadCounted<T>(stream, [&](T value) { values->push_back(std::move(value)); });
  }
};

template <typename Key, typename Value>
struct Serializer<std::unordered_map<Key, Value>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const std::unordered_map<Key, Value>& map) {
    stream->Write(std::vector<std::pair<Key, Value>>(map.begin(), map.end()));
  }
  static bool Read(Stream* stream, std::unordered_map<Key, Value>* map) {
    map->clear();
    return ReadCounted<std::pair<Key, Value>>(stream, [&](std::pair<Key, Value> pair) { map->insert(std::move(pair)); });
  }
};

template <typename Key, typename Value>
struct Serializer<ffi::Map<Key, Value>> {
  static constexpr bool enabled = true;
  static void Write(Stream* stream, const ffi::Map<Key, Value>& map) {
    stream->Write(static_cast<uint64_t>(map.size()));
    for (const auto& [key, value] : map) {
      stream->Write(key);
      stream->Write(value);
    }
  }
  static bool Read(Stream* stream, ffi::Map<Key, Value>* map) {
    uint64_t count;
    if (!stream->Read(&count)) return false;
    ffi::Map<Key, Value> result;
    for (uint64_t i = 0; i < count; ++i) {
      Key key;
      Value value{ffi::UnsafeInit()};
      if (!stream->Read(&key) || !stream->Read(&value)) return false;
      result.Set(std::move(key), std::move(value));
    }
    *map = std::move(result);
    return true;
  }
};

}  // namespace support
}  // namespace tvm
