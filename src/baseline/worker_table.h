// baseline/worker_table.h
// From a worker's counts to its table of report probabilities. Tables here are laid out
// [K reported, K true], so that the evidence of one label lies together.
#pragma once

#include <cstddef>
#include <span>

#include "candor/baseline/dawid_skene.h"

namespace candor::baseline {

struct TableRule {
  std::size_t answers = 2;
  ConfusionModel model = ConfusionModel::full;
  Smoothing smoothing = {};
  double floor = DawidSkeneOptions{}.floor;
};

/// rates[b, a] = P(report b | truth a) from expected counts n[b, a], smoothing and floor. K x K
/// each.
void rates_from_counts(const TableRule& rule, std::span<const double> counts,
                       std::span<double> rates);

/// The smoothing's log density of one worker's table, less a constant. Zero without smoothing.
double log_density(const TableRule& rule, std::span<const double> log_rates);

/// shares[a] = (counts[a] + smoothing) / sum, floored; all zero gives even shares. K each.
void shares_from_counts(const TableRule& rule, std::span<const double> counts,
                        std::span<double> shares);

}  // namespace candor::baseline
