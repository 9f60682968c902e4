#include "candor/navigation/navigation_task.h"

#include <utility>

#include "candor/base/random.h"

namespace candor::navigation {
namespace {

Error no_such(std::string_view what, std::size_t found, std::size_t count) {
  return Error{ErrorCode::out_of_range, std::to_string(found)}
      .in_field(what)
      .expecting("a number below " + std::to_string(count))
      .way("ask about the task's own prompts and workers");
}

}  // namespace

Result<std::unique_ptr<NavigationTask>> NavigationTask::create(const TrafficSeries& series,
                                                               const Split& split,
                                                               const Drivers& drivers,
                                                               std::uint64_t seed) {
  const auto places = hours_between(series, split.campaign_begins, split.evaluation_begins);
  if (places.empty())
    return Error{ErrorCode::not_found, "no hours between warm-up and evaluation"}
        .in_file(series.source())
        .expecting("a campaign period")
        .way("give a longer series");
  RandomStream random(seed);
  std::vector<std::size_t> shuffled;
  for (const std::uint32_t i : shuffled_order(places.size(), random)) shuffled.push_back(places[i]);
  return std::unique_ptr<NavigationTask>(new NavigationTask(series, drivers, std::move(shuffled)));
}

const std::vector<std::string>& NavigationTask::workers() const {
  return drivers_->names();
}

std::string NavigationTask::prompt(std::size_t index) const {
  return prompt_text(hour(index));
}

Result<std::optional<std::vector<campaign::WorkerReport>>> NavigationTask::reports(
    const campaign::Question& question, std::span<const WorkerId> asked, std::uint64_t seed) {
  if (question.prompt_index >= prompts())
    return no_such("prompt", question.prompt_index, prompts());
  const Hour& about = hour(question.prompt_index);
  const ForecastReading a = read_forecast(question.answer[0]);
  const ForecastReading b = read_forecast(question.answer[1]);
  const std::vector<WorkerId> everyone =
      asked.empty() ? first_workers(workers().size()) : std::vector<WorkerId>();
  std::vector<campaign::WorkerReport> reports;
  for (const WorkerId driver : asked.empty() ? std::span<const WorkerId>(everyone) : asked) {
    if (driver.index() >= workers().size())
      return no_such("worker", driver.index(), workers().size());
    reports.push_back({driver, drivers_->report(driver.index(), about, a, b, seed)});
  }
  return std::optional(std::move(reports));
}

Result<std::optional<double>> NavigationTask::outcome(const campaign::Question& question) {
  if (question.prompt_index >= prompts())
    return no_such("prompt", question.prompt_index, prompts());
  return std::optional(truth(hour(question.prompt_index).volume, read_forecast(question.answer[0]),
                             read_forecast(question.answer[1])));
}

}  // namespace candor::navigation
