// baseline/em.h
// Dawid and Skene's two steps over a ReportTable, shared by the batch method and the online one.
// The E-step runs over slots, the M-step over workers, each on its own view of the reports, so that
// every sum is made by one thread in one order.
#pragma once

#include <cstddef>
#include <vector>

#include "baseline/worker_table.h"
#include "candor/baseline/report_table.h"

namespace candor::baseline {

struct EmLimits {
  std::size_t iterations = 100;
  double tolerance = 1e-5;
  std::size_t threads = 0;
};

/// Everything EM estimates. counts and log_rates: [workers, K reported, K true].
struct EmState {
  std::vector<double> posterior;      ///< [slots, K]
  std::vector<double> answer_counts;  ///< [K], slots that have reports only
  std::vector<double> counts;
  std::vector<double> log_prior;  ///< [K]
  std::vector<double> log_rates;
  double log_density = 0.0;  ///< of the present parameters under the smoothing
};

struct EmTrace {
  std::vector<double> objective;
  bool converged = false;
};

class Em {
 public:
  /// The table must outlive this object.
  Em(const ReportTable& table, const TableRule& rule, const EmLimits& limits);

  /// Starts from the slots' mean reports.
  void start_from_votes();
  /// Starts from expected counts: [K] and [workers, K, K].
  void start_from_counts(std::vector<double> answer_counts, std::vector<double> counts);
  /// E-step, M-step, until the limits.
  EmTrace run();

  [[nodiscard]] EmState& state() { return state_; }

 private:
  double e_step();
  void m_step();
  void count_answers();
  void make_prior();
  void make_tables(bool recount);
  [[nodiscard]] double make_table(std::size_t worker);
  void count_worker(std::size_t worker);
  template <std::size_t Fixed>
  double e_step_range(std::size_t begin, std::size_t end);
  template <std::size_t Fixed>
  void score_slot(std::size_t slot, double* score) const;

  const ReportTable& table_;
  TableRule rule_;
  EmLimits limits_;
  WorkerReports by_worker_;
  EmState state_;
};

}  // namespace candor::baseline
