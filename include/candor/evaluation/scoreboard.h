// candor/evaluation/scoreboard.h
// Methods side by side on one stream of settled slots: every method gives a label for a slot, then
// the outcome comes, and each is charged.
//
//   Brier      half the squared distance between label and outcome; two answers: (p - y)^2
//   log loss   -sum_k y_k ln max(p_k, 1e-12)
//   accuracy   over slots with a certain outcome: 1 for a hit, 1/n where n answers tie for the top
//   regret     to the best worker, each worker compared over the slots it answered
//   (regret_ledger.h)
//
// Memory: O(workers * methods). Cost of record(): O(reports * (K + methods)). One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candor/learning/regret_ledger.h"
#include "candor/pooling/label_pool.h"

namespace candor::evaluation {

/// Totals over settled slots; the means are what people compare.
struct Score {
  std::uint64_t slots = 0;
  double loss = 0.0;
  double log_loss = 0.0;
  double credit = 0.0;        ///< accuracy credit over `certain` slots
  std::uint64_t certain = 0;  ///< slots whose outcome is certain

  void charge(std::span<const double> label, std::span<const double> outcome);
  [[nodiscard]] std::optional<double> brier() const;
  [[nodiscard]] std::optional<double> mean_log_loss() const;
  [[nodiscard]] std::optional<double> accuracy() const;
};

/// Predicted probability against observed frequency: ten bins, each with the sums of both.
struct Reliability {
  struct Bin {
    double predicted = 0.0;
    double observed = 0.0;
    std::uint64_t count = 0;
  };
  std::array<Bin, 10> bins{};

  /// Two answers: the probability of answer 0; more: every answer's.
  void add(std::span<const double> label, std::span<const double> outcome);
};

class Scoreboard {
 public:
  /// with_workers: keep worker_score() for every worker (the best worker's log loss and accuracy).
  explicit Scoreboard(std::vector<std::string> methods, bool with_workers = false);

  /// One settled slot: labels [methods, K], outcome [K].
  void record(const pooling::SlotView& slot, std::span<const double> labels,
              std::span<const double> outcome);

  [[nodiscard]] const std::vector<std::string>& methods() const { return methods_; }
  [[nodiscard]] const Score& score(std::size_t method) const { return scores_[method]; }
  [[nodiscard]] const Reliability& reliability(std::size_t method) const {
    return reliability_[method];
  }
  [[nodiscard]] const learning::RegretLedger& regrets() const { return regrets_; }
  /// The worker's own reports, as if it were a method on the slots that it answered. Requires
  /// with_workers.
  [[nodiscard]] const Score& worker_score(WorkerId worker) const {
    return worker_scores_[worker.index()];
  }
  [[nodiscard]] std::uint64_t slots() const { return slots_; }

 private:
  void record_workers(const pooling::SlotView& slot, std::span<const double> outcome);

  std::vector<std::string> methods_;
  bool with_workers_;
  std::vector<Score> scores_;
  std::vector<Reliability> reliability_;
  std::vector<Score> worker_scores_;
  learning::RegretLedger regrets_;
  std::vector<double> method_loss_;
  std::vector<double> worker_loss_;
  std::uint64_t slots_ = 0;
};

/// Slot counts 1, 2, 3, ... spaced by about 12 % once they are large: where curves are sampled.
class LogSchedule {
 public:
  /// True once for each sample point; call with 1, 2, 3, ...
  bool due(std::uint64_t slot);

 private:
  std::uint64_t next_ = 1;
};

}  // namespace candor::evaluation
