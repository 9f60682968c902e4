// candor/pooling/label_pool.h
// Reports (and the workers' weights, and past outcomes) in, one training label out.
//
// Which pool makes the label is free: a worker's weight moves with losses alone, so workers who
// care about weight or pay have no reason to mind the pool. (A worker who wants to sway the label
// does mind; for such crowds take the label of one worker drawn by weight.) Pools therefore compete
// on accuracy only.
//
// A pool may hold several labels at once (the Bayes pool makes one for each temperature from the
// same tables). Pools are deterministic; they hold no clock, no randomness and no I/O. One thread
// at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candor/base/ids.h"

namespace candor::pooling {

/// The reports of one slot, as they were when it was pooled. n >= 1 workers, K >= 2 answers.
struct SlotView {
  std::size_t answers = 0;           ///< K
  std::span<const WorkerId> worker;  ///< [n] all different
  std::span<const double> report;    ///< [n, K] probability rows
  std::span<const double> share;     ///< [n] the weight rule's shares, sum 1

  [[nodiscard]] std::size_t size() const { return worker.size(); }
  [[nodiscard]] std::span<const double> row(std::size_t j) const {
    return report.subspan(j * answers, answers);
  }
};

class LabelPool {
 public:
  LabelPool() = default;
  LabelPool(const LabelPool&) = delete;
  LabelPool& operator=(const LabelPool&) = delete;
  virtual ~LabelPool() = default;

  /// One name for each label it makes, L in all.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;

  /// New workers, as in learning::WeightRule::admit. Pools without own weights ignore it.
  virtual void admit(std::span<const WorkerId> cohort, double mass);

  /// The most that one of its labels can lose, in quadratic loss, to a worker over the `slots`
  /// settled slots that the worker answered; nothing where no theorem says so.
  [[nodiscard]] virtual std::optional<double> regret_bound(std::size_t label, WorkerId worker,
                                                           double slots) const;

  /// label [L, K]: a probability row for each name.
  virtual void pool(const SlotView& slot, std::span<double> label) = 0;

  /// What happened: the labels [L, K] that pool() gave for this slot, and the outcome, a
  /// probability row [K]. Slots may come in another order than they were pooled in.
  virtual void learn(const SlotView& slot, std::span<const double> label,
                     std::span<const double> outcome);
};

}  // namespace candor::pooling
