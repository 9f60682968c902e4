// candor/scoring/surrogate_loss.h
// The loss of a report when only a noisy record of the outcome comes (a cheap rater, a proxy
// metric, a majority), and it is known how often the record is wrong. In expectation over the noise
// it is the loss against the true outcome, so that what is true of the weight rules with outcomes
// stays true: an honest report about the TRUE outcome is the best report. Scoring the record itself
// asks for something else: with belief .8 and error rates .2 and .35 the best report would be .56.
//
//     E[y][z] = P(record says z | outcome is y)          rows sum to 1
//     surrogate(r, z) = sum_y E^-1[z][y] loss(r, y)      hence unbiased:
//                       sum_z E[y][z] surrogate(r, z) = loss(r, y)
//     two answers:  [(1 - e_other) loss(r, z) - e_z loss(r, other)] / (1 - e_0 - e_1)
// with e_z the chance that the record is wrong when the outcome is z. It may leave [0,1]:
//     lowest  = min_z sum_y min(0, E^-1[z][y])     highest = max_z sum_y max(0, E^-1[z][y])
// hold it (exactly its range for two answers and the quadratic loss), and depend on the rates only.
// So
//     (surrogate - lowest) / (highest - lowest)    in [0,1]
// is again a strictly proper loss, of the true outcome, and can be given to every weight rule. The
// price is speed: a rule with step size eta on it moves as with eta / (highest - lowest) on the
// surrogate, so in original units the largest step size is largest_step() <= 1 (.39 for .2 and
// .35), and the regret bound against true losses grows by 1 / largest_step().
//
// Wrong rates. If the record's errors are E but E' was assumed, the expected surrogate is that of a
// worker who believes b E E'^-1 in place of b: that is then its best report (if it is a
// probability; best_report_under). For two answers, belief b in answer 0:
//     [b (1 - e_0) + (1 - b) e_1 - e'_1] / (1 - e'_0 - e'_1)
// so an error of .05 in e'_1 shifts reports by about .05 (1 - b) / (1 - e_0 - e_1). error_rates.h
// estimates rates from slots with both a record and a true outcome.
//
// Needed besides: the record's errors depend on the outcome only, not on reports or on the slot.
// Sources: Natarajan, Dhillon, Ravikumar, Tewari, NIPS 2013, Lemma 1; Liu, Wang, Chen, "Surrogate
// scoring rules", EC 2020; K answers, scaling and the effect of wrong rates: derived.
// Cost: O(K^2) a loss, no allocation for two answers. Thread safety: immutable.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candor/base/result.h"
#include "candor/scoring/loss_rule.h"

namespace candor::scoring {

class SurrogateLoss {
 public:
  /// Two answers: wrong[k] = P(record is wrong | the outcome is answer k), in [0,1).
  /// Errors: out_of_range unless wrong[0] + wrong[1] < 1 (a coin tells nothing; beyond, answers are
  /// probably swapped).
  static Result<SurrogateLoss> with_error_rates(const LossRule& loss, double wrong_of_0,
                                                double wrong_of_1);

  /// K answers: confusion [K, K] row-major, row y = the law of the record when the outcome is y.
  /// Errors: out_of_range unless rows are probabilities, every record z is likeliest when z is true
  /// (the diagonal is the largest of its column), and the matrix can be inverted.
  static Result<SurrogateLoss> create(const LossRule& loss, std::span<const double> confusion,
                                      std::size_t answers);

  /// The surrogate scaled to [0,1]. report [K] as LossRule wants it; recorded [K] probabilities, as
  /// an outcome. Worked: error rates .2 and .35, report {1, 0}, record {0, 1} -> 1
  [[nodiscard]] double operator()(std::span<const double> report,
                                  std::span<const double> recorded) const;

  /// The surrogate itself: unbiased for the loss. Worked: as above -> .8/.45 = 1.778
  [[nodiscard]] double unscaled(std::span<const double> report,
                                std::span<const double> recorded) const;

  [[nodiscard]] double lowest() const { return lowest_; }
  [[nodiscard]] double highest() const { return highest_; }
  /// 1 / (highest - lowest): the largest step size, in units of the surrogate itself.
  [[nodiscard]] double largest_step() const { return 1.0 / (highest_ - lowest_); }
  [[nodiscard]] std::size_t answers() const { return answers_; }

  /// b E E'^-1 for this loss's E' and the record's true E, `confusion` [K, K]: what a worker with
  /// this belief [K] does best to report (while all entries lie in [0,1]).
  [[nodiscard]] std::vector<double> best_report_under(std::span<const double> confusion,
                                                      std::span<const double> belief) const;

 private:
  SurrogateLoss(const LossRule& loss, std::vector<double> inverse, std::size_t answers);

  LossRule loss_;
  std::vector<double> inverse_;  // [K, K] E^-1
  std::size_t answers_;
  double lowest_ = 0.0;
  double highest_ = 1.0;
};

}  // namespace candor::scoring
