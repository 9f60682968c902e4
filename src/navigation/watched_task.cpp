#include "navigation/watched_task.h"

#include <algorithm>

namespace candor::navigation {

Status WatchedTask::note(const campaign::Question& question, std::uint64_t seed) {
  if (!noted_.insert(question.slot).second) return {};
  CANDOR_TRY(const auto everyone, task_.reports(question, {}, seed));
  CANDOR_TRY(const auto outcome, task_.outcome(question));
  if (!everyone || !outcome) return {};
  for (const campaign::WorkerReport& report : *everyone) {
    const double miss = report.a_preferred - *outcome;
    loss_[report.worker.index()] += miss * miss;
  }
  return {};
}

Result<std::optional<std::vector<campaign::WorkerReport>>> WatchedTask::reports(
    const campaign::Question& question, std::span<const WorkerId> asked, std::uint64_t seed) {
  CANDOR_CHECK(note(question, seed));
  return task_.reports(question, asked, seed);
}

WatchedTask::Best WatchedTask::best() const {
  const auto least = std::min_element(loss_.begin(), loss_.end());
  return {workers()[static_cast<std::size_t>(least - loss_.begin())], *least};
}

}  // namespace candor::navigation
