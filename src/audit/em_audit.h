// Dawid & Skene's EM, audited: it has no slots, it weighs a whole table at once.
#pragma once

#include <vector>

#include "candor/audit/audit.h"

namespace candor::audit {

/// A crowd whose every worker sees the answer of every task through a signal of its own: A is
/// right with probability `base`; worker i's signal is right with probability accuracy[i],
/// independently.
struct SignalCrowd {
  std::string name = "worst found";
  double base = 0.8;
  std::vector<double> accuracy;
  std::size_t tasks = 400;  ///< each combination as often as it is expected, rounded
};

/// What the coalition reports when it sees A, and when it sees B. Honest: {1, 0}.
struct Answering {
  double seeing_a = 1.0;
  double seeing_b = 0.0;
};

/// The sum of the utilities of workers 0 .. coalition-1, all answering in this way, the others
/// honestly.
///   weight  the accuracy that EM (one coin a worker) estimates
///   pay     agreement with the label, mean over tasks of (1 - (report - label)^2) / N
///   sway    minus the mean squared distance of the label from the worker's own belief (its
///           posterior)
struct EmUtility {
  double weight = 0.0;
  double pay = 0.0;
  double sway = 0.0;
  double label = 0.0;  ///< mean
};
[[nodiscard]] EmUtility em_utility(const SignalCrowd& crowd, std::size_t coalition,
                                   const Answering& answering);

[[nodiscard]] MechanismNote em_note();
[[nodiscard]] std::vector<AuditRow> audit_em(const AuditOptions& options);

}  // namespace candor::audit
