// dataset/prefetch.h
// A hint that memory will be needed soon. Any address is allowed. Thread safety: pure.
#pragma once

namespace candor::dataset {

inline void prefetch(const void* address) {
  __builtin_prefetch(address);
  // Without a side effect gcc takes a function that only prefetches for one that does nothing, and
  // drops the calls to it.
  __asm__ volatile("");
}

}  // namespace candor::dataset
