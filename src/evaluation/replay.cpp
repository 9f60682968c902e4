#include "candor/evaluation/replay.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "candor/base/progress.h"
#include "candor/base/text.h"
#include "candor/evaluation/whole_file.h"
#include "candor/learning/asking_rules.h"
#include "candor/learning/weighted_score_update.h"
#include "evaluation/replay_run.h"
#include "evaluation/slot_pipe.h"

namespace candor::evaluation {
namespace {

Status check_baselines(const std::vector<std::string>& baselines) {
  const auto& known = known_baselines();
  for (const std::string& name : baselines) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string list = "all";
    for (const std::string& one : known) list += ", " + one;
    return Error{ErrorCode::invalid_argument, name}
        .in_field("--baseline")
        .expecting("a list of these: " + list)
        .way("labels of the mechanism (average, median, bayes, ...) are always compared");
  }
  return {};
}

Status tune_asking(mechanism::MechanismSpec& spec, double answers_a_slot, double horizon) {
  if (spec.weight_rule == "elf") {
    spec.asking.step_size = 1.0;  // its lotteries are damped as much as they need to be
    return {};
  }
  const auto crowd = static_cast<std::size_t>(std::max(2.0, std::round(answers_a_slot)));
  const std::size_t asks = std::min(spec.asking.asks, crowd);
  CANDOR_TRY(spec.asking.step_size,
             learning::asking_step_size(spec.weight_rule, crowd, asks, horizon));
  if (spec.asking.exploration > 0.0) return {};  // asked for
  CANDOR_TRY(spec.asking.exploration,
             learning::asking_exploration(spec.weight_rule, crowd, spec.asking.step_size));
  return {};
}

// Above this the update as written could make a weight negative; stakes would have to be cut.
double largest_step_size(const mechanism::MechanismSpec& spec, double crowd) {
  const auto asks = static_cast<double>(spec.asking.asks);
  if (spec.weight_rule == "lf") return asks < crowd ? (asks - 1.0) / (crowd - 1.0) : 1.0;
  if (spec.weight_rule == "log-barrier") return 0.5;
  if (spec.weight_rule == "loss-biased") return 1.0 / (8.0 * crowd);
  if (spec.weight_rule != "wsu-ux") return 1.0;
  const double gamma = spec.asking.exploration;
  return gamma > 0.0 ? gamma / (2.0 * crowd) : 1.0 / (4.0 * crowd);
}

Status check_step_size_of_asking(const mechanism::MechanismSpec& spec, double answers_a_slot) {
  const double crowd = std::max(2.0, std::round(answers_a_slot));
  const double largest = largest_step_size(spec, crowd);
  if (!(spec.asking.step_size > largest)) return {};
  return Error{ErrorCode::out_of_range, number_text(spec.asking.step_size)}
      .in_field("--step-size")
      .expecting("at most " + number_text(largest) + " for " + spec.weight_rule + " among " +
                 number_text(crowd) + " workers a slot, or stakes would have to be cut")
      .way("auto is the best for the horizon, and never above it");
}

// The mechanism with its step size settled, given how many settled reports there are.
Result<mechanism::MechanismSpec> resolve(const ReplayOptions& options,
                                         const dataset::Survey& survey,
                                         std::uint64_t settled_reports) {
  mechanism::MechanismSpec spec = options.spec;
  const bool asking = mechanism::is_asking_rule(spec.weight_rule);
  const auto reports = static_cast<double>(settled_reports);
  const double answers_a_slot = reports / static_cast<double>(survey.slots.size());
  if (!options.auto_step_size) {
    if (asking) CANDOR_CHECK(check_step_size_of_asking(spec, answers_a_slot));
    return spec;
  }
  if (!options.horizon && settled_reports == 0) return spec;  // nothing will be learned
  const std::size_t workers = survey.workers.size();
  const double horizon = options.horizon.value_or(reports / static_cast<double>(workers));
  CANDOR_TRY(spec.weighted_score.step_size, learning::step_size_for_horizon(workers, horizon));
  if (asking) CANDOR_CHECK(tune_asking(spec, answers_a_slot, horizon));
  return spec;
}

class ProgressLine {
 public:
  ProgressLine(bool shown, const char* label, std::uint64_t total) {
    if (shown) line_.emplace(label, "reports", total);
  }
  dataset::RowProgress callback() {
    return [this](std::uint64_t rows) {
      if (line_) line_->advance(rows);
    };
  }

 private:
  std::optional<Progress> line_;
};

}  // namespace

const std::vector<std::string>& known_baselines() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"dawid-skene-online"};
    for (const std::string& name : whole_file_methods()) all.push_back(name);
    all.emplace_back("best-worker");
    return all;
  }();
  return names;
}

Result<ReplayResult> replay(const ReplayOptions& options) {
  CANDOR_CHECK(check_baselines(options.baselines));
  ProgressLine reading(options.progress, "reading", 0);
  CANDOR_TRY(dataset::Survey survey,
             dataset::survey(options.paths, options.read, reading.callback()));
  std::uint64_t settled_reports = survey.settled_reports;
  for (;;) {
    CANDOR_TRY(const mechanism::MechanismSpec spec, resolve(options, survey, settled_reports));
    ReplayRun run(options, survey, spec);
    CANDOR_CHECK(run.open());
    ProgressLine folding(options.progress, "replay", survey.rows);
    SlotPipe pipe(survey.answers.size(),
                  [&](const dataset::SlotRecord& record) { return run.visit(record); });
    auto streamed = dataset::stream_slots(
        options.paths, options.read, survey,
        [&](const dataset::SlotRecord& record) { return pipe.push(record); }, folding.callback());
    CANDOR_CHECK(pipe.finish());  // an error of the fold is about earlier rows: it goes first
    CANDOR_TRY(const dataset::StreamSummary summary, std::move(streamed));
    // The survey counts duplicates among the settled reports; only the stream can tell. If that
    // would change the step size, play again with the right count.
    const bool miscounted = options.auto_step_size && !summary.replanned &&
                            summary.duplicates > 0 && run.settled_reports() != settled_reports;
    if (!summary.replanned && !miscounted) return run.finish(summary);
    if (miscounted) settled_reports = run.settled_reports();
  }
}

}  // namespace candor::evaluation
