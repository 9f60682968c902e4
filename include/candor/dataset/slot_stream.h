// candor/dataset/slot_stream.h
// The second pass over a table of reports: whole slots, in the order in which they settle.
//
//   CANDOR_TRY(Survey survey, survey(paths, options));
//   for (;;) {
//     Fold fold;                                            // fresh
//     CANDOR_TRY(const StreamSummary summary,
//                stream_slots(paths, options, survey, [&](const SlotRecord& slot) { return
//                fold(slot); }));
//     if (!summary.replanned) break;                        // almost always at once
//   }
//
// Exact meaning. A second report of a worker on a slot is a duplicate: the first is kept ("first"
// in file order, or by time under order time); all are counted, the first 100 are listed. A slot
// settles when its last kept report has been read, and slots are visited in that order
// (Order::Mode::file), in that order after a stable sort of the rows by time (time), or in a random
// order (shuffle: visit i is slot order[i] of the file order, order = shuffled_order(slots,
// RandomStream(seed, 1))).
//
// Replanning. The survey knows the last row of each slot, not yet that this row may be a duplicate;
// then the slot should have settled earlier, maybe before slots already visited. When the stream
// finds such a row, it stops visiting, reads on to learn the true last kept row of every slot, puts
// those into the survey, and returns with `replanned` set. The caller must then discard everything
// it computed from the visits and call again, with the same arguments; the second call never
// replans. Files in which no slot ends in a duplicate take exactly two passes; others three. The
// orders time and shuffle never replan.
//
// Memory. File order: O(workers + slots + reports of open slots): 24 bytes a slot and about 16
// bytes a report of a slot that has begun and not settled. Orders time and shuffle hold all
// reports: 20 bytes a report (28 under time) and 40 bytes a slot.
// Cost: one pass, about 0.2 microseconds a report. Thread safety: the callbacks run on the caller's
// thread; separate calls with separate surveys may run at once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/dataset/survey.h"

namespace candor::dataset {

/// One slot with all its kept reports, n >= 1 of them, in reading order. Valid during the visit.
struct SlotRecord {
  SlotId slot;
  std::span<const WorkerId> workers;  ///< n distinct workers
  std::span<const double> reports;    ///< n x K row-major; each row is in [0,1] and sums to 1
  std::span<const double> outcome;    ///< K entries that sum to 1, or empty if none is known
};

/// A report that was dropped because the worker had already reported on the slot.
struct Duplicate {
  std::string file;
  std::uint64_t row = 0;  ///< 1-based line
  SlotId slot;
  WorkerId worker;
};

struct StreamSummary {
  bool replanned = false;  ///< discard what the visits computed, and call again
  std::uint64_t rows = 0;  ///< reports read, duplicates included
  std::uint64_t kept = 0;  ///< reports handed out: rows - duplicates
  std::uint64_t duplicates = 0;
  std::vector<Duplicate> first_duplicates;  ///< at most 100, in reading order
  std::uint64_t slots = 0;                  ///< slots visited
};

/// A visitor's Error ends the stream and is returned.
using SlotVisitor = std::function<Status(const SlotRecord&)>;

/// Calls visit once per slot in settle order. `paths`, `options` and `survey` as given to and
/// returned by survey(). Errors: as survey(); besides malformed (order time: `time` missing or not
/// a number) and conflict (the file changed since it was surveyed).
[[nodiscard]] Result<StreamSummary> stream_slots(const std::vector<std::string>& paths,
                                                 const ReadOptions& options, Survey& survey,
                                                 const SlotVisitor& visit,
                                                 const RowProgress& progress = {});

}  // namespace candor::dataset
