// candor/align/metrics.h
// The numbers of a training step, under the names that trainers and their dashboards use.
//
//   loss                of the batch, as minimised
//   rewards/chosen      mean reward of the better answers, as the objective understands reward
//   rewards/rejected    of the others
//   rewards/margins     mean difference of the two
//   rewards/accuracies  share of pairs whose better answer has the larger reward; equal: one half
//   logps/chosen        mean score of the better answers (ln pi, summed over tokens)
//   logps/rejected      of the others
//   grad_norm           before scaling          learning_rate   as used in the step
//   clipped             robust-dpo: share of pairs whose gradient its clip cut off
//   kl                  mean ln pi - ln pi_ref of answers that pi wrote (divergence.h)
//   win_rate            mean outcome against other answers; ranking_accuracy: below
//   epoch               how often the data have been seen, with fractions
// On held-out pairs each name has eval_ before it ("eval_rewards/accuracies").
//
// Labels are probabilities, so which answer is "chosen" needs saying: it is the one whose label is
// above 1/2, however little. A pair with label exactly 1/2 has no better answer: it counts in the
// loss and in no other metric. So do pairs of weight 0. The means of rewards/* and logps/* are over
// pairs, each counted once whatever its weight. A name without any pair is absent, not 0.
//
//   Tally tally;
//   add_pair(tally, *dpo, {.score_a = -1, .score_b = -2, .label = .3}, loss);   // b is the better
//   tally.means()          // ... {"logps/chosen", -2}, {"rewards/accuracies", 0}, ...
//
// Thread safety: plain values. Cost: a few string comparisons a pair.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/align/objective.h"

namespace candor::align {

struct Metric {
  std::string name;
  double value = 0.0;
  bool operator==(const Metric&) const = default;
};

/// All metrics of one step. Steps count from 1: step k is the state after k optimiser steps.
struct Metrics {
  std::uint64_t step = 0;
  std::vector<Metric> values;

  [[nodiscard]] std::optional<double> find(std::string_view name) const;
  bool operator==(const Metrics&) const = default;
};

/// Means in the making: sum and weight by name, in the order of first mention.
class Tally {
 public:
  /// sum: already multiplied by its weight.
  void add(std::string_view name, double sum, double weight = 1.0);
  /// sum / weight of each name with weight > 0, the prefix put before the name.
  [[nodiscard]] std::vector<Metric> means(std::string_view prefix = "") const;

 private:
  struct Entry {
    std::string name;
    double sum = 0.0;
    double weight = 0.0;
  };
  std::vector<Entry> entry_;
};

/// Adds one pair's loss, rewards/* and logps/* to a tally.
void add_pair(Tally& tally, const Objective& objective, const PairTerms& terms,
              const PairLoss& loss);

struct Estimate {
  double mean = 0.0;
  double standard_error = 0.0;  ///< of the mean; 0 for fewer than two numbers
  std::size_t count = 0;
};

/// Mean and standard error (with n-1) of numbers in the order given.
/// Worked: {1, 0, 1, 1} -> mean .75, standard error .25.
/// Use: win_rate from outcomes (1 the new policy's answer was better, 0 the other's, between for a
/// split). Errors: invalid_argument for no numbers.
[[nodiscard]] Result<Estimate> estimate(std::span<const double> values);

/// Ranking accuracy: the share of pairs whose order by score agrees with the label; equal scores
/// count one half, labels of exactly 1/2 are left out. Worked: scores (2,1), (0,3), (1,1) with
/// labels .9, .8, .7: (1 + 0 + 1/2) / 3 = .5. Errors: invalid_argument where no pair has a better
/// answer, or the lengths differ.
[[nodiscard]] Result<double> ranking_accuracy(std::span<const PairScores> scores,
                                              std::span<const double> labels);

}  // namespace candor::align
