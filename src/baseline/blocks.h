// baseline/blocks.h
// Loops over 0 .. count-1 in blocks of fixed size, on threads, with the same result for any number
// of threads: a block's own work is sequential, and sums over blocks are added in block order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "candor/base/parallel.h"

namespace candor::baseline {

/// Calls work(begin, end) for consecutive ranges of `size` elements.
template <class Work>
void for_each_range(std::size_t count, std::size_t size, std::size_t threads, const Work& work) {
  for_each_block((count + size - 1) / size, threads, [&](std::size_t block) {
    work(block * size, std::min(count, (block + 1) * size));
  });
}

/// The sum of work(begin, end) over the ranges, in order.
template <class Work>
double sum_over_ranges(std::size_t count, std::size_t size, std::size_t threads, const Work& work) {
  std::vector<double> parts((count + size - 1) / size, 0.0);
  for_each_range(count, size, threads, [&](std::size_t begin, std::size_t end) {
    parts[begin / size] = work(begin, end);
  });
  double total = 0.0;
  for (const double part : parts) total += part;
  return total;
}

/// Elements a range: enough to outweigh taking it, few enough to share out evenly.
inline constexpr std::size_t slots_in_range = 4096;
inline constexpr std::size_t workers_in_range = 256;

}  // namespace candor::baseline
