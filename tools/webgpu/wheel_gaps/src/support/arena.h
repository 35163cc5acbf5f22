// Stands for TVM's arena, from which remote calls take the arguments that live until the call ends.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace tvm {
namespace support {

class Arena {
 public:
  template <typename T>
  T* allocate_(int count = 1) {
    static_assert(alignof(T) <= alignof(std::max_align_t), "operator new aligns no further");
    blocks_.push_back(std::make_unique<char[]>(sizeof(T) * count));
    return reinterpret_cast<T*>(blocks_.back().get());
  }
  void RecycleAll() { blocks_.clear(); }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
};

}  // namespace support
}  // namespace tvm
