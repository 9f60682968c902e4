// candor/event/fold.h
// The one place where events become state. Simulation, replay of a recorded crowd, verification and
// a live service all apply the same events to the same Fold; they differ only in where the events
// come from.
//
//   Fold fold;
//   for (const Event& event : events) CANDOR_CHECK(fold.apply(event));
//   fold.mechanism()->weight_rule().weights();
//
// Pure and deterministic: no clock, no randomness, no I/O; the same events give the same bits in
// every build. An event that cannot be applied is refused with a reason and leaves the state as it
// was (save after a checksum that differs: then the ledger is not to be trusted, nor is the state).
//
// Checksums. After each settled slot the fold mixes the bits of the label and of the answering
// workers' new weights into a running 64-bit checksum (check()). A SlotSettled or CampaignClosed
// event that carries another checksum is refused (corrupt): so a ledger proves at every slot that
// it is being recomputed as it was first computed. A check of 0 means "not yet known" and is
// accepted: producers apply the event first, then record it with check() filled in.
//
// Memory: workers, names of workers and slots, and the reports of slots not yet settled.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "candor/event/event.h"
#include "candor/payment/budget.h"

namespace candor::event {

/// Told what the fold has just done; the way to labels, losses and payments without storing them.
class FoldObserver {
 public:
  FoldObserver() = default;
  FoldObserver(const FoldObserver&) = delete;
  FoldObserver& operator=(const FoldObserver&) = delete;
  virtual ~FoldObserver() = default;
  virtual void on_asked(SlotId, const mechanism::AskedWorkers&) {}
  virtual void on_pooled(SlotId, const mechanism::PooledSlot&) {}
  virtual void on_settled(SlotId, const mechanism::PooledSlot&, std::span<const double> /*outcome*/,
                          const mechanism::Settlement&) {}
};

class Fold {
 public:
  /// observer may be null; it must outlive the fold.
  explicit Fold(FoldObserver* observer = nullptr) : observer_(observer) {}

  /// Errors: conflict (out of order: named), not_found (unknown slot or worker), out_of_range
  /// (report or outcome), corrupt (checksum), or what Mechanism refuses.
  Status apply(const Event& event);

  /// Null before campaign.opened.
  [[nodiscard]] const mechanism::Mechanism* mechanism() const {
    return mechanism_ ? &*mechanism_ : nullptr;
  }
  [[nodiscard]] const std::vector<std::string>& worker_names() const { return worker_names_; }
  [[nodiscard]] const std::vector<std::string>& slot_names() const { return slot_names_; }
  [[nodiscard]] const std::vector<std::string>& answers() const { return answers_; }
  [[nodiscard]] std::uint64_t check() const { return check_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] std::size_t settled_slots() const { return settled_; }
  /// What each worker has earned so far, in millionths [workers].
  [[nodiscard]] const std::vector<std::int64_t>& balances_micro() const { return balance_micro_; }
  /// How many versions of the policy have been published; 0 where no policy is trained.
  [[nodiscard]] std::uint32_t policies() const { return policies_; }
  /// What the campaign has set aside and spent; null without a limit.
  [[nodiscard]] const payment::Budget* budget() const { return budget_ ? &*budget_ : nullptr; }

 private:
  // Who has reported on a slot; a list while it is short, a hash set beyond.
  class Reporters {
   public:
    [[nodiscard]] bool contains(WorkerId worker) const;
    void insert(WorkerId worker);

   private:
    std::vector<WorkerId> few_;
    std::unordered_set<WorkerId> many_;
  };
  struct LiveSlot {
    Reporters reporters;
    std::vector<WorkerId> worker;
    std::vector<double> report;
    bool answered = false;  // answers.written
    std::optional<mechanism::AskedWorkers> asked;
    std::optional<mechanism::PooledSlot> pooled;
    std::vector<double> outcome;
  };

  Status on(const CampaignOpened& e);
  Status on(const WorkerJoined& e);
  Status on(const WorkerLeft& e);
  Status on(const WorkerReturned& e);
  Status on(const SlotOpened& e);
  Status on(const AnswersWritten& e);
  Status on(const WorkersAsked& e);
  Status on(const WorkerMissed& e);
  Status on(const ReportSubmitted& e);
  Status on(const SlotPooled& e);
  Status on(const OutcomeRevealed& e);
  Status on(const SlotSettled& e);
  Status on(const SlotExpired& e);
  Status on(const PolicyPublished& e);
  Status on(const CampaignClosed& e);

  Result<LiveSlot*> find(SlotId slot);
  Result<LiveSlot*> find_unpooled(SlotId slot, std::string_view what);
  Result<LiveSlot*> find_pooled(SlotId slot);
  [[nodiscard]] Status check_answers(const AnswersWritten& e) const;
  [[nodiscard]] Status check_reporter(const LiveSlot& live, const ReportSubmitted& e) const;
  Result<mechanism::PooledSlot> pool(const LiveSlot& live, const SlotPooled& e);
  [[nodiscard]] Result<std::vector<double>> reports_of_asked(const LiveSlot& live) const;
  [[nodiscard]] std::uint64_t check_after(const mechanism::PooledSlot& slot) const;
  [[nodiscard]] std::uint64_t check_of_all_weights() const;
  [[nodiscard]] Status check_headroom() const;
  Status pay(SlotId id, const mechanism::PooledSlot& slot, const mechanism::Settlement& settlement);

  FoldObserver* observer_;
  std::optional<mechanism::Mechanism> mechanism_;
  std::vector<std::string> answers_;
  std::vector<std::string> worker_names_;
  std::vector<std::string> slot_names_;
  std::unordered_map<SlotId, LiveSlot> live_;
  std::vector<std::int64_t> balance_micro_;
  std::int64_t paid_micro_ = 0;  // in all
  std::optional<payment::Budget> budget_;
  std::uint64_t check_ = 0;
  std::size_t settled_ = 0;
  std::uint32_t policies_ = 0;
  bool closed_ = false;
};

}  // namespace candor::event
