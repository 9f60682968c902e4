// candor/learning/regret_ledger.h
// How far behind the best worker each method is. A worker is compared with a method over the slots that
// the worker itself answered (sleeping experts):
//     regret(method, i) = sum over settled slots t answered by i of  loss(label_t) - loss(report_{i,t})
//     regret(method)    = max over workers i with at least k settled reports
// With full attendance this is the usual regret: the method's total loss minus the best worker's.
//
// Memory: workers * (methods + 2) doubles. Cost of record(): O(m * methods) for m answering workers;
// of a regret: O(workers). Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "candor/base/ids.h"

namespace candor::learning {

class RegretLedger {
 public:
  explicit RegretLedger(std::size_t methods) : methods_(methods) {}

  /// One settled slot: who answered, their losses [m], and each method's loss [methods].
  void record(std::span<const WorkerId> worker, std::span<const double> worker_loss,
              std::span<const double> method_loss);

  struct Worst {
    WorkerId worker;  ///< to whom the regret is largest: the best worker, as this method sees it
    double regret = 0.0;
  };
  /// Nothing if no worker has at_least settled reports.
  [[nodiscard]] std::optional<Worst> regret(std::size_t method, std::size_t at_least) const;

  [[nodiscard]] double regret_to(std::size_t method, WorkerId worker) const;
  [[nodiscard]] std::size_t workers() const { return slots_.size(); }
  [[nodiscard]] std::size_t slots_of(WorkerId worker) const { return slots_[worker.index()]; }
  [[nodiscard]] double loss_of(WorkerId worker) const { return loss_[worker.index()]; }
  /// The most settled reports that any worker has.
  [[nodiscard]] std::size_t most_slots() const;

 private:
  std::size_t methods_;
  std::vector<std::size_t> slots_;   // [workers]
  std::vector<double> loss_;         // [workers]
  std::vector<double> method_loss_;  // [workers, methods] the method's loss over the worker's slots
};

}  // namespace candor::learning
