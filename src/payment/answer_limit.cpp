#include "candor/payment/answer_limit.h"

#include <cassert>
#include <string>

namespace candor::payment {

Status AnswerLimit::take(WorkerId worker) {
  if (most_ == 0) return {};
  if (!allows(worker)) {
    return Error{ErrorCode::conflict, "answer " + std::to_string(std::uint64_t{most_} + 1) +
                                          " of worker " + std::to_string(worker.value)}
        .in_field("answers per worker")
        .expecting("at most " + std::to_string(most_) + " in this campaign")
        .way("ask another worker, or raise the limit");
  }
  if (worker.index() >= used_.size()) used_.resize(worker.index() + 1);
  ++used_[worker.index()];
  return {};
}

void AnswerLimit::give_back(WorkerId worker) {
  if (most_ == 0) return;
  assert(used(worker) > 0);
  --used_[worker.index()];
}

}  // namespace candor::payment
