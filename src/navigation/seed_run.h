// One seed of the experiment: a base model, and every method from there.
#pragma once

#include <string>
#include <vector>

#include "candor/campaign/campaign.h"
#include "candor/navigation/experiment.h"
#include "candor/navigation/forecast_score.h"

namespace candor::navigation {

/// What all seeds share.
struct Setting {
  const TrafficSeries& series;
  const tokenizer::Tokenizer& tokenizer;
  const ExperimentOptions& options;
  const Progress& progress;
  Split split;
  Drivers drivers;
  std::vector<const Hour*> evaluation;
  std::vector<const Hour*> curve;
};

struct MethodRun {
  double regret = 0.0;
  double label_loss = 0.0;  ///< mean
  std::string best_driver;
  ForecastScore after;
  double win_rate = 0.0;
  std::vector<double> curve;  ///< [rounds + 1]
};

struct SeedResult {
  ForecastScore before;
  std::vector<MethodRun> methods;
};

class SeedRun {
 public:
  SeedRun(const Setting& setting, policy::Policy& policy, std::uint64_t seed)
      : setting_(setting), policy_(policy), seed_(seed) {}
  Result<SeedResult> run();

 private:
  Result<MethodRun> run_method(const std::string& method, const ForecastScore& before);
  Result<campaign::CampaignOptions> options_of(const std::string& method) const;
  void say(const std::string& what, const ForecastScore& score) const;

  const Setting& setting_;
  policy::Policy& policy_;
  std::uint64_t seed_;
};

/// P(A better) that each slot of a finished campaign was trained on.
Result<std::vector<double>> trained_labels(const std::vector<campaign::SlotState>& slots,
                                           campaign::LabelSource source);

}  // namespace candor::navigation
