// candor/campaign/task.h
// What a campaign is about: where its prompts come from, who judges the answers, and what turned
// out to be right. The loop (campaign.h) knows nothing else of the world.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::campaign {

/// One slot as workers see it.
struct Question {
  std::string slot;              ///< its name in the ledger
  std::size_t prompt_index = 0;  ///< in 0 .. Task::prompts()-1
  std::string prompt;
  std::array<std::string, 2> answer;  ///< A, B as decoded texts, without the end token
};

struct WorkerReport {
  WorkerId worker;
  double a_preferred = 0.5;  ///< P(A preferred), in [0,1]
};

/// Thread safety: one thread at a time. Every method is a function of its arguments and of how the
/// task was made, so that a campaign that was killed asks again and hears the same.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  virtual ~Task() = default;

  /// Names of the workers; the number of a worker is its place here.
  [[nodiscard]] virtual const std::vector<std::string>& workers() const = 0;

  /// Whether workers may still come of whom nobody knows yet. Where the platform asks workers and
  /// nobody is there, the slot then waits; else it expires.
  [[nodiscard]] virtual bool may_gain_workers() const { return false; }

  [[nodiscard]] virtual std::size_t prompts() const = 0;  ///< >= 1
  /// index < prompts().
  [[nodiscard]] virtual std::string prompt(std::size_t index) const = 0;

  /// What workers report on a slot. asked: whom the platform asked; empty: whoever comes. seed
  /// differs from slot to slot. nullopt: reports are not there yet, and the campaign waits.
  virtual Result<std::optional<std::vector<WorkerReport>>> reports(const Question& question,
                                                                   std::span<const WorkerId> asked,
                                                                   std::uint64_t seed) = 0;

  /// 1 if A turned out better, 0 if B, between for a split. nullopt: not known (yet).
  virtual Result<std::optional<double>> outcome(const Question& question) = 0;
};

}  // namespace candor::campaign
