// candor/evaluation/producer.h
// Where a run's events are made: each is applied to the fold first, then, with the fold's checksum
// filled in, appended to the ledger if there is one. An event that the fold refuses is never
// recorded.
#pragma once

#include <optional>

#include "candor/event/fold.h"
#include "candor/store/ledger.h"

namespace candor::evaluation {

class Producer {
 public:
  explicit Producer(event::FoldObserver* observer) : fold_(observer) {}

  /// Records from now on; call before the first event. The file appears when close() succeeds.
  Status record_to(std::string path);

  Status emit(const event::Event& event);
  /// Emits campaign.closed and commits the ledger.
  Status close();

  [[nodiscard]] const event::Fold& fold() const { return fold_; }

 private:
  event::Fold fold_;
  std::optional<store::LedgerWriter> ledger_;
};

}  // namespace candor::evaluation
