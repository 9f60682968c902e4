// lm/torch_scorer.h
// What policies and reward models have in common: padded micro-batches through a network, gradients
// kept between forward and backward, AdamW, and the state on disk.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "candor/lm/device.h"
#include "candor/lm/language_model.h"
#include "candor/policy/scorer.h"
#include "lm/adamw.h"
#include "lm/transformer.h"

namespace candor::lm {

/// Sequences as a rectangle, padded on the right: R rows, T columns, A answer tokens in all.
struct PaddedBatch {
  torch::Tensor tokens;  ///< [R, T] int64; padding is token 0
  torch::Tensor place;   ///< [A] int64 into R*T: the token before each answer token
  torch::Tensor target;  ///< [A] int64: the answer tokens
  torch::Tensor row;     ///< [A] int64: whose they are
  torch::Tensor last;    ///< [R] int64 into R*T: each row's last token
};

/// `which` of the sequences, in this order, on this device.
[[nodiscard]] PaddedBatch pad(std::span<const policy::Sequence> sequences,
                              std::span<const std::size_t> which, const torch::Device& device);

/// log softmax(logits)[target], summed over each row's answer in double: [R]. logits: [A, V].
[[nodiscard]] torch::Tensor sum_of_log_probabilities(const torch::Tensor& logits,
                                                     const PaddedBatch& batch);

/// Where and how a network computes.
struct Runtime {
  Device device;
  Precision precision = Precision::f32;
  std::size_t tokens_at_once = 8192;
};

/// What the options ask for, checked; LibTorch's threads are set. Errors: as load_policy.
[[nodiscard]] Result<Runtime> runtime_of(const ModelOptions& options);

/// A network that is scored, and how.
struct ScoredNetwork {
  Transformer network = nullptr;
  std::vector<TrainedParameter> trained;                   ///< empty: frozen
  std::function<torch::Tensor(const PaddedBatch&)> score;  ///< -> [R] double
  Runtime runtime;
};

/// Every parameter that has a gradient, by name.
[[nodiscard]] std::vector<TrainedParameter> trained_parameters(const torch::nn::Module& module,
                                                               const std::string& prefix = "");

class TorchScorer final : public policy::Scorer {
 public:
  explicit TorchScorer(ScoredNetwork scored);

  Result<std::vector<double>> scores(std::span<const policy::Sequence> sequences) override;
  Result<std::vector<double>> forward(std::span<const policy::Sequence> sequences) override;
  Status backward(std::span<const double> derivative) override;
  Result<policy::StepReport> step(const policy::StepOptions& options) override;
  Status save_state(const std::string& folder) const override;
  Status load_state(const std::string& folder) override;

  Status set_reducer(std::shared_ptr<GradientReducer> reducer);
  [[nodiscard]] const Transformer& network() const { return scored_.network; }
  [[nodiscard]] const Runtime& runtime() const { return scored_.runtime; }

 private:
  // A micro-batch whose graph waits for backward.
  struct Pending {
    std::vector<std::size_t> rows;
    torch::Tensor score;  // [rows] double
  };
  Status check(std::span<const policy::Sequence> sequences) const;
  [[nodiscard]] Status check_trained() const;
  Result<std::vector<double>> run(std::span<const policy::Sequence> sequences, bool keep);

  ScoredNetwork scored_;
  AdamW optimiser_;
  std::vector<Pending> pending_;
  std::size_t pending_rows_ = 0;
};

/// A policy or reward model whose training is a TorchScorer's.
class TrainedByTorch {
 public:
  TrainedByTorch() = default;
  TrainedByTorch(const TrainedByTorch&) = delete;
  TrainedByTorch& operator=(const TrainedByTorch&) = delete;
  virtual ~TrainedByTorch() = default;
  virtual TorchScorer& scorer() = 0;
};

}  // namespace candor::lm
