// The model of a run: a policy or a reward model, with its tokenizer.
#pragma once

#include <memory>
#include <string>

#include "candor/lm/reward_model.h"
#include "text_codec.h"
#include "train_data.h"
#include "train_options.h"

namespace candor::app {

/// What is known of a model before its parameters are there.
struct ModelPlan {
  checkpoint::ModelConfig config;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer;
};

/// For --new without --tokenizer, a byte-pair vocabulary is made from the data; the model then has
/// as many tokens as came of it, and its begin and end tokens are the tokenizer's.
Result<ModelPlan> plan_model(const TrainOptions& options, const TrainFile& data);

class TrainedModel {
 public:
  static Result<TrainedModel> create(const TrainOptions& options, const ModelPlan& plan);

  [[nodiscard]] policy::Scorer& scorer() const { return reward_ ? *reward_ : *policy_; }
  /// Writes OUT/model, or OUT/adapter where an adapter was trained, and says which.
  Result<std::string> save(const TrainOptions& options, const ModelPlan& plan) const;

 private:
  std::unique_ptr<policy::Policy> policy_;
  std::unique_ptr<policy::Scorer> reward_;
};

/// Parameters that training moves: all, or those of the new adapter.
[[nodiscard]] std::size_t trained_parameters(const TrainOptions& options,
                                             const checkpoint::ModelConfig& config);

}  // namespace candor::app
