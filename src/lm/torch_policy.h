// lm/torch_policy.h
// A transformer as a policy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lm/logit_policy.h"
#include "lm/torch_scorer.h"

namespace candor::lm {

/// A transformer's logits as rows of floats.
class TransformerLogits final : public LogitModel {
 public:
  TransformerLogits(Transformer network, Runtime runtime)
      : network_(std::move(network)), runtime_(runtime) {}

  [[nodiscard]] std::size_t vocabulary() const override { return network_->config().vocabulary; }
  [[nodiscard]] std::size_t context() const override { return network_->config().context; }
  [[nodiscard]] std::size_t tokens_at_once() const override { return runtime_.tokens_at_once; }
  Result<std::unique_ptr<Decoder>> decoder() override;
  Result<std::vector<float>> answer_logits(std::span<const policy::Sequence> sequences) override;

 private:
  Transformer network_;
  Runtime runtime_;
};

class TorchPolicy final : public LogitPolicy, public TrainedByTorch {
 public:
  /// trained: whether its parameters that need a gradient are to be trained.
  TorchPolicy(Transformer network, const Runtime& runtime, bool trained);

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

  Result<std::vector<policy::Sequence>> generate(
      std::span<const std::vector<policy::Token>> prompts, const policy::GenerateOptions& options,
      std::uint64_t seed) override;
  Result<std::unique_ptr<policy::Policy>> frozen_copy() const override;
  Status save_model(const std::string& folder) const override;
  [[nodiscard]] std::size_t vocabulary() const override { return logits_.vocabulary(); }
  [[nodiscard]] std::size_t context() const override { return logits_.context(); }

  [[nodiscard]] Result<std::shared_ptr<LogitModel>> frozen_logits() const override;
  [[nodiscard]] Result<checkpoint::ModelTensors> tensors() const override;
  TorchScorer& scorer() override { return scorer_; }

 private:
  TorchScorer scorer_;
  TransformerLogits logits_;
};

/// load_policy's network, with the adapter that the options ask for.
[[nodiscard]] Result<Transformer> load_network(const std::string& path, const ModelOptions& options,
                                               const Runtime& runtime);
[[nodiscard]] Result<Transformer> create_network(const checkpoint::ModelConfig& config,
                                                 std::uint64_t seed, const ModelOptions& options,
                                                 const Runtime& runtime);

}  // namespace candor::lm
