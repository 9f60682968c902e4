#include "checkpoint/allocation_watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

namespace {

std::atomic<std::size_t> largest = 0;  // NOLINT: operator new can reach nothing else

}  // namespace

// Not inlined: the compiler would see that free() does not belong to new.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  std::size_t seen = largest.load();
  while (bytes > seen && !largest.compare_exchange_weak(seen, bytes)) {
  }
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);
}

namespace candor::checkpoint {

void forget_largest_request() {
  largest = 0;
}
std::size_t largest_request() {
  return largest;
}

namespace {

TEST(AllocationWatch, SeesTheLargestRequest) {
  forget_largest_request();
  {
    const std::vector<char> bytes(5000);
  }
  {
    const std::vector<char> bytes(100);
  }
  EXPECT_EQ(largest_request(), 5000U);
}

}  // namespace
}  // namespace candor::checkpoint
