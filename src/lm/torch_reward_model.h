// lm/torch_reward_model.h
// A transformer with one number at the end.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lm/torch_scorer.h"

namespace candor::lm {

/// v . hidden + c
struct RewardHead {
  torch::Tensor weight;  ///< [width]
  torch::Tensor bias;    ///< [1]
};

class TorchRewardModel final : public policy::Scorer, public TrainedByTorch {
 public:
  TorchRewardModel(const Transformer& network, RewardHead head, const Runtime& runtime);

  Result<std::vector<double>> scores(std::span<const policy::Sequence> sequences) override {
    return scorer_.scores(sequences);
  }
  Result<std::vector<double>> forward(std::span<const policy::Sequence> sequences) override {
    return scorer_.forward(sequences);
  }
  Status backward(std::span<const double> derivative) override {
    return scorer_.backward(derivative);
  }
  Result<policy::StepReport> step(const policy::StepOptions& options) override {
    return scorer_.step(options);
  }
  Status save_state(const std::string& folder) const override { return scorer_.save_state(folder); }
  Status load_state(const std::string& folder) override { return scorer_.load_state(folder); }

  TorchScorer& scorer() override { return scorer_; }
  [[nodiscard]] const Transformer& network() const { return scorer_.network(); }
  [[nodiscard]] const RewardHead& head() const { return head_; }

 private:
  RewardHead head_;
  TorchScorer scorer_;
};

}  // namespace candor::lm
