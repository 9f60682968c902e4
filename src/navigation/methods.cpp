#include "navigation/methods.h"

#include <algorithm>
#include <cmath>

#include "candor/base/math.h"
#include "candor/learning/asking_rules.h"
#include "candor/navigation/forecast_score.h"

namespace candor::navigation {
namespace {

// The optimiser's moments go on from the warm-up, whose gradients are of another size: a short
// memory lets the first steps of the campaign be of the right length.
constexpr double second_moment = 0.95;

struct Method {
  std::string name;
  std::string weight_rule;
  std::string label;
  mechanism::Output output = mechanism::Output::pooled;
  campaign::LabelSource source = campaign::LabelSource::mechanism;
};

const std::vector<Method>& methods() {
  using campaign::LabelSource;
  using mechanism::Output;
  static const std::string ws = "weighted-score";
  static const std::vector<Method> list{
      {ws, ws, ws},
      {"weighted-score-drawn", ws, ws, Output::drawn},
      {"weighted-score-hedged", ws, "hedged"},
      {"limited-feedback", "lf", "lf"},
      {"average", ws, "average"},
      {"median", ws, "median"},
      {"majority", ws, "majority"},
      {"dawid-skene", ws, "average", Output::pooled, LabelSource::dawid_skene},
      {"oracle", ws, "average", Output::pooled, LabelSource::outcome}};
  return list;
}

const Method& method_named(const std::string& name) {
  return *std::find_if(methods().begin(), methods().end(),
                       [&](const Method& method) { return method.name == name; });
}

double step_size(const ExperimentOptions& options, std::size_t drivers) {
  if (options.step_size > 0.0) return options.step_size;
  const auto slots = static_cast<double>(options.rounds * options.slots);
  const auto crowd = static_cast<double>(std::max<std::size_t>(drivers, 2));
  return std::min(0.5, std::sqrt(portable_log(crowd) / slots));
}

Result<mechanism::MechanismSpec> spec_of(const Method& method, const ExperimentOptions& options,
                                         std::size_t drivers) {
  mechanism::MechanismSpec spec;
  spec.weight_rule = method.weight_rule;
  spec.label = method.label;
  spec.output = method.output;
  spec.weighted_score.step_size = step_size(options, drivers);
  if (method.weight_rule != "lf") return spec;
  spec.asking.asks = options.asks;
  const auto horizon = static_cast<double>(options.rounds * options.slots);
  CANDOR_TRY(spec.asking.step_size,
             learning::asking_step_size("lf", drivers, options.asks, horizon));
  return spec;
}

}  // namespace

const std::vector<std::string>& experiment_methods() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Method& method : methods()) list.push_back(method.name);
    return list;
  }();
  return names;
}

Status check_method(const std::string& name) {
  std::string known;
  for (const std::string& method : experiment_methods()) {
    if (method == name) return {};
    known += (known.empty() ? "" : ", ") + method;
  }
  return Error{ErrorCode::invalid_argument, name}
      .in_field("method")
      .expecting("one of " + known)
      .way("leave methods away to run all");
}

Result<campaign::CampaignOptions> campaign_of(const std::string& method,
                                              const ExperimentOptions& options, std::size_t drivers,
                                              std::uint64_t seed, policy::Token end) {
  const Method& chosen = method_named(method);
  campaign::CampaignOptions campaign;
  campaign.name = "navigation " + method;
  CANDOR_TRY(campaign.mechanism, spec_of(chosen, options, drivers));
  campaign.label = chosen.source;
  campaign.rounds = options.rounds;
  campaign.slots_per_round = options.slots;
  campaign.outcome_lag = 1;
  campaign.reference = campaign::Reference::initial;
  campaign.rounds_remembered = options.rounds_remembered;
  campaign.generate.temperature = options.temperature;
  campaign.generate.top_p = options.top_p;
  campaign.generate.max_tokens = longest_forecast;
  campaign.generate.stop = {end};
  campaign.objective = "dpo";
  campaign.objective_options.beta = options.beta;
  campaign.train.batch = options.batch;
  campaign.train.epochs = options.epochs;
  campaign.train.step.learning_rate = options.learning_rate;
  campaign.train.step.beta2 = second_moment;
  campaign.seed = seed;
  if (options.keep_campaigns)
    campaign.folder = options.folder + "/seed-" + std::to_string(seed) + "/" + method;
  return campaign;
}

}  // namespace candor::navigation
