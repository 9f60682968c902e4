#include "candor/navigation/experiment.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>

#include "candor/base/file.h"
#include "candor/base/parallel.h"
#include "candor/base/text.h"
#include "navigation/methods.h"
#include "navigation/seed_run.h"

namespace candor::navigation {
namespace {

constexpr std::size_t sample_count = 3;

Status check_at_least_one(std::size_t value, std::string_view field) {
  if (value >= 1) return {};
  return Error{ErrorCode::out_of_range, "0"}
      .in_field(field)
      .expecting("at least 1")
      .way("choose a larger number");
}

Status check_number(double value, double highest, std::string_view field) {
  if (value >= 0.0 && value <= highest) return {};
  return Error{ErrorCode::out_of_range, number_text(value)}
      .in_field(field)
      .expecting("a number in [0, " + number_text(highest) + "]")
      .way("leave it at its default");
}

Status check(const ExperimentOptions& options) {
  CANDOR_CHECK(check_at_least_one(options.methods.size(), "methods"));
  for (const std::string& method : options.methods) CANDOR_CHECK(check_method(method));
  CANDOR_CHECK(check_at_least_one(options.seeds, "seeds"));
  CANDOR_CHECK(check_at_least_one(options.rounds, "rounds"));
  CANDOR_CHECK(check_at_least_one(options.slots, "slots"));
  CANDOR_CHECK(check_at_least_one(options.evaluation_hours, "evaluation hours"));
  CANDOR_CHECK(check_at_least_one(options.curve_hours, "curve hours"));
  CANDOR_CHECK(check_number(options.penalty, 1e6, "penalty"));
  CANDOR_CHECK(check_number(options.step_size, 1.0, "step size"));
  if (!options.folder.empty()) return {};
  return Error{ErrorCode::invalid_argument, "no folder"}
      .in_field("folder")
      .expecting("a folder for base models")
      .way("give one");
}

Result<Setting> make_setting(const TrafficSeries& series, const tokenizer::Tokenizer& tokenizer,
                             const ExperimentOptions& options, const Progress& progress) {
  const Split split = split_of(series);
  CANDOR_TRY(Drivers drivers, Drivers::create(series, split, options.crowd));
  const auto places =
      hours_between(series, split.evaluation_begins, std::numeric_limits<Stamp>::max());
  if (places.empty())
    return Error{ErrorCode::not_found, "no hours after the campaign"}
        .in_file(series.source())
        .expecting("an evaluation period")
        .way("give a longer series");
  Setting setting{series, tokenizer, options, progress, split, std::move(drivers), {}, {}};
  setting.evaluation = spread_hours(series, places, options.evaluation_hours);
  setting.curve = spread_hours(series, places, options.curve_hours);
  return setting;
}

using Runs = std::vector<SeedResult>;

/// A number of each seed's run of one method.
template <class Number>
std::vector<double> by_seed(const Runs& runs, std::size_t method, Number number) {
  std::vector<double> values;
  for (const SeedResult& run : runs) values.push_back(number(run.methods[method]));
  return values;
}

ErrorSummary summary_of(const std::vector<const ForecastScore*>& scores) {
  ErrorSummary summary;
  for (const ForecastScore* score : scores) {
    summary.by_seed.push_back(score->error);
    summary.malformed += score->malformed / static_cast<double>(scores.size());
  }
  summary.forecast_error = interval_of(summary.by_seed);
  return summary;
}

ErrorSummary before_of(const Runs& runs) {
  std::vector<const ForecastScore*> scores;
  for (const SeedResult& run : runs) scores.push_back(&run.before);
  return summary_of(scores);
}

std::vector<double> mean_curve(const Runs& runs, std::size_t method) {
  std::vector<double> mean(runs.front().methods[method].curve.size(), 0.0);
  for (const SeedResult& run : runs)
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += run.methods[method].curve[i] / static_cast<double>(runs.size());
  return mean;
}

MethodSummary method_summary(const Runs& runs, std::size_t method, const ErrorSummary& before) {
  MethodSummary summary;
  summary.regret =
      interval_of(by_seed(runs, method, [](const MethodRun& run) { return run.regret; }));
  summary.label_loss =
      interval_of(by_seed(runs, method, [](const MethodRun& run) { return run.label_loss; }));
  summary.win_rate =
      interval_of(by_seed(runs, method, [](const MethodRun& run) { return run.win_rate; }));
  std::vector<const ForecastScore*> scores;
  for (const SeedResult& run : runs) {
    scores.push_back(&run.methods[method].after);
    summary.best_drivers.push_back(run.methods[method].best_driver);
  }
  summary.after = summary_of(scores);
  summary.change = interval_of_differences(summary.after.by_seed, before.by_seed);
  summary.curve = mean_curve(runs, method);
  return summary;
}

void compare_with_average(std::vector<MethodSummary>& methods) {
  const auto average = std::find_if(methods.begin(), methods.end(),
                                    [](const MethodSummary& m) { return m.name == "average"; });
  if (average == methods.end()) return;
  for (MethodSummary& method : methods)
    method.less_average = interval_of_differences(method.after.by_seed, average->after.by_seed);
}

// Hours at one, three and five sixths of the evaluation's.
std::vector<ForecastSample> samples_of(const Setting& setting, const SeedResult& run) {
  std::vector<ForecastSample> samples;
  for (std::size_t k = 0; k < sample_count; ++k) {
    const std::size_t i = (2 * k + 1) * setting.evaluation.size() / (2 * sample_count);
    const Hour& hour = *setting.evaluation[i];
    ForecastSample sample{prompt_text(hour), hour.volume, run.before.text[i], {}};
    for (const MethodRun& method : run.methods) sample.after.push_back(method.after.text[i]);
    samples.push_back(std::move(sample));
  }
  return samples;
}

ExperimentResult result_of(const Setting& setting, const Runs& runs) {
  const ExperimentOptions& options = setting.options;
  ExperimentResult result;
  result.source = setting.series.source();
  result.generated = setting.series.generated();
  result.evaluation_begins = text_of(setting.split.evaluation_begins);
  result.seeds = options.seeds;
  result.drivers = setting.drivers.names().size();
  result.slots = options.rounds * options.slots;
  result.evaluation_hours = setting.evaluation.size();
  result.penalty = options.penalty;
  result.crowd = describe(options.crowd);
  result.before = before_of(runs);
  for (std::size_t m = 0; m < options.methods.size(); ++m) {
    result.methods.push_back(method_summary(runs, m, result.before));
    result.methods.back().name = options.methods[m];
  }
  compare_with_average(result.methods);
  result.samples = samples_of(setting, runs.front());
  return result;
}

Result<SeedResult> run_seed(const Setting& setting, const PolicyFactory& factory,
                            std::uint64_t seed) {
  CANDOR_TRY(const auto policy, factory(seed));
  return SeedRun(setting, *policy, seed).run();
}

// Lines of several seeds, one at a time.
Progress one_at_a_time(const Progress& progress, std::mutex& turn) {
  if (!progress) return {};
  return [&progress, &turn](const std::string& line) {
    const std::scoped_lock lock(turn);
    progress(line);
  };
}

}  // namespace

Result<ExperimentResult> run_experiment(const TrafficSeries& series,
                                        const tokenizer::Tokenizer& tokenizer,
                                        const PolicyFactory& factory,
                                        const ExperimentOptions& options,
                                        const Progress& progress) {
  CANDOR_CHECK(check(options));
  CANDOR_CHECK(make_folder(options.folder));
  std::mutex turn;
  const Progress told = one_at_a_time(progress, turn);
  CANDOR_TRY(const Setting setting, make_setting(series, tokenizer, options, told));
  // Seeds share nothing, so they may run side by side; results are taken in their order.
  std::vector<std::optional<Result<SeedResult>>> found(options.seeds);
  for_each_block(options.seeds, options.threads,
                 [&](std::size_t s) { found[s] = run_seed(setting, factory, options.seed + s); });
  Runs runs;
  for (auto& run : found) {
    if (!run->ok()) return std::move(*run).error();
    runs.push_back(std::move(**run));
  }
  return result_of(setting, runs);
}

}  // namespace candor::navigation
