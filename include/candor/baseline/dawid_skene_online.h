// candor/baseline/dawid_skene_online.h
// Dawid & Skene's model while slots arrive: what a platform has that weights workers by EM and
// never learns outcomes. Each slot is pooled with estimates from the slots before it.
//
// Two forms of one interface, pool(slot t) then observe(slot t):
//   StepwiseDawidSkene   each slot's expected counts are added once and never revisited. Source:
//                        O. Cappe, E. Moulines, "On-line expectation-maximization algorithm for
//                        latent data models", JRSS B 71 (2009), equation 12 with step 1/t (a
//                        running mean).
//   OnlineDawidSkene     the same, and on a schedule EM runs again over all slots so far.
//
// Pooled label of a slot: p(a) ~ prior[a] prod over reports of prod_b C_w[a][b]^r(b), with
// C_w[a][b] = (n_w[a][b] + smoothing) / (row sum), n_w the expected counts so far, and the prior
// from the answers' expected counts in the same way. A worker not seen before has the smoothing's
// table (2/3 right for two answers). Before the first slot the label is the mean report.
//
// Worked example (the first test), K = 2, smoothing {right 2, wrong 1, answer 1}, stepwise:
//   slot 0: workers 0 and 1 report answer 0.  pooled (1, 0), the mean report; adds 1 to n[0][0] of both
//   slot 1: worker 0 alone reports answer 0.  prior (2/3, 1/3); C_0[0][0] = 3/4, C_0[1][0] = 1/3
//           2/3 * 3/4 = 1/2 against 1/3 * 1/3 = 1/9                               -> (9/11, 2/11)
//
// Thread safety: one thread at a time; pool() is const and may be shared between observes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/baseline/dawid_skene.h"
#include "candor/baseline/report_table.h"

namespace candor::baseline {

struct OnlineDawidSkeneOptions {
  ConfusionModel model = ConfusionModel::full;
  Smoothing smoothing = {.right = 2.0, .wrong = 1.0, .answer = 1.0};  ///< all > 0
  // OnlineDawidSkene only:
  std::size_t every_slot_until = 10;  ///< EM runs after each of the first so many slots
  double growth = 1.25;               ///< and then when the slots have grown by this factor; > 1
  std::size_t iterations = 10;  ///< EM iterations a run at most, started from the present tables
  double tolerance = 1e-5;      ///< as in DawidSkeneOptions
  std::size_t threads = 1;      ///< 0: all; same bits for any number
};

/// Whether the options make sense. Errors: invalid_argument, naming the option. The classes below
/// assert it.
[[nodiscard]] Status check(const OnlineDawidSkeneOptions& options);

/// Expected counts only: O(workers K^2) memory, O(reports of the slot K^2) time a slot.
class StepwiseDawidSkene {
 public:
  /// answers: K >= 2.
  explicit StepwiseDawidSkene(std::size_t answers, const OnlineDawidSkeneOptions& options = {});

  /// The label of a slot under the present estimates. reports: [workers.size(), K] rows of
  /// probabilities; label: [K]. No workers: the prior over answers.
  void pool(std::span<const WorkerId> workers, std::span<const double> reports,
            std::span<double> label) const;

  /// Adds the slot: its label, as pool() gives it, is shared out over the workers' counts.
  void observe(std::span<const WorkerId> workers, std::span<const double> reports);

  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] std::size_t slots() const { return slots_; }  ///< observed so far

  /// A worker's present table: [K true, K reported], rows sum to one.
  void confusion(WorkerId worker, std::span<double> table) const;
  /// The present shares of the answers: [K].
  void prior(std::span<double> shares) const;

  /// The expected counts, without smoothing: [K], and [workers seen, K reported, K true].
  [[nodiscard]] std::span<const double> answer_counts() const { return answer_counts_; }
  [[nodiscard]] std::span<const double> worker_counts() const { return worker_counts_; }
  /// Replaces them; how OnlineDawidSkene puts the result of EM in place.
  void replace_counts(std::vector<double> answer_counts, std::vector<double> worker_counts);

 private:
  void fit_workers(std::span<const WorkerId> workers);

  std::size_t answers_;
  OnlineDawidSkeneOptions options_;
  std::size_t slots_ = 0;
  std::vector<double> answer_counts_;  // [K]
  std::vector<double> worker_counts_;  // [workers, K reported, K true]
};

/// Expected counts, and EM over everything on a schedule.
///
/// EM starts from the present tables, so it follows one maximum as slots arrive. Runs happen at
/// sizes that grow by `growth`, so all of them together visit at most growth/(growth-1) = 5 times
/// the final number of reports per iteration: with at most 10 iterations, 50 visits a report in
/// all. Memory: the ReportTable (8 bytes a report), and while EM runs what dawid_skene() needs.
class OnlineDawidSkene {
 public:
  explicit OnlineDawidSkene(std::size_t answers, const OnlineDawidSkeneOptions& options = {});

  /// As StepwiseDawidSkene.
  void pool(std::span<const WorkerId> workers, std::span<const double> reports,
            std::span<double> label) const {
    counts_.pool(workers, reports, label);
  }
  void observe(std::span<const WorkerId> workers, std::span<const double> reports);

  [[nodiscard]] std::size_t answers() const { return counts_.answers(); }
  [[nodiscard]] std::size_t slots() const { return table_.slots(); }
  /// How often EM has run over all slots.
  [[nodiscard]] std::size_t runs() const { return runs_; }
  void confusion(WorkerId worker, std::span<double> table) const {
    counts_.confusion(worker, table);
  }
  void prior(std::span<double> shares) const { counts_.prior(shares); }

 private:
  [[nodiscard]] bool due() const;
  void run_em();

  OnlineDawidSkeneOptions options_;
  StepwiseDawidSkene counts_;
  ReportTable table_;
  std::size_t slots_at_last_run_ = 0;
  std::size_t runs_ = 0;
};

}  // namespace candor::baseline
