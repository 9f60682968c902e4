#include "checkpoint/rearrange.h"

#include <algorithm>
#include <cassert>

namespace candor::checkpoint {
namespace {

enum class Order { halves, pairs };

std::vector<float> reordered(std::span<const float> values, std::size_t heads, std::size_t row,
                             Order to) {
  assert(values.size() % (heads * row * 2) == 0);
  const std::size_t head_width = values.size() / (heads * row);
  const std::size_t half = head_width / 2;
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < heads * head_width; ++i) {
    const std::size_t head = i / head_width * head_width;
    const std::size_t in_halves = i % head_width;
    const std::size_t in_pairs = in_halves % half * 2 + in_halves / half;
    const std::size_t from = head + (to == Order::halves ? in_pairs : in_halves);
    const std::size_t target = head + (to == Order::halves ? in_halves : in_pairs);
    std::ranges::copy(values.subspan(from * row, row),
                      out.begin() + static_cast<std::ptrdiff_t>(target * row));
  }
  return out;
}

}  // namespace

std::vector<float> pairs_to_halves(std::span<const float> values, std::size_t heads,
                                   std::size_t row) {
  return reordered(values, heads, row, Order::halves);
}

std::vector<float> halves_to_pairs(std::span<const float> values, std::size_t heads,
                                   std::size_t row) {
  return reordered(values, heads, row, Order::pairs);
}

std::vector<float> transposed(std::span<const float> values, std::size_t rows,
                              std::size_t columns) {
  assert(values.size() == rows * columns);
  std::vector<float> out(values.size());
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = values[i * columns + j];
  return out;
}

}  // namespace candor::checkpoint
