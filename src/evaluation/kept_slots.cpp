#include "evaluation/kept_slots.h"

#include <cmath>
#include <limits>

namespace candor::evaluation {

void KeptSlots::add(std::span<const WorkerId> workers, std::span<const double> reports,
                    std::span<const double> outcome) {
  table_.add_slot(workers, reports);
  if (outcome.empty())
    outcomes_.resize(outcomes_.size() + answers_, std::numeric_limits<double>::quiet_NaN());
  else
    outcomes_.insert(outcomes_.end(), outcome.begin(), outcome.end());
}

std::vector<double> KeptSlots::reports_of(std::size_t slot) const {
  std::vector<double> reports;
  for (const std::uint32_t code : table_.slot(slot).codes) {
    const auto row = table_.palette_row(code);
    reports.insert(reports.end(), row.begin(), row.end());
  }
  return reports;
}

void KeptSlots::score(const std::vector<std::vector<double>>& labels, Scoreboard& board,
                      RegretCurves& curves) const {
  const BoundOf no_bound = [](std::size_t, WorkerId) { return std::optional<double>(); };
  std::vector<double> slot_labels(labels.size() * answers_);
  for (std::size_t s = 0; s < table_.slots(); ++s) {
    const auto outcome = std::span(outcomes_).subspan(s * answers_, answers_);
    if (std::isnan(outcome[0])) continue;
    for (std::size_t m = 0; m < labels.size(); ++m)
      for (std::size_t k = 0; k < answers_; ++k)
        slot_labels[m * answers_ + k] = labels[m][s * answers_ + k];
    const std::vector<double> reports = reports_of(s);
    board.record({answers_, table_.slot(s).workers, reports, {}}, slot_labels, outcome);
    curves.sample(board, no_bound);
  }
  curves.finish(board, no_bound);
}

}  // namespace candor::evaluation
