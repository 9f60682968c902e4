#include "candor/campaign/judged_task.h"

#include "candor/base/random.h"
#include "candor/base/text.h"

namespace candor::campaign {
namespace {

Judge by_length(bool longer) {
  return [longer](const Question& question) -> Result<double> {
    const std::size_t a = question.answer[0].size();
    const std::size_t b = question.answer[1].size();
    if (a == b) return 0.5;
    return (a > b) == longer ? 1.0 : 0.0;
  };
}

std::string_view name_of(Conduct conduct) {
  switch (conduct) {
    case Conduct::honest:
      return "honest";
    case Conduct::contrarian:
      return "contrarian";
    case Conduct::always_a:
      return "always-a";
  }
  return "";
}

Status check(const std::vector<std::string>& prompts, const std::vector<JudgedWorkers>& workers) {
  if (prompts.empty() || workers.empty()) {
    return Error{ErrorCode::invalid_argument, "none"}
        .in_field(prompts.empty() ? "prompts" : "workers")
        .expecting("at least one")
        .way("add some");
  }
  for (const JudgedWorkers& kind : workers) {
    if (kind.count == 0) {
      return Error{ErrorCode::out_of_range, "0"}
          .in_field("count")
          .expecting("at least 1")
          .way("leave the kind out");
    }
    if (kind.accuracy >= 0.5 && kind.accuracy <= 1.0) continue;
    return Error{ErrorCode::out_of_range, number_text(kind.accuracy)}
        .in_field("accuracy")
        .expecting("a number in [0.5,1]")
        .way("a worker who is wrong more often than right is a contrarian");
  }
  return {};
}

}  // namespace

Judge longer_is_better() {
  return by_length(true);
}

Judge shorter_is_better() {
  return by_length(false);
}

Result<std::unique_ptr<JudgedTask>> JudgedTask::create(std::vector<std::string> prompts,
                                                       Judge judge,
                                                       const std::vector<JudgedWorkers>& workers) {
  CANDOR_CHECK(check(prompts, workers));
  std::unique_ptr<JudgedTask> task(new JudgedTask(std::move(prompts), std::move(judge)));
  for (const JudgedWorkers& kind : workers) {
    for (std::size_t i = 0; i < kind.count; ++i) {
      task->names_.push_back(std::string(name_of(kind.conduct)) + "-" +
                             std::to_string(task->names_.size()));
      task->kind_.push_back(kind);
    }
  }
  return task;
}

double JudgedTask::report_of(std::size_t worker, double verdict, std::uint64_t seed) const {
  const JudgedWorkers& kind = kind_[worker];
  RandomStream random(seed, worker);
  const bool a_is_better = random.bernoulli(verdict);
  const bool sees_a = random.bernoulli(kind.accuracy) == a_is_better;
  const double belief = sees_a ? kind.accuracy : 1.0 - kind.accuracy;
  switch (kind.conduct) {
    case Conduct::honest:
      return belief;
    case Conduct::contrarian:
      return 1.0 - belief;
    case Conduct::always_a:
      return 1.0;
  }
  return belief;
}

Result<std::optional<std::vector<WorkerReport>>> JudgedTask::reports(
    const Question& question, std::span<const WorkerId> asked, std::uint64_t seed) {
  CANDOR_TRY(const double verdict, judge_(question));
  std::vector<WorkerReport> reports;
  const auto answer = [&](WorkerId worker) {
    reports.push_back({worker, report_of(worker.index(), verdict, seed)});
  };
  for (const WorkerId worker : asked) answer(worker);
  if (asked.empty())
    for (std::uint32_t i = 0; i < names_.size(); ++i) answer(WorkerId{i});
  return std::optional(std::move(reports));
}

Result<std::optional<double>> JudgedTask::outcome(const Question& question) {
  CANDOR_TRY(const double verdict, judge_(question));
  return std::optional(verdict);
}

}  // namespace candor::campaign
