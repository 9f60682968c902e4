#include "candor/pooling/extremised_pool.h"

#include <algorithm>

#include "candor/base/math.h"
#include "candor/pooling/simple_pools.h"

namespace candor::pooling {
namespace {

constexpr double smallest_probability = 1e-12;  // keeps log finite; far below any label's precision

}  // namespace

void ExtremisedPool::predict(const SlotView& slot) {
  const std::size_t answers = slot.answers;
  linear_.resize(answers);
  prediction_.resize(slopes.size() * answers);
  linear_pool(slot, linear_);
  for (double& value : linear_) value = portable_log(std::max(value, smallest_probability));
  for (std::size_t s = 0; s < slopes.size(); ++s) {
    const auto row = std::span(prediction_).subspan(s * answers, answers);
    for (std::size_t k = 0; k < answers; ++k) row[k] = slopes[s] * linear_[k];
    softmax(row);
  }
}

void ExtremisedPool::pool(const SlotView& slot, std::span<double> label) {
  predict(slot);
  mixer_.mix(prediction_, label);
}

void ExtremisedPool::learn(const SlotView& slot, std::span<const double>,
                           std::span<const double> outcome) {
  predict(slot);
  mixer_.learn(prediction_, outcome);
}

}  // namespace candor::pooling
