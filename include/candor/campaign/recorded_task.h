// candor/campaign/recorded_task.h
// A campaign whose workers answer through a file: prompts from a list, reports and outcomes from a
// table that people (or another program) fill in between two runs of the loop.
//
//   run 1   writes answers, finds no reports, stops: the campaign waits
//   people  look at the questions (questions.jsonl of the campaign's folder), their reports go into
//           the table:        task_id,worker_id,probability,outcome
//                             slot-0,ann,0.8,
//                             slot-0,bob,0.6,1
//   run 2   takes a slot as soon as it has reports of `reports_a_slot` workers, trains, writes the
//           next questions
//
// The table is any that `candor replay` reads (docs/data-formats.md) with two answers: forecasts
// (probability of A) or pairwise (choice a or b). Append to it; rows that were there stay. Workers
// are numbered by first appearance. A slot's reports count once it is pooled; later rows for it are
// not read any more, save for its outcome.
#pragma once

#include <memory>
#include <unordered_map>

#include "candor/campaign/task.h"

namespace candor::campaign {

struct RecordedTaskOptions {
  std::vector<std::string> prompts;  ///< at least one
  std::string reports;             ///< path of the table; a file that is not there has no rows yet
  std::size_t reports_a_slot = 1;  ///< >= 1; with an asking rule, those asked decide instead
};

class RecordedTask final : public Task {
 public:
  /// Reads the table. Errors: invalid_argument for no prompts, or a table that has not two answers;
  /// those of the readers, naming file, row and field.
  static Result<std::unique_ptr<RecordedTask>> open(RecordedTaskOptions options);

  [[nodiscard]] const std::vector<std::string>& workers() const override { return workers_; }
  [[nodiscard]] bool may_gain_workers() const override { return true; }
  [[nodiscard]] std::size_t prompts() const override { return options_.prompts.size(); }
  [[nodiscard]] std::string prompt(std::size_t index) const override {
    return options_.prompts[index];
  }
  /// nullopt until enough workers have answered; where some were asked, until all of those have.
  Result<std::optional<std::vector<WorkerReport>>> reports(const Question& question,
                                                           std::span<const WorkerId> asked,
                                                           std::uint64_t seed) override;
  Result<std::optional<double>> outcome(const Question& question) override;

 private:
  struct Slot {
    std::vector<WorkerReport> reports;
    std::optional<double> outcome;
  };
  explicit RecordedTask(RecordedTaskOptions options) : options_(std::move(options)) {}
  Status read();

  RecordedTaskOptions options_;
  std::vector<std::string> workers_;
  std::unordered_map<std::string, Slot> slots_;
};

}  // namespace candor::campaign
