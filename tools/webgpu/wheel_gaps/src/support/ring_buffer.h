// Stands for TVM's queue of bytes between a channel and the remote calls that it carries.
#pragma once

#include <tvm/ffi/error.h>

#include <cstddef>
#include <cstring>
#include <vector>

namespace tvm {
namespace support {

class RingBuffer {
 public:
  size_t bytes_available() const { return bytes_.size() - start_; }

  void Reserve(size_t) {}  // it grows as it is written to

  void Read(void* data, size_t size) {
    TVM_FFI_ICHECK_LE(size, bytes_available());
    std::memcpy(data, bytes_.data() + start_, size);
    Drop(size);
  }

  void Write(const void* data, size_t size) {
    const char* bytes = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), bytes, bytes + size);
  }

  // `send(data, size)` says how many of the bytes it took.
  template <typename Send>
  size_t ReadWithCallback(Send send, size_t limit) {
    size_t taken = send(bytes_.data() + start_, limit < bytes_available() ? limit : bytes_available());
    Drop(taken);
    return taken;
  }

  // `receive(data, size)` says how many bytes it put there.
  template <typename Receive>
  size_t WriteWithCallback(Receive receive, size_t limit) {
    size_t end = bytes_.size();
    bytes_.resize(end + limit);
    size_t received = receive(bytes_.data() + end, limit);
    bytes_.resize(end + received);
    return received;
  }

 private:
  void Drop(size_t count) {
    start_ += count;
    if (start_ == bytes_.size()) {
      bytes_.clear();
      start_ = 0;
    }
  }

  std::vector<char> bytes_;
  size_t start_ = 0;
};

}  // namespace support
}  // namespace tvm
