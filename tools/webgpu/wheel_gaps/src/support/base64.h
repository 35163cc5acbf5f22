// Stands for TVM's base64 streams. They serve tensors inside JSON, which no model library holds: so each gathers
// its bytes and leaves the coding to tvm-ffi.
#pragma once

#include <tvm/ffi/extra/base64.h>
#include <tvm/support/io.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace tvm {
namespace support {

class Base64OutStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  explicit Base64OutStream(Stream* target) : target_(target) {}

  size_t Read(void*, size_t) final { return 0; }
  size_t Write(const void* data, size_t size) final {
    bytes_.append(static_cast<const char*>(data), size);
    return size;
  }
  void Finish() {
    std::string text = ffi::Base64Encode(ffi::Bytes(bytes_));
    target_->Write(static_cast<const void*>(text.data()), text.size());
  }

 private:
  Stream* target_;
  std::string bytes_;
};

class Base64InStream : public Stream {
 public:
  using Stream::Read;
  using Stream::Write;
  explicit Base64InStream(Stream* source) : source_(source) {}

  void InitPosition() {
    std::string text;
    char part[4096];
    while (size_t count = source_->Read(static_cast<void*>(part), sizeof(part))) text.append(part, count);
    ffi::Bytes decoded = ffi::Base64Decode(ffi::String(text));
    bytes_.assign(decoded.data(), decoded.size());
  }
  size_t Read(void* data, size_t size) final {
    size_t count = std::min(size, bytes_.size() - position_);
    std::memcpy(data, bytes_.data() + position_, count);
    position_ += count;
    return count;
  }
  size_t Write(const void*, size_t) final { return 0; }

 private:
  Stream* source_;
  std::string bytes_;
  size_t position_ = 0;
};

}  // namespace support
}  // namespace tvm
