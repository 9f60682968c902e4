#include "candor/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace candor {

std::size_t default_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

void for_each_block(std::size_t blocks, std::size_t threads,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto take_blocks = [&] {
    for (std::size_t block = next++; block < blocks; block = next++) work(block);
  };
  const std::size_t helpers =
      std::min(threads == 0 ? default_threads() : threads, std::max<std::size_t>(1, blocks)) - 1;
  std::vector<std::jthread> pool;
  pool.reserve(helpers);
  for (std::size_t i = 0; i < helpers; ++i) pool.emplace_back(take_blocks);
  take_blocks();
}

}  // namespace candor
