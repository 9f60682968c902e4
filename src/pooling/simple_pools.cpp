#include "candor/pooling/simple_pools.h"

#include <algorithm>

#include "candor/base/math.h"

namespace candor::pooling {
namespace {

std::vector<double> column(const SlotView& slot, std::size_t k) {
  std::vector<double> values(slot.size());
  for (std::size_t j = 0; j < values.size(); ++j) values[j] = slot.row(j)[k];
  return values;
}

double median_of(std::vector<double> values) {
  const std::size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*std::max_element(values.begin(), middle) + *middle);
}

double trimmed_mean_of(std::vector<double> values) {
  const std::size_t cut = values.size() / 5;
  std::sort(values.begin(), values.end());
  const std::span<const double> kept(values.data() + cut, values.size() - 2 * cut);
  return sum(kept) / static_cast<double>(kept.size());
}

// Adds `mass`, in equal parts, to the entries of `votes` where `row` is largest.
void vote_for_top(std::span<const double> row, double mass, std::span<double> votes) {
  const double top = *std::max_element(row.begin(), row.end());
  const auto tied = static_cast<double>(std::count(row.begin(), row.end(), top));
  for (std::size_t k = 0; k < row.size(); ++k)
    if (row[k] == top) votes[k] += mass / tied;
}

// The logarithm of a probability kept within the floor; certain reports, the common case, cost
// nothing.
double floored_log(double p) {
  static const double log_lowest = portable_log(log_pool_floor);
  static const double log_highest = portable_log(1.0 - log_pool_floor);
  if (p <= log_pool_floor) return log_lowest;
  return p >= 1.0 - log_pool_floor ? log_highest : portable_log(p);
}

}  // namespace

void linear_pool(const SlotView& slot, std::span<double> label) {
  std::fill(label.begin(), label.end(), 0.0);
  for (std::size_t j = 0; j < slot.size(); ++j)
    for (std::size_t k = 0; k < label.size(); ++k) label[k] += slot.share[j] * slot.row(j)[k];
}

void log_pool(const SlotView& slot, std::span<double> label) {
  std::fill(label.begin(), label.end(), 0.0);
  for (std::size_t j = 0; j < slot.size(); ++j)
    for (std::size_t k = 0; k < label.size(); ++k)
      label[k] += slot.share[j] * floored_log(slot.row(j)[k]);
  softmax(label);
}

void average_pool(const SlotView& slot, std::span<double> label) {
  std::fill(label.begin(), label.end(), 0.0);
  for (std::size_t j = 0; j < slot.size(); ++j)
    for (std::size_t k = 0; k < label.size(); ++k) label[k] += slot.row(j)[k];
  for (double& value : label) value /= static_cast<double>(slot.size());
}

void median_pool(const SlotView& slot, std::span<double> label) {
  for (std::size_t k = 0; k < label.size(); ++k) label[k] = median_of(column(slot, k));
  normalise(label);
}

void trimmed_pool(const SlotView& slot, std::span<double> label) {
  for (std::size_t k = 0; k < label.size(); ++k) label[k] = trimmed_mean_of(column(slot, k));
  normalise(label);
}

void majority_pool(const SlotView& slot, std::span<double> label) {
  std::vector<double> votes(label.size(), 0.0);
  for (std::size_t j = 0; j < slot.size(); ++j) vote_for_top(slot.row(j), 1.0, votes);
  std::fill(label.begin(), label.end(), 0.0);
  vote_for_top(votes, 1.0, label);
}

}  // namespace candor::pooling
