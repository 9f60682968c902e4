// A task that also notes what every driver would have lost, asked or not.
#pragma once

#include <unordered_set>

#include "candor/campaign/task.h"

namespace candor::navigation {

class WatchedTask final : public campaign::Task {
 public:
  /// task must outlive it, and know outcomes at once.
  explicit WatchedTask(campaign::Task& task) : task_(task), loss_(task.workers().size(), 0.0) {}

  [[nodiscard]] const std::vector<std::string>& workers() const override { return task_.workers(); }
  [[nodiscard]] std::size_t prompts() const override { return task_.prompts(); }
  [[nodiscard]] std::string prompt(std::size_t index) const override { return task_.prompt(index); }
  Result<std::optional<std::vector<campaign::WorkerReport>>> reports(
      const campaign::Question& question, std::span<const WorkerId> asked,
      std::uint64_t seed) override;
  Result<std::optional<double>> outcome(const campaign::Question& question) override {
    return task_.outcome(question);
  }

  /// The driver with the smallest sum of (report - outcome)^2 over the slots asked about so far.
  struct Best {
    std::string name;
    double loss = 0.0;
  };
  [[nodiscard]] Best best() const;

 private:
  Status note(const campaign::Question& question, std::uint64_t seed);

  campaign::Task& task_;
  std::vector<double> loss_;               // [workers]
  std::unordered_set<std::string> noted_;  // slots
};

}  // namespace candor::navigation
