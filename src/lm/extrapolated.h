// lm/extrapolated.h
// The policy that goes on in the direction of the last step: p ~ newer (newer / older)^a.
#pragma once

#include <memory>
#include <string>

#include "lm/logit_policy.h"

namespace candor::lm {

/// Logits (1 + a) newer - a older.
class ExtrapolatedLogits final : public LogitModel {
 public:
  /// Requires equal vocabularies.
  ExtrapolatedLogits(std::shared_ptr<LogitModel> newer, std::shared_ptr<LogitModel> older,
                     double a);

  [[nodiscard]] std::size_t vocabulary() const override { return newer_->vocabulary(); }
  [[nodiscard]] std::size_t context() const override;
  [[nodiscard]] std::size_t tokens_at_once() const override;
  Result<std::unique_ptr<Decoder>> decoder() override;
  Result<std::vector<float>> answer_logits(std::span<const policy::Sequence> sequences) override;

 private:
  std::shared_ptr<LogitModel> newer_;
  std::shared_ptr<LogitModel> older_;
  double a_;
};

/// A policy of given logits, which is not trained.
class ExtrapolatedPolicy final : public LogitPolicy {
 public:
  explicit ExtrapolatedPolicy(std::shared_ptr<LogitModel> logits) : logits_(std::move(logits)) {}

  /// Log-softmax in double precision.
  Result<std::vector<double>> scores(std::span<const policy::Sequence> sequences) override;
  Result<std::vector<double>> forward(std::span<const policy::Sequence> sequences) override;
  Status backward(std::span<const double> derivative) override;
  Result<policy::StepReport> step(const policy::StepOptions& options) override;
  Status save_state(const std::string& folder) const override;
  Status load_state(const std::string& folder) override;
  Result<std::vector<policy::Sequence>> generate(
      std::span<const std::vector<policy::Token>> prompts, const policy::GenerateOptions& options,
      std::uint64_t seed) override;
  Result<std::unique_ptr<policy::Policy>> frozen_copy() const override;
  Status save_model(const std::string& folder) const override;
  [[nodiscard]] std::size_t vocabulary() const override { return logits_->vocabulary(); }
  [[nodiscard]] std::size_t context() const override { return logits_->context(); }
  [[nodiscard]] Result<std::shared_ptr<LogitModel>> frozen_logits() const override {
    return logits_;
  }
  [[nodiscard]] Result<checkpoint::ModelTensors> tensors() const override;

 private:
  std::shared_ptr<LogitModel> logits_;
};

}  // namespace candor::lm
