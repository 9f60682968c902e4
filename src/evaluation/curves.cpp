#include "candor/evaluation/curves.h"

#include <algorithm>

namespace candor::evaluation {
namespace {

constexpr std::size_t default_min_reports = 20;

}  // namespace

std::size_t effective_min_reports(const learning::RegretLedger& regrets, std::size_t wanted) {
  return wanted == 0 ? std::min(default_min_reports, regrets.most_slots()) : wanted;
}

RegretCurves::RegretCurves(const std::vector<std::string>& methods, std::size_t min_reports)
    : min_reports_(min_reports) {
  for (const std::string& name : methods) curves_.push_back(Curve{name, {}, {}});
}

bool RegretCurves::sample(const Scoreboard& board, const BoundOf& bound_of) {
  if (!schedule_.due(board.slots())) return false;
  take(board, bound_of);
  return true;
}

bool RegretCurves::finish(const Scoreboard& board, const BoundOf& bound_of) {
  const auto last = static_cast<double>(board.slots());
  if (last == 0.0 || (!sample_slots_.empty() && sample_slots_.back() == last)) return false;
  take(board, bound_of);
  return true;
}

void RegretCurves::take(const Scoreboard& board, const BoundOf& bound_of) {
  sample_slots_.push_back(static_cast<double>(board.slots()));
  const std::size_t at_least = effective_min_reports(board.regrets(), min_reports_);
  for (std::size_t m = 0; m < curves_.size(); ++m) {
    const auto worst = board.regrets().regret(m, at_least);
    curves_[m].value.push_back(worst ? std::optional(worst->regret) : std::nullopt);
    curves_[m].bound.push_back(worst ? bound_of(m, worst->worker) : std::nullopt);
  }
}

}  // namespace candor::evaluation
