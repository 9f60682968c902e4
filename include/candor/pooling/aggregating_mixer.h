// candor/pooling/aggregating_mixer.h
// Vovk's aggregating algorithm for the Brier game: predicts almost as well as the best of M
// predictors, whatever happens.
//
// Loss: half the squared distance. It is mixable with eta = 2 over any number of answers, so for every
// sequence of predictions and outcomes, fractional outcomes included, and every predictor e with
// starting weight v_e (1/M here)
//     sum loss(mix) <= sum loss(e) + ln(M) / 2
// (four times sharper than the weighted mean of the predictors, whose bound is 2 ln M.)
// Source: Vovk & Zhdanov, "Prediction with Expert Advice for the Brier Game", JMLR 10 (2009), Theorem 1
// with losses halved; fractional outcomes follow since the generalised prediction is concave in the
// outcome while the loss less |y|^2/2 is linear (derived).
//
// Cost: O(M K) each call. Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace candor::pooling {

class AggregatingMixer {
 public:
  explicit AggregatingMixer(std::size_t predictors) : log_weight_(predictors, 0.0) {}

  /// mix [K] from predictions [M, K]. Worked (M = 2, K = 2, first slot): P(A) {1, 0} -> mix 1/2.
  void mix(std::span<const double> prediction, std::span<double> mix) const;

  /// Charges every predictor with its loss; predictions as they were for this outcome [K].
  void learn(std::span<const double> prediction, std::span<const double> outcome);

  /// [M] sums to 1.
  [[nodiscard]] std::vector<double> weights() const;

  static constexpr double rate = 2.0;

 private:
  std::vector<double> log_weight_;  // [M] -rate * loss so far, largest 0
};

/// What the mix may lose to the best of M predictors over any number of slots: ln(M) / 2.
[[nodiscard]] double mixing_cost(std::size_t predictors);

}  // namespace candor::pooling
