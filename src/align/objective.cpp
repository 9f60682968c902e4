#include "candor/align/objective.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "align/option_check.h"
#include "candor/align/dpo.h"
#include "candor/align/hinge.h"
#include "candor/align/inpo.h"
#include "candor/align/ipo.h"
#include "candor/align/reward_model.h"
#include "candor/align/robust_dpo.h"
#include "candor/align/simpo.h"
#include "candor/align/spo.h"

namespace candor::align {
namespace {

using Made = Result<std::unique_ptr<Objective>>;

Result<double> beta_of(const ObjectiveOptions& options, double usual) {
  const double beta = options.beta.value_or(usual);
  CANDOR_CHECK(positive("beta", beta));
  return beta;
}

Made make_dpo(const ObjectiveOptions& options) {
  CANDOR_TRY(const double beta, beta_of(options, 0.1));
  return Made(std::make_unique<Dpo>(beta));
}

Made make_ipo(const ObjectiveOptions& options) {
  CANDOR_CHECK(positive("ipo_tau", options.ipo_tau));
  return Made(std::make_unique<Ipo>(options.ipo_tau));
}

Made make_robust_dpo(const ObjectiveOptions& options) {
  CANDOR_TRY(const double beta, beta_of(options, 0.1));
  CANDOR_CHECK(require(options.flip_rate >= 0.0 && options.flip_rate < 0.5, "flip_rate",
                       options.flip_rate, "a number in [0, 0.5)"));
  CANDOR_CHECK(positive("clip", options.clip));
  return Made(std::make_unique<RobustDpo>(beta, options.flip_rate, options.clip));
}

Made make_hinge(const ObjectiveOptions& options) {
  CANDOR_TRY(const double beta, beta_of(options, 0.1));
  return Made(std::make_unique<Hinge>(beta));
}

Made make_simpo(const ObjectiveOptions& options) {
  CANDOR_TRY(const double beta, beta_of(options, 2.0));
  CANDOR_CHECK(not_negative("simpo_margin", options.simpo_margin));
  return Made(std::make_unique<Simpo>(beta, options.simpo_margin));
}

Made make_inpo(const ObjectiveOptions& options) {
  CANDOR_CHECK(positive("eta", options.eta));
  CANDOR_CHECK(require(options.inpo_tau >= 0.0 && options.inpo_tau <= options.eta, "inpo_tau",
                       options.inpo_tau, "a number in [0, eta]"));
  return Made(std::make_unique<Inpo>(options.eta, options.inpo_tau));
}

Made make_spo(const ObjectiveOptions& options) {
  CANDOR_CHECK(positive("eta", options.eta));
  CANDOR_CHECK(
      require(options.samples >= 2, "samples", static_cast<double>(options.samples), "at least 2"));
  return Made(std::make_unique<Spo>(options.eta, options.samples));
}

Made make_reward_model(const ObjectiveOptions& options) {
  return Made(std::make_unique<RewardModelLoss>(options.use_margin));
}

struct Entry {
  std::string_view name;
  Made (*make)(const ObjectiveOptions&);
};

constexpr Entry table[] = {{"dpo", make_dpo},
                           {"ipo", make_ipo},
                           {"robust-dpo", make_robust_dpo},
                           {"hinge", make_hinge},
                           {"simpo", make_simpo},
                           {"inpo", make_inpo},
                           {"spo", make_spo},
                           {"reward-model", make_reward_model}};

}  // namespace

PairTerms terms_of(const PreferencePair& pair, PairScores scores) {
  const PairScores reference = pair.reference.value_or(PairScores{});
  const PairScores previous = pair.previous.value_or(PairScores{});
  return {.score_a = scores.a,
          .score_b = scores.b,
          .reference_a = reference.a,
          .reference_b = reference.b,
          .previous_a = previous.a,
          .previous_b = previous.b,
          .length_a = static_cast<double>(pair.a.answer_length()),
          .length_b = static_cast<double>(pair.b.answer_length()),
          .label = pair.label,
          .weight = pair.weight,
          .margin = pair.margin};
}

const std::vector<std::string_view>& objective_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> list;
    for (const Entry& entry : table) list.push_back(entry.name);
    return list;
  }();
  return names;
}

Result<std::unique_ptr<Objective>> make_objective(std::string_view name,
                                                  const ObjectiveOptions& options) {
  const auto* const entry = std::find_if(std::begin(table), std::end(table),
                                         [&](const Entry& e) { return e.name == name; });
  if (entry != std::end(table)) return entry->make(options);
  return unknown_name("objective", name, objective_names());
}

}  // namespace candor::align
