// candor/navigation/experiment.h
// The navigation experiment: does a model that learns from a crowd's pooled preferences forecast
// traffic better, and how much does the way of pooling matter when part of the crowd lies?
//
//   CANDOR_CHECK(write_forecast_tokenizer("out/tokenizer"));
//   CANDOR_TRY(auto tokenizer, tokenizer::load_tokenizer("out/tokenizer"));
//   CANDOR_TRY(auto result, run_experiment(series, *tokenizer, factory, {.folder = "out"}));
//   std::cout << experiment_json(result);
//
// For each of S seeds:
//   base model   a fresh small model reads warm_up_corpus() (supervised)
//   before       its forecasts for hours of the evaluation period, which nobody has seen, are
//                scored
//   each method  starts from that base model, with the same drivers and seeds; R rounds of:
//                for n hours of the campaign period the model writes two forecasts each, drivers
//                report P(A better), the method makes the label, the measured volume is revealed
//                one slot later and settles the slot; then the model is trained on the labels of
//                the last few rounds (DPO with soft labels, the base model as reference)
//   after        its forecasts for the same hours as before are scored
//
// Methods, by name:
//   weighted-score         label: the reports weighted by learned weights
//   weighted-score-drawn   label: the report of one driver, drawn by weight
//   weighted-score-hedged  label: the hedged mixture of all pools, Candor's default
//   limited-feedback       rule lf: a few drivers are asked a slot; label from their reports
//   average, median, majority   labels without weights
//   dawid-skene            EM over all slots so far, again each round, without outcomes
//   oracle                 label: the outcome itself, which no platform has in time: the ceiling
//
// Regret of a method: sum over slots of (label - outcome)^2, less that sum of the best driver
// (everyone's reports are scored, asked or not). The drawn label is charged what it said. The
// oracle's regret is negative: no driver knows the future.
// Forecast error: mean |forecast - measured| in vehicles an hour, greedy decoding, a malformed
// forecast counted as `penalty`. Intervals: interval.h, over seeds.
//
// Results are a function of the series, the factory and the options; nothing here knows of a tensor
// library. Cost: seeds x (1 + methods) trainings. Thread safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "candor/navigation/corpus.h"
#include "candor/navigation/drivers.h"
#include "candor/navigation/experiment_result.h"
#include "candor/navigation/traffic_series.h"
#include "candor/policy/policy.h"
#include "candor/tokenizer/tokenizer.h"

namespace candor::navigation {

/// A fresh small untrained model over the tokenizer's vocabulary, with a context of at least 32
/// tokens; another seed gives other first parameters.
using PolicyFactory = std::function<Result<std::unique_ptr<policy::Policy>>(std::uint64_t seed)>;

/// Told, in words, what has just been finished.
using Progress = std::function<void(const std::string& line)>;

/// All nine, in the order above.
[[nodiscard]] const std::vector<std::string>& experiment_methods();

struct ExperimentOptions {
  std::vector<std::string> methods = experiment_methods();
  std::size_t seeds = 4;   ///< >= 1
  std::uint64_t seed = 1;  ///< the first of them
  CrowdPlan crowd = mixed_crowd();

  CorpusOptions corpus = {};
  std::size_t warm_up_epochs = 2;
  std::size_t warm_up_batch = 64;
  double warm_up_rate = 2e-3;

  std::size_t rounds = 6;   ///< R
  std::size_t slots = 500;  ///< n, a round
  std::size_t asks = 6;     ///< drivers a slot, limited-feedback
  /// Of the forecasts that are shown, > 0: above 1 they differ more, and pairs teach longer.
  double temperature = 1.0;
  double top_p = 1.0;                 ///< in (0,1]
  std::size_t rounds_remembered = 3;  ///< train on the pairs of so many rounds, the newest included
  std::size_t epochs = 1;             ///< over those pairs, each round
  std::size_t batch = 64;             ///< pairs a step
  double learning_rate = 2e-4;        ///< constant
  double beta = 1.0;                  ///< of DPO
  /// eta of weighted-score; 0: min(1/2, sqrt(ln N / T)) for N drivers and T slots in all. That of
  /// limited-feedback is always learning::asking_step_size.
  double step_size = 0.0;

  std::size_t evaluation_hours = 400;  ///< spread evenly over the evaluation period
  std::size_t curve_hours = 100;       ///< of those, for the error after each round
  double penalty = 2000.0;             ///< vehicles an hour, for a malformed forecast

  /// Seeds side by side; 0: as many as the machine has threads. Models should then use one thread
  /// each. The result is the same for any number.
  std::size_t threads = 0;

  std::string folder;  ///< for base models, and for ledgers; made where missing
  /// Keep each campaign in FOLDER/seed-S/METHOD, ledger and policies, where `candor verify` can
  /// recompute it; such a folder must not be there yet.
  bool keep_campaigns = false;
};

/// Errors: invalid_argument or out_of_range for an option, naming it (an unknown method: the known
/// are listed); not_found for a series that is too short; conflict for a campaign folder that is
/// there already; what models, training and files report.
Result<ExperimentResult> run_experiment(const TrafficSeries& series,
                                        const tokenizer::Tokenizer& tokenizer,
                                        const PolicyFactory& factory,
                                        const ExperimentOptions& options,
                                        const Progress& progress = {});

/// The supervised warm-up alone: what one seed's base model is. Moves the policy.
Status warm_up(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
               const TrafficSeries& series, const Split& split, const ExperimentOptions& options,
               std::uint64_t seed);

}  // namespace candor::navigation
