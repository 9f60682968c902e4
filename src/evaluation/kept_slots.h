// The slots of a replay, kept for methods that must see them all before they label the first.
#pragma once

#include <vector>

#include "candor/baseline/report_table.h"
#include "candor/evaluation/curves.h"

namespace candor::evaluation {

class KeptSlots {
 public:
  explicit KeptSlots(std::size_t answers) : answers_(answers), table_(answers) {}

  /// The next slot in settle order: reports [n, K]; outcome [K], or empty if unknown.
  void add(std::span<const WorkerId> workers, std::span<const double> reports,
           std::span<const double> outcome);

  [[nodiscard]] const baseline::ReportTable& table() const { return table_; }

  /// Plays the settled slots again, in order, with labels made beforehand: labels[method] is [slots, K].
  void score(const std::vector<std::vector<double>>& labels, Scoreboard& board,
             RegretCurves& curves) const;

 private:
  [[nodiscard]] std::vector<double> reports_of(std::size_t slot) const;

  std::size_t answers_;
  baseline::ReportTable table_;
  std::vector<double> outcomes_;  // [slots, K], NaN where unknown
};

}  // namespace candor::evaluation
