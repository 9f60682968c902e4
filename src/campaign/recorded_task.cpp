#include "candor/campaign/recorded_task.h"

#include <algorithm>
#include <filesystem>

#include "candor/dataset/slot_stream.h"

namespace candor::campaign {
namespace {

Error no_prompts() {
  return Error{ErrorCode::invalid_argument, "no prompts"}
      .in_field("prompts")
      .expecting("at least one")
      .way("name a file of prompts");
}

Status check_answers(const dataset::Survey& survey, const std::string& path) {
  if (survey.answers.size() == 2) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(survey.answers.size()) + " answers"}
      .in_file(path)
      .expecting("reports between two answers: P(A preferred), or choices a and b")
      .way("give columns task_id, worker_id, probability");
}

}  // namespace

Result<std::unique_ptr<RecordedTask>> RecordedTask::open(RecordedTaskOptions options) {
  if (options.prompts.empty()) return no_prompts();
  std::unique_ptr<RecordedTask> task(new RecordedTask(std::move(options)));
  if (std::filesystem::exists(task->options_.reports)) CANDOR_CHECK(task->read());
  return task;
}

Status RecordedTask::read() {
  const std::vector<std::string> paths{options_.reports};
  CANDOR_TRY(dataset::Survey survey, dataset::survey(paths, {}));
  CANDOR_CHECK(check_answers(survey, options_.reports));
  for (std::uint32_t i = 0; i < survey.workers.size(); ++i)
    workers_.emplace_back(survey.workers[i]);
  const auto visit = [&](const dataset::SlotRecord& record) {
    Slot& slot = slots_[std::string(survey.slots[record.slot.value])];
    for (std::size_t j = 0; j < record.workers.size(); ++j)
      slot.reports.push_back({record.workers[j], record.reports[2 * j]});
    if (!record.outcome.empty()) slot.outcome = record.outcome[0];
    return Status{};
  };
  for (;;) {
    slots_.clear();
    CANDOR_TRY(const dataset::StreamSummary summary,
               dataset::stream_slots(paths, {}, survey, visit));
    if (!summary.replanned) return {};
  }
}

Result<std::optional<std::vector<WorkerReport>>> RecordedTask::reports(
    const Question& question, std::span<const WorkerId> asked, std::uint64_t) {
  const auto found = slots_.find(question.slot);
  if (found == slots_.end()) return std::optional<std::vector<WorkerReport>>{};
  const std::vector<WorkerReport>& there = found->second.reports;
  if (asked.empty()) {
    if (there.size() < options_.reports_a_slot) return std::optional<std::vector<WorkerReport>>{};
    return std::optional(there);
  }
  std::vector<WorkerReport> of_asked;
  for (const WorkerReport& report : there)
    if (std::find(asked.begin(), asked.end(), report.worker) != asked.end())
      of_asked.push_back(report);
  if (of_asked.size() < asked.size()) return std::optional<std::vector<WorkerReport>>{};
  return std::optional(std::move(of_asked));
}

Result<std::optional<double>> RecordedTask::outcome(const Question& question) {
  const auto found = slots_.find(question.slot);
  return found == slots_.end() ? std::optional<double>{} : found->second.outcome;
}

}  // namespace candor::campaign
