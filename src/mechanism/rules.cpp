#include "mechanism/rules.h"

#include <algorithm>
#include <utility>

#include "candor/learning/asking_rules.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/follow_the_best.h"

namespace candor::mechanism {
namespace {

const std::vector<std::string> open_rules{"weighted-score", "exponential", "follow-the-best"};
const std::vector<std::string> asking_rules{"lf", "wsu-ux", "loss-biased", "log-barrier", "elf"};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<std::unique_ptr<learning::OpenRule>> make_open_rule(const MechanismSpec& spec) {
  std::unique_ptr<learning::OpenRule> rule;
  if (spec.weight_rule == "weighted-score") {
    CANDOR_TRY(rule, learning::WeightedScore::create(spec.weighted_score));
  } else if (spec.weight_rule == "exponential") {
    CANDOR_TRY(rule, learning::ExponentialWeights::create());
  } else {
    rule = std::make_unique<learning::FollowTheBest>();
  }
  return rule;
}

Error unknown_rule(const std::string& name) {
  std::string known;
  for (const std::string& one : weight_rule_names()) known += (known.empty() ? "" : ", ") + one;
  return Error{ErrorCode::invalid_argument, name}
      .in_field("weight rule")
      .expecting("one of " + known)
      .way("weighted-score where whoever comes answers, lf where a few are asked");
}

}  // namespace

const std::vector<std::string>& weight_rule_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = open_rules;
    all.insert(all.end(), asking_rules.begin(), asking_rules.end());
    return all;
  }();
  return names;
}

bool is_asking_rule(std::string_view name) {
  return contains(asking_rules, name);
}

Result<ChosenRule> choose_rule(const MechanismSpec& spec) {
  ChosenRule chosen;
  if (contains(open_rules, spec.weight_rule)) {
    CANDOR_TRY(chosen.open, make_open_rule(spec));
  } else if (is_asking_rule(spec.weight_rule)) {
    CANDOR_TRY(chosen.asking, learning::make_asking_rule(spec.weight_rule, spec.asking));
  } else {
    return unknown_rule(spec.weight_rule);
  }
  return chosen;
}

}  // namespace candor::mechanism
