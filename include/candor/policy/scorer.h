// candor/policy/scorer.h
// A trainable function from a sequence to one number, seen through four calls. It is all that
// training knows of a model: objectives (align/) are plain functions of scores with gradients in
// closed form, so neither they nor the trainer need a tensor library, and every one of them is
// tested on models small enough for an exact answer (tabular_policy.h).
//
// One optimiser step over a batch, in as many pieces as memory asks for:
//
//   for (piece : pieces) {
//     CANDOR_TRY(std::vector<double> score, scorer.forward(piece));   // keeps what backward needs
//     CANDOR_CHECK(scorer.backward(derivative_of_the_loss_by_each(score)));
//   }
//   CANDOR_TRY(StepReport report, scorer.step({.learning_rate = 1e-4}));
//
// A policy's score is log pi(answer | prompt), natural log, summed over the answer's tokens; a
// reward model's is its reward. Which of the two is the class's business.
// Thread safety: one thread at a time (inside a call, models use all their threads).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/policy/sequence.h"

namespace candor::policy {

/// AdamW's numbers (Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019).
struct StepOptions {
  double learning_rate = 1e-4;     ///< >= 0; schedules set it step by step
  double beta1 = 0.9;              ///< in [0,1)
  double beta2 = 0.999;            ///< in [0,1)
  double epsilon = 1e-8;           ///< > 0
  double weight_decay = 0.0;       ///< >= 0; on matrices only, not on norms and biases
  double max_gradient_norm = 1.0;  ///< the gradient is scaled down to it; 0: never
  /// The first step of a run: moments and step count begin anew. Moments of another objective, whose
  /// gradients were smaller, would make steps several times too long.
  bool first = false;
};

struct StepReport {
  double gradient_norm = 0.0;  ///< Euclidean, over all trained parameters, before scaling
};

class Scorer {
 public:
  Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;
  virtual ~Scorer() = default;

  /// The score of each sequence, without a gradient.
  /// Errors: out_of_range for a token outside the vocabulary or a sequence longer than the context
  /// (both numbers are named); then nothing has changed.
  virtual Result<std::vector<double>> scores(std::span<const Sequence> sequences) = 0;

  /// The same numbers, keeping what backward needs. Errors: as scores.
  virtual Result<std::vector<double>> forward(std::span<const Sequence> sequences) = 0;

  /// Adds sum_i derivative[i] d score_i / d parameters to the gradient. Once after each forward,
  /// with as many numbers. Errors: out_of_range for a derivative that is not finite.
  virtual Status backward(std::span<const double> derivative) = 0;

  /// One AdamW step down the gathered gradient, which is then zero again.
  /// Errors: out_of_range when the gradient is not finite: parameters, moments and step count stay
  /// as they were, and the gradient is dropped.
  virtual Result<StepReport> step(const StepOptions& options) = 0;

  /// Everything a run needs to go on exactly where it was (parameters, moments, step count), as
  /// files of a folder that is made for it; and back. A folder appears whole or not at all. Loading
  /// drops a gradient gathered so far (and a forward without its backward).
  /// Errors: io (disk full: what was there before stays), not_found, corrupt, conflict for the
  /// state of another model.
  virtual Status save_state(const std::string& folder) const = 0;
  virtual Status load_state(const std::string& folder) = 0;
};

}  // namespace candor::policy
