// candor/campaign/judged_task.h
// A simulated crowd for any prompts: a judge knows which answer is better, workers see its verdict
// through their own accuracy, and some of them do not say what they saw. For trying a campaign out,
// and for measuring it, before real people come.
#pragma once

#include <functional>
#include <memory>

#include "candor/campaign/task.h"

namespace candor::campaign {

/// P(A is better), in [0,1].
using Judge = std::function<Result<double>(const Question&)>;

/// The longer (or the shorter) answer in bytes is better; equal lengths: 1/2.
[[nodiscard]] Judge longer_is_better();
[[nodiscard]] Judge shorter_is_better();

/// What a worker does with what it saw.
enum class Conduct : std::uint8_t {
  honest,      ///< reports P(A better) given what it saw: accuracy, or 1 - accuracy
  contrarian,  ///< reports the opposite of that
  always_a,    ///< reports 1 whatever it saw
};

struct JudgedWorkers {
  std::size_t count = 1;
  double accuracy = 0.8;  ///< in [0.5,1]: how often it sees the judge's verdict as it is
  Conduct conduct = Conduct::honest;
};

/// Everyone answers every slot (or those asked). What worker i sees of a slot is a function of the
/// slot's seed and i. The outcome is the judge's verdict, known at once.
class JudgedTask final : public Task {
 public:
  /// Errors: invalid_argument for no prompts or no workers, out_of_range for an accuracy.
  static Result<std::unique_ptr<JudgedTask>> create(std::vector<std::string> prompts, Judge judge,
                                                    const std::vector<JudgedWorkers>& workers);

  [[nodiscard]] const std::vector<std::string>& workers() const override { return names_; }
  [[nodiscard]] std::size_t prompts() const override { return prompts_.size(); }
  [[nodiscard]] std::string prompt(std::size_t index) const override { return prompts_[index]; }
  Result<std::optional<std::vector<WorkerReport>>> reports(const Question& question,
                                                           std::span<const WorkerId> asked,
                                                           std::uint64_t seed) override;
  Result<std::optional<double>> outcome(const Question& question) override;

 private:
  JudgedTask(std::vector<std::string> prompts, Judge judge)
      : prompts_(std::move(prompts)), judge_(std::move(judge)) {}
  [[nodiscard]] double report_of(std::size_t worker, double verdict, std::uint64_t seed) const;

  std::vector<std::string> prompts_;
  Judge judge_;
  std::vector<std::string> names_;
  std::vector<JudgedWorkers> kind_;  // by worker
};

}  // namespace candor::campaign
