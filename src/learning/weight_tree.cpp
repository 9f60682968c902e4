#include "candor/learning/weight_tree.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace candor::learning {

void WeightTree::add_level() {
  const std::vector<Line>& below = levels_.back();
  std::vector<Line> above((below.size() + fan_out - 1) / fan_out);
  for (std::size_t i = 0; i < below.size(); ++i) above[i / fan_out][i % fan_out] = below[i].sum();
  levels_.push_back(std::move(above));
}

void WeightTree::add_up() {
  levels_.resize(1);
  while (levels_.back().size() > 1) add_level();
  total_ = levels_.back().front().sum();
}

void WeightTree::assign(std::span<const double> weight) {
  size_ = weight.size();
  levels_.assign(1, std::vector<Line>(std::max<std::size_t>(1, (size_ + fan_out - 1) / fan_out)));
  for (std::size_t i = 0; i < size_; ++i) levels_.front()[i / fan_out][i % fan_out] = weight[i];
  add_up();
}

void WeightTree::multiply(double factor) {
  for (Line& line : levels_.front())
    for (double& value : line.value) value *= factor;
  add_up();
}

void WeightTree::set(std::size_t i, double weight) {
  assert(i < size_ && weight >= 0.0);
  double value = weight;
  for (std::vector<Line>& level : levels_) {
    Line& line = level[i / fan_out];
    line[i % fan_out] = value;
    value = line.sum();
    i /= fan_out;
  }
  total_ = value;
}

std::size_t WeightTree::find(double position) const {
  assert(total_ > 0.0);
  std::size_t at = 0;
  for (std::size_t height = levels_.size(); height-- > 0;) {
    const Line& line = levels_[height][at];
    std::size_t child = 0;
    std::size_t last = 0;  // with a positive sum
    for (; child < fan_out && position >= line[child]; ++child) {
      position -= line[child];
      if (line[child] > 0.0) last = child;
    }
    if (child == fan_out) {  // rounding carried the position past the end
      child = last;
      position = std::numeric_limits<double>::infinity();
    }
    at = at * fan_out + child;
  }
  return at;
}

}  // namespace candor::learning
