// Hands slots from the thread that reads the table to a second one that folds them, so that reading
// and folding overlap. Order is kept, so results do not depend on timing.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "candor/dataset/slot_stream.h"

namespace candor::evaluation {

class SlotPipe {
 public:
  /// visit runs on the pipe's own thread, one slot at a time, in the order of push().
  SlotPipe(std::size_t answers, dataset::SlotVisitor visit);
  SlotPipe(const SlotPipe&) = delete;
  SlotPipe& operator=(const SlotPipe&) = delete;
  ~SlotPipe();

  /// Copies the slot in; waits while two batches are ahead. Returns the visitor's error once it has
  /// one.
  Status push(const dataset::SlotRecord& record);

  /// Waits until all slots have been visited; the visitor's first error, if any.
  Status finish();

 private:
  // Slots laid end to end; the last element of each `ends` is where the next slot begins.
  struct Batch {
    std::vector<SlotId> slots;
    std::vector<std::size_t> ends;
    std::vector<WorkerId> workers;
    std::vector<double> reports;   // [workers, K]
    std::vector<double> outcomes;  // [slots with one, K]
    std::vector<bool> has_outcome;

    void add(const dataset::SlotRecord& record);
    void clear();
  };

  void hand_over();
  void work();
  Status visit_all(const Batch& batch);

  std::size_t answers_;
  dataset::SlotVisitor visit_;
  Batch filling_;
  Batch waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_waiting_ = false;
  bool closed_ = false;
  Status failure_;
  std::thread thread_;
};

}  // namespace candor::evaluation
