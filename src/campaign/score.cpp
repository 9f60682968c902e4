#include "candor/campaign/score.h"

#include <algorithm>

namespace candor::campaign {
namespace {

double squared(double difference) {
  return difference * difference;
}

// 1 for the right side, 1/2 for none; nothing where the outcome takes no side.
std::optional<double> leans_right(double label, double outcome) {
  if (outcome != 0.0 && outcome != 1.0) return std::nullopt;
  if (label == 0.5) return 0.5;
  return (label > 0.5) == (outcome == 1.0) ? 1.0 : 0.0;
}

}  // namespace

CampaignScore score(const std::vector<SlotState>& slots, std::size_t workers, std::size_t least) {
  CampaignScore score;
  score.worker.resize(workers);
  double right = 0.0;
  std::size_t certain = 0;
  for (const SlotState& slot : slots) {
    if (slot.outcome.empty()) continue;
    ++score.settled;
    const double label_loss = squared(slot.label[0] - slot.outcome[0]);
    score.label_loss += label_loss;
    if (const auto leans = leans_right(slot.label[0], slot.outcome[0])) {
      right += *leans;
      ++certain;
    }
    for (const WorkerReport& report : slot.reports) {
      WorkerScore& worker = score.worker[report.worker.index()];
      ++worker.reports;
      worker.loss += squared(report.a_preferred - slot.outcome[0]);
      worker.label_loss += label_loss;
    }
  }
  if (certain > 0) score.label_accuracy = right / static_cast<double>(certain);
  for (const WorkerScore& worker : score.worker)
    if (worker.reports >= least)
      score.regret = std::max(score.regret.value_or(worker.label_loss - worker.loss),
                              worker.label_loss - worker.loss);
  return score;
}

}  // namespace candor::campaign
