// candor/arguments/experiment_result.h
// What the experiment on crowd text found, and its JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/navigation/interval.h"

namespace candor::arguments {

using navigation::Interval;

/// Numbers over seeds, with one crowd.
struct CrowdSummary {
  Interval reward_accuracy;  ///< on held-out pairs, of the reward model
  Interval policy_accuracy;  ///< on held-out pairs, of the fine-tuned language model
  Interval label_accuracy;   ///< of the labels, on strict training pairs
  Interval label_brier;      ///< of the labels, on training pairs with a gold label
  std::vector<double> reward_by_seed;
  std::vector<double> policy_by_seed;
};

struct MethodSummary {
  std::string name;
  CrowdSummary honest;     ///< the recorded votes alone
  CrowdSummary strategic;  ///< strategic votes added
  Interval lost;           ///< reward accuracy, honest less strategic, seed by seed
};

struct ArgumentsResult {
  std::string source;
  bool generated = false;  ///< the text was made up: these are no results on people
  std::size_t seeds = 0;
  std::size_t workers = 0;  ///< recorded
  std::size_t strategic_workers = 0;
  std::size_t votes = 0;  ///< recorded, on all pairs
  std::size_t pairs = 0;
  std::size_t training_pairs = 0;  ///< that models were trained on, each seed
  std::size_t held_out_debates = 0;
  double test_pairs = 0.0;  ///< mean over seeds
  std::size_t max_tokens = 0;
  std::vector<std::string> strategic;  ///< describe()
  Interval longer_wins;                ///< the baseline
  std::vector<double> warm_up_loss;    ///< by seed, nats a token, of the last step; empty without
  std::vector<MethodSummary> methods;
};

/// One JSON object, which report::render_report can also show:
///   {"kind_of_report": "alignment-experiment", "title", "data", "generated", "seeds",
///    "measure": {"name": "reward accuracy", "better": "higher", "unit": ""},
///    "setting": {"workers", "strategic_workers", "votes", "pairs", "training_pairs",
///                "held_out_debates", "test_pairs", "max_tokens", "strategic": [...]},
///    "longer_wins", "longer_wins_ci": [low, high], "warm_up_loss": [...],
///    "methods": [{"name", "value", "value_ci", "value_strategic", "value_strategic_ci",
///                 "policy_accuracy", ..., "policy_accuracy_strategic", ..., "label_accuracy", ...,
///                 "label_brier", ..., "lost", "lost_ci", "by_seed", "by_seed_strategic"}]}
/// every number of an interval with its NAME_ci after it.
[[nodiscard]] std::string arguments_json(const ArgumentsResult& result);

}  // namespace candor::arguments
