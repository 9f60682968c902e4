#include "candor/game/crowd.h"

#include <algorithm>

#include "candor/base/text.h"

namespace candor::game {
namespace {

constexpr std::uint64_t crowd_stream = 3;

double report_of(const WorkerType& type, bool says_a) {
  switch (type.strategy) {
    case Strategy::exaggerating:
      return says_a ? 1.0 : 0.0;
    case Strategy::lying:
      return says_a ? 0.0 : 1.0;
    case Strategy::constant:
      return type.constant_report;
    case Strategy::truthful:
      break;
  }
  return says_a ? type.accuracy : 1.0 - type.accuracy;
}

WorkerType constant(double report) {
  return {.strategy = Strategy::constant, .constant_report = report};
}

Scenario ten_workers(std::string name, std::string description, std::size_t lying) {
  Scenario scenario = std::move(random_crowd(10, 0.55, 0.95, lying)).value();
  scenario.name = std::move(name);
  scenario.description = std::move(description);
  return scenario;
}

std::vector<Scenario> make_standard_scenarios() {
  Scenario forecasts{"fixed-forecasts",
                     "A is always right; one worker says 1, two say 0.2",
                     1.0,
                     {constant(1.0), constant(0.2), constant(0.2)}};
  const WorkerType coin{.accuracy = 0.5, .strategy = Strategy::exaggerating, .group = 0};
  Scenario copied{"copied-coin",
                  "one perfect worker, and two who report the same coin toss",
                  0.5,
                  {{.accuracy = 1.0}, coin, coin}};
  const WorkerType liar{.accuracy = 0.95, .strategy = Strategy::lying};
  Scenario liars{"two-liars",
                 "one worker who is right 9 times in 10, and two who are wrong 19 times in 20",
                 0.5,
                 {{.accuracy = 0.9, .strategy = Strategy::exaggerating}, liar, liar}};
  return {forecasts, copied, liars,
          ten_workers("strategic-crowd",
                      "ten workers of accuracy 0.55 to 0.95, six of whom report the opposite", 6),
          ten_workers("honest-crowd", "ten honest and independent workers of accuracy 0.55 to 0.95",
                      0)};
}

}  // namespace

const std::vector<Scenario>& standard_scenarios() {
  static const std::vector<Scenario> scenarios = make_standard_scenarios();
  return scenarios;
}

Result<Scenario> random_crowd(std::size_t workers, double low, double high, std::size_t lying) {
  if (workers == 0 || lying > workers) {
    return Error{ErrorCode::out_of_range,
                 std::to_string(lying) + " liars among " + std::to_string(workers) + " workers"}
        .in_field("--workers, --lying")
        .expecting("at least one worker, and no more liars than workers")
        .way("raise --workers or lower --lying");
  }
  if (!(low >= 0.0 && low <= high && high <= 1.0)) {
    return Error{ErrorCode::out_of_range, number_text(low) + ":" + number_text(high)}
        .in_field("--accuracy")
        .expecting("LOW:HIGH with 0 <= LOW <= HIGH <= 1")
        .way("0.55:0.95 is a usual crowd");
  }
  Scenario scenario;
  scenario.name = "random-crowd";
  scenario.description = std::to_string(workers) + " workers of accuracy " + number_text(low) +
                         " to " + number_text(high) + ", " + std::to_string(lying) + " of whom lie";
  scenario.workers.resize(workers);
  for (std::size_t i = workers - lying; i < workers; ++i)
    scenario.workers[i].strategy = Strategy::lying;
  scenario.accuracy_range = {low, high};
  return scenario;
}

Crowd::Crowd(const Scenario& scenario, std::uint64_t seed)
    : base_rate_(scenario.base_rate), types_(scenario.workers), random_(seed, crowd_stream) {
  std::size_t groups = 0;
  for (WorkerType& type : types_) {
    if (scenario.accuracy_range) {
      const auto [low, high] = *scenario.accuracy_range;
      type.accuracy = low + (high - low) * random_.uniform();
    }
    if (type.group) groups = std::max(groups, *type.group + 1);
  }
  group_signal_.resize(groups);
}

bool Crowd::signal_says_a(const WorkerType& type, bool outcome_is_a) {
  if (type.group && group_signal_[*type.group]) return *group_signal_[*type.group];
  const bool right = random_.bernoulli(type.accuracy);
  const bool says_a = right == outcome_is_a;
  if (type.group) group_signal_[*type.group] = says_a;
  return says_a;
}

double Crowd::next(std::span<double> report) {
  const bool outcome_is_a = random_.bernoulli(base_rate_);
  std::fill(group_signal_.begin(), group_signal_.end(), std::nullopt);
  for (std::size_t i = 0; i < types_.size(); ++i)
    report[i] = report_of(types_[i], signal_says_a(types_[i], outcome_is_a));
  return outcome_is_a ? 1.0 : 0.0;
}

}  // namespace candor::game
