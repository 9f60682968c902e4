// arguments/seed_run.h
// One seed of the experiment: split, base model, labels, and every training with its test.
#pragma once

#include "candor/align/preference_pair.h"
#include "candor/arguments/experiment.h"

namespace candor::arguments {

/// One method with one crowd.
struct MethodRun {
  double reward_accuracy = 0.0;
  double policy_accuracy = 0.0;
  LabelScore label;
};

struct SeedResult {
  std::vector<MethodRun> honest;     ///< [methods]
  std::vector<MethodRun> strategic;  ///< [methods]
  double longer_wins = 0.0;
  std::size_t test_pairs = 0;
  std::size_t trained_pairs = 0;
  std::size_t strategic_workers = 0;
  std::optional<double> warm_up_loss;
};

struct Setting {
  const CrowdText& text;
  const ArgumentsOptions& options;
  const ModelFactories& models;
  const Progress& progress;
  std::vector<policy::Sequence> sequence;  ///< [arguments]
};

class SeedRun {
 public:
  SeedRun(const Setting& setting, std::uint64_t seed);
  ~SeedRun();
  SeedRun(const SeedRun&) = delete;
  SeedRun& operator=(const SeedRun&) = delete;

  Result<SeedResult> run();

 private:
  /// Labels of all training pairs, [methods].
  using Labels = std::vector<std::vector<double>>;

  Status choose_pairs();
  Status make_models();
  Result<std::optional<double>> warm_up();
  Status cache_pairs();
  Result<std::vector<MethodRun>> run_crowd(const std::string& crowd, const CrowdText& text);
  Result<std::vector<MethodRun>> run_strategic(SeedResult& result);
  Result<MethodRun> run_method(const std::vector<double>& label);
  Result<double> train_policy(const std::vector<align::PreferencePair>& pairs);
  Result<double> train_reward(const std::vector<align::PreferencePair>& pairs);
  [[nodiscard]] std::vector<align::PreferencePair> labelled(const std::vector<double>& label) const;
  Result<std::vector<double>> held_out_scores(policy::Scorer& scorer) const;
  void say(const std::string& what) const;

  const Setting& setting_;
  const ArgumentsOptions& options_;
  std::uint64_t seed_;
  std::string folder_;  // scratch, removed at the end
  Split split_;
  std::vector<std::size_t> training_;  // pairs of the training debates
  std::vector<std::size_t> chosen_;    // places in training_ of the pairs that are trained on
  std::vector<std::size_t> test_;
  std::unique_ptr<policy::Policy> policy_;
  std::unique_ptr<policy::Scorer> reward_;
  std::vector<align::PreferencePair> pair_;  // [chosen], reference cached, without labels
  std::vector<double> reference_;            // [arguments] of the base model, of those held out
  std::optional<double> warm_up_loss_;
};

}  // namespace candor::arguments
