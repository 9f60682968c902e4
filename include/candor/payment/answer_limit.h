// candor/payment/answer_limit.h
// How much one worker can take from a campaign: a limit on its number of answers, not on its pay.
//
// Why not on its pay? A limit on pay turns a worker's pay into min(what is left, pay), and honesty
// with it. Say a slot pays 1000 (1 - loss) with the quadratic loss, a worker has 750 left to earn,
// and it believes 0.6:
//     honest, reports 0.6    loss .16 or .36: pays min(750, 840) or min(750, 640): 706 expected
//     reports 0.5            loss .25 in both cases: 750, certainly
// The lie earns 44 more: above the limit nothing is gained from being right, below it being wrong
// costs as before, so the worker hedges. (Both are tests, and a worker with 1000 left has nothing
// to gain.) A limit on answers is counted before the report is known and in the same way for every
// report, so it changes nothing in the comparison of two reports on a slot; and as no slot pays
// more than its budget, it bounds pay too: by answers times the slot's budget.
// Source: derived.
//
// Count an answer when the worker is asked (or when its report comes, in a campaign open to all),
// and give it back where the worker did not answer and another was asked in its place.
// Memory: 4 bytes a worker id seen. Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"

namespace candor::payment {

class AnswerLimit {
 public:
  /// At most `most` answers a worker; 0: no limit, and nothing is counted.
  explicit AnswerLimit(std::uint32_t most = 0) : most_(most) {}

  /// Whether the worker may answer one more slot.
  [[nodiscard]] bool allows(WorkerId worker) const { return most_ == 0 || used(worker) < most_; }

  /// Counts an answer. Errors: conflict where the worker has used its answers up (says the limit);
  /// then nothing has changed.
  Status take(WorkerId worker);

  /// Takes the last count back; the worker must have one (asserted).
  void give_back(WorkerId worker);

  [[nodiscard]] std::uint32_t used(WorkerId worker) const {
    return worker.index() < used_.size() ? used_[worker.index()] : 0;
  }
  [[nodiscard]] std::uint32_t most() const { return most_; }

 private:
  std::uint32_t most_;
  std::vector<std::uint32_t> used_;  // [workers seen]
};

}  // namespace candor::payment
