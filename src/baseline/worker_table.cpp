#include "baseline/worker_table.h"

#include <algorithm>

#include "candor/base/math.h"

namespace candor::baseline {
namespace {

double spread_wrong(const TableRule& rule) {
  return rule.smoothing.wrong / static_cast<double>(rule.answers - 1);
}

// A label that the worker never used has rate 0 exactly, and the floor does not apply to it: it is
// never looked up, and must not take mass from the labels in use.
bool is_used(const TableRule& rule, std::span<const double> label_counts) {
  return rule.smoothing.wrong > 0.0 ||
         std::ranges::any_of(label_counts, [](double count) { return count > 0.0; });
}

void count_with_floor(const TableRule& rule, std::span<const double> counts,
                      std::span<double> rates) {
  const double wrong = spread_wrong(rule);
  for (std::size_t label = 0; label < rule.answers; ++label) {
    const std::size_t first = label * rule.answers;
    const double floor = is_used(rule, counts.subspan(first, rule.answers)) ? rule.floor : 0.0;
    for (std::size_t truth = 0; truth < rule.answers; ++truth) {
      const double before = label == truth ? rule.smoothing.right : wrong;
      rates[first + truth] = std::max(counts[first + truth] + before, floor);
    }
  }
}

void full_rates(const TableRule& rule, std::span<const double> counts, std::span<double> rates) {
  const std::size_t answers = rule.answers;
  count_with_floor(rule, counts, rates);
  for (std::size_t truth = 0; truth < answers; ++truth) {
    double total = 0.0;
    for (std::size_t label = 0; label < answers; ++label) total += rates[label * answers + truth];
    for (std::size_t label = 0; label < answers; ++label) {
      double& rate = rates[label * answers + truth];
      rate = total > 0.0 ? rate / total : 1.0 / static_cast<double>(answers);
    }
  }
}

double accuracy_of(const TableRule& rule, std::span<const double> counts) {
  double right = rule.smoothing.right;
  double total = rule.smoothing.right + rule.smoothing.wrong;
  for (std::size_t label = 0; label < rule.answers; ++label)
    right += counts[label * rule.answers + label];
  for (const double count : counts) total += count;
  return total > 0.0 ? right / total : 1.0 / static_cast<double>(rule.answers);
}

void one_coin_rates(const TableRule& rule, std::span<const double> counts,
                    std::span<double> rates) {
  const double accuracy = accuracy_of(rule, counts);
  const double error = (1.0 - accuracy) / static_cast<double>(rule.answers - 1);
  std::ranges::fill(rates, std::clamp(error, rule.floor, 1.0 - rule.floor));
  for (std::size_t label = 0; label < rule.answers; ++label)
    rates[label * rule.answers + label] = std::clamp(accuracy, rule.floor, 1.0 - rule.floor);
}

}  // namespace

void rates_from_counts(const TableRule& rule, std::span<const double> counts,
                       std::span<double> rates) {
  if (rule.model == ConfusionModel::full) return full_rates(rule, counts, rates);
  one_coin_rates(rule, counts, rates);
}

double log_density(const TableRule& rule, std::span<const double> log_rates) {
  const double wrong = spread_wrong(rule);
  const bool one_coin = rule.model == ConfusionModel::one_coin;
  double total = 0.0;  // a zero count adds nothing, even where the rate is zero
  for (std::size_t cell = 0; cell < log_rates.size(); ++cell) {
    const double before = cell % (rule.answers + 1) == 0 ? rule.smoothing.right : wrong;
    if (before > 0.0) total += before * log_rates[cell];
  }
  return one_coin ? total / static_cast<double>(rule.answers) : total;
}

void shares_from_counts(const TableRule& rule, std::span<const double> counts,
                        std::span<double> shares) {
  for (std::size_t a = 0; a < rule.answers; ++a) shares[a] = counts[a] + rule.smoothing.answer;
  normalise(shares);
  for (double& share : shares) share = std::max(share, rule.floor);
}

}  // namespace candor::baseline
