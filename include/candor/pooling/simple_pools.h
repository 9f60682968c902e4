// candor/pooling/simple_pools.h
// Pools that learn nothing: functions of one slot's reports and shares. Each costs O(n K), the sorting
// ones O(n K log n).
#pragma once

#include <string>
#include <vector>

#include "candor/pooling/label_pool.h"

namespace candor::pooling {

/// label = sum_j share[j] report[j]. Worked: shares {.75,.25}, P(A) {.8,.4} -> .7
void linear_pool(const SlotView& slot, std::span<double> label);

/// label ~ exp(sum_j share[j] log report[j]), normalised: the weighted geometric mean. Probabilities
/// enter no nearer to 0 or 1 than `log_pool_floor`, or a single certain report would veto an answer.
/// Worked: shares {.5,.5}, P(A) {.8,.5} -> odds sqrt(4 * 1) = 2 -> 2/3
void log_pool(const SlotView& slot, std::span<double> label);
inline constexpr double log_pool_floor = 1e-3;

/// label = the mean report. Worked: P(A) {1,.2,.2} -> 7/15
void average_pool(const SlotView& slot, std::span<double> label);

/// label ~ the median of each answer's probabilities (midpoint for even n), normalised; uniform if all
/// medians are 0. Worked: P(A) {1,.2,.2} -> .2
void median_pool(const SlotView& slot, std::span<double> label);

/// label ~ for each answer the mean without the floor(n/5) lowest and as many highest probabilities,
/// normalised; uniform if all are 0. Worked: P(A) {0,.4,.5,.6,1} -> .5
void trimmed_pool(const SlotView& slot, std::span<double> label);

/// Every worker votes for its most probable answer (a tie splits the vote); the label splits its mass
/// over the answers tied for most votes. Worked: P(A) {.9,.6,.1} -> 1; {.9,.1} -> 1/2
void majority_pool(const SlotView& slot, std::span<double> label);

/// One of the functions above as a LabelPool.
class SimplePool final : public LabelPool {
 public:
  using Function = void (*)(const SlotView&, std::span<double>);
  SimplePool(std::string name, Function function) : name_(std::move(name)), function_(function) {}

  [[nodiscard]] std::vector<std::string> names() const override { return {name_}; }
  void pool(const SlotView& slot, std::span<double> label) override { function_(slot, label); }

 private:
  std::string name_;
  Function function_;
};

}  // namespace candor::pooling
