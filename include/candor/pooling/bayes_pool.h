// candor/pooling/bayes_pool.h
// Outcome-trained Bayes: each worker has a table of how often it reported kind b when the outcome
// was of kind a, and a slot's reports are evidence about its outcome:
//     log p(a) = log prior(a) + tau sum_i sum_b r_i(b) log P_i(b | a) + const
//     label    = sum_a p(a) row(a)
// with P_i(b | a) = C_i[a][b] / sum_b' C_i[a][b'] from counts of settled slots. tau = 1 takes the
// workers' errors as independent, smaller tau tempers errors that they share; one label for each
// tau, from the same tables. Unlike a weighted mean this uses bad workers too: one who is always
// wrong is as informative as one who is always right.
//
// Kinds are the K certain answers and, with ties > 0, ties (row_kinds.h); any other report or
// outcome counts in parts.
//
// Where a worker is new, something must stand in for its table:
//   own prior   every table starts with 2 on the diagonal and 1 spread off it
//   shrunk      every table starts as `strength` reports of the crowd: the pooled table of all workers
//               (a row is brought up to date when its worker settles a slot with such an outcome)
//   crowd       one table for everybody (for very sparse crowds)
// Slots without an outcome teach nothing: letting their label stand in for it (EM) was tried and made
// labels worse on every real crowd where it made a difference.
// Source: Dawid & Skene 1979 (the tables); training by outcomes, tempering, shrinking, ties derived.
//
// Memory: 2 kinds^2 doubles a worker. Cost: O(n kinds^2) a slot, with a row of logarithms for each
// worker of a settled slot.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/pooling/label_pool.h"
#include "candor/pooling/row_kinds.h"

namespace candor::pooling {

struct BayesOptions {
  enum class Tables : std::uint8_t { own_prior, shrunk, crowd };
  Tables tables = Tables::own_prior;
  double strength = 4.0;  ///< shrunk: reports' worth of the crowd's table
  std::size_t ties = 0;   ///< kinds of tie to tell apart; 0: ties are split
  std::vector<double> temperatures = {1.0, 0.5, 0.25};  ///< tau, each in (0, 1]
  std::string name = "bayes";                           ///< labels are "bayes", "bayes-0.5", ...
};

class BayesPool final : public LabelPool {
 public:
  BayesPool(std::size_t answers, BayesOptions options);

  [[nodiscard]] std::vector<std::string> names() const override;
  void pool(const SlotView& slot, std::span<double> label) override;
  void learn(const SlotView& slot, std::span<const double> label,
             std::span<const double> outcome) override;

  /// P(report of kind b | outcome of kind a) of one worker as now estimated, [kinds, kinds] by rows
  /// a, kinds = K + ties.
  [[nodiscard]] std::vector<double> table_of(WorkerId worker) const;

 private:
  using Parts = std::vector<std::pair<std::size_t, double>>;
  void prepare_table(std::size_t table);
  void refresh_row(std::size_t table, std::size_t a);
  void add_evidence(std::size_t table, std::span<const double> report);
  void form_label(double tau, std::span<double> label);
  void count_report(std::size_t table, std::span<const double> report, const Parts& outcome);
  [[nodiscard]] std::size_t table_index(WorkerId worker) const;
  [[nodiscard]] double base_count(std::size_t a, std::size_t b) const;
  [[nodiscard]] std::size_t cell(std::size_t table, std::size_t a, std::size_t b) const {
    return (table * kinds_ + a) * kinds_ + b;
  }

  BayesOptions options_;
  RowKinds rows_;
  std::size_t kinds_;          // capacity: K + ties
  std::vector<double> prior_;  // [kinds] counts of outcomes, from 1 (ties from 0)
  struct Cell {
    double count = 0.0;            // reports of settled slots
    double log_probability = 0.0;  // log P(b | a)
  };
  std::vector<Cell> cells_;        // [tables, kinds, kinds]
  std::vector<bool> prepared_;     // [tables] logarithms have been filled in
  std::vector<double> crowd_;      // [kinds, kinds] counts over all workers
  std::vector<double> crowd_row_;  // [kinds] their sums by row
  std::vector<double> log_prior_;  // [kinds] scratch
  std::vector<double> evidence_;   // [kinds] scratch
  std::vector<double> posterior_;  // [kinds] scratch
};

}  // namespace candor::pooling
