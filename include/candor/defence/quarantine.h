// candor/defence/quarantine.h
// Store first, judge later: what a suspected worker reports is taken, answered, recorded, scored
// and earned like everybody's. Only two things wait until somebody has looked: its part in labels,
// and the payout.
//
//                       while suspected                                   once cleared
//   reports             recorded and scored                               -
//   weight              moves by its own accuracy, as always              as if never suspected
//   labels              its share is 0, divided among the others          the mechanism's own
//   again, past
//                       of the slot in proportion to theirs               ones too
//   pay                 held, to the unit                                 paid in full
//
// Why this touches no honest worker's incentive. Weight and pay are functions of losses against
// outcomes alone; a label enters neither. So suspicion changes no number by which a worker who
// cares about weight or pay is judged, honesty stays its best report (whether it is suspected,
// fears to be, or is not), and a false accusation costs it a delay. Nor can it escape suspicion by
// lying at a profit: to agree less with others it would have to report what it does not believe,
// which costs weight. Only a worker who wants to sway labels loses by being suspected: that is the
// purpose.
//
//   Quarantine quarantine;
//   quarantine.suspect(worker);
//   quarantine.pay(worker, 520);    // 0 now, 520 held
//   quarantine.clear(worker);       // 520: to be paid out
//
// Memory: the suspected. Thread safety: one thread at a time. Source: derived.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "candor/base/ids.h"
#include "candor/event/fold.h"
#include "candor/pooling/simple_pools.h"

namespace candor::defence {

class Quarantine {
 public:
  /// From now on; nothing changes if it is suspected already.
  void suspect(WorkerId worker) { held_micro_.try_emplace(worker, 0); }
  [[nodiscard]] bool is_suspected(WorkerId worker) const { return held_micro_.contains(worker); }
  [[nodiscard]] std::size_t suspected() const { return held_micro_.size(); }

  /// Ends the suspicion. Returns what was held, now to be paid (0 if it was not suspected).
  std::int64_t clear(WorkerId worker);

  /// A person has confirmed the suspicion: what was held goes back to the campaign (returned). The
  /// worker stays set aside, and what it earns from now on is held again.
  std::int64_t confirm(WorkerId worker);

  /// A payment falls due. Returns what is paid out now: all of it, or 0 and it is held. micro >= 0.
  std::int64_t pay(WorkerId worker, std::int64_t micro);

  [[nodiscard]] std::int64_t held_micro(WorkerId worker) const;

  /// out[j] = share[j] scaled so that those not suspected sum to 1 (equal shares if they have no
  /// weight), 0 for the suspected. Where all are suspected the shares stay as they are: a label
  /// must be made from something, and the slot can be left out by whoever reads it.
  /// Worked: shares {.5,.3,.2}, the first suspected -> {0,.6,.4}
  void label_share(std::span<const WorkerId> worker, std::span<const double> share,
                   std::span<double> out) const;

  /// A slot without the suspected, for pools that look at more than shares; whole if all are
  /// suspected.
  struct Kept {
    std::size_t answers = 0;
    std::vector<WorkerId> worker;
    std::vector<double> report;
    std::vector<double> share;

    [[nodiscard]] pooling::SlotView view() const { return {answers, worker, report, share}; }
  };
  [[nodiscard]] Kept keep(const pooling::SlotView& slot) const;

 private:
  [[nodiscard]] bool all_suspected(std::span<const WorkerId> worker) const;

  std::unordered_map<WorkerId, std::int64_t> held_micro_;
};

/// A campaign under quarantine. Follows a fold and answers what is in force now: every slot's label
/// without those suspected now, and what each worker has been paid out. Since nothing but verdicts
/// is kept beside the ledger, a verdict works backwards: a suspect's past labels are formed without
/// it, and a cleared worker's are the mechanism's own again, to the bit.
/// Memory: 4 + 8 (K + 1) bytes a report.
class QuarantineWatch final : public event::FoldObserver {
 public:
  /// pool makes the labels of slots in which a suspect answered, from those left.
  explicit QuarantineWatch(pooling::SimplePool::Function pool = pooling::linear_pool)
      : pool_(pool) {}

  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override;
  void on_settled(SlotId slot, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override;

  void suspect(WorkerId worker) { quarantine_.suspect(worker); }
  /// Pays out what was held.
  void clear(WorkerId worker);

  /// The slot's label [K] by the verdicts of now; empty if it was never pooled.
  [[nodiscard]] std::vector<double> label(SlotId slot) const;
  [[nodiscard]] std::int64_t paid_out_micro(WorkerId worker) const;
  [[nodiscard]] const Quarantine& quarantine() const { return quarantine_; }

 private:
  struct Slot {
    Quarantine::Kept all;
    std::vector<double> label;
  };

  pooling::SimplePool::Function pool_;
  Quarantine quarantine_;
  std::unordered_map<SlotId, Slot> slot_;
  std::unordered_map<WorkerId, std::int64_t> paid_out_micro_;
};

}  // namespace candor::defence
