#include "audit/ledger_trace.h"

#include <algorithm>
#include <unordered_map>
#include <variant>

#include "candor/event/fold.h"
#include "candor/store/ledger.h"

namespace candor::audit {
namespace {

using Step = Trace::Step;

// Applies every event to a fold, which checks it, and notes what the weight rule went through.
class Recorder final : public event::FoldObserver {
 public:
  Status apply(const event::Event& event) {
    CANDOR_CHECK(fold_.apply(event));
    std::visit([this](const auto& e) { note(e); }, event);
    note_presence();
    return {};
  }

  void on_asked(SlotId, const mechanism::AskedWorkers& asked) override {
    if (stakes_stay()) stakes_ = asked.stakes;
  }
  void on_pooled(SlotId id, const mechanism::PooledSlot& slot) override {
    const auto number = static_cast<std::uint32_t>(trace_.slots());
    pooled_[id] = number;
    trace_.worker.insert(trace_.worker.end(), slot.worker.begin(), slot.worker.end());
    trace_.report.insert(trace_.report.end(), slot.report.begin(), slot.report.end());
    trace_.start.push_back(trace_.worker.size());
    trace_.loss.resize(trace_.worker.size());
    trace_.is_settled.push_back(false);
    trace_.outcome.resize(trace_.slots() * slot.answers);
    const auto ask = asked_.find(id);
    trace_.slot_ask.push_back(ask == asked_.end() ? 0 : ask->second);
    if (fold_.mechanism()->asking_rule() == nullptr) add(Step::admit, 0);
    add(Step::pool, number);
  }
  void on_settled(SlotId id, const mechanism::PooledSlot& slot, std::span<const double> outcome,
                  const mechanism::Settlement& settlement) override {
    const std::uint32_t number = pooled_.at(id);
    const auto at = static_cast<std::ptrdiff_t>(trace_.start[number]);
    std::copy(settlement.loss.begin(), settlement.loss.end(), trace_.loss.begin() + at);
    std::copy(outcome.begin(), outcome.end(),
              trace_.outcome.begin() + static_cast<std::ptrdiff_t>(number * slot.answers));
    trace_.is_settled[number] = true;
    ++trace_.settled;
    add(Step::settle, number);
    pooled_.erase(id);
  }

  Result<Trace> finish() && {
    if (fold_.mechanism() != nullptr) {
      trace_.spec = fold_.mechanism()->spec();
      trace_.stakes_stay = stakes_stay();
      trace_.answers = fold_.answers();
      CANDOR_TRY(trace_.judge, mechanism::Mechanism::create(trace_.spec, trace_.answers.size()));
      trace_.worker_names = fold_.worker_names();
      trace_.final_weight = fold_.mechanism()->weight_rule().weights();
      trace_.final_weight.resize(trace_.worker_names.size());  // 0: not admitted
      trace_.balance_micro = fold_.balances_micro();
    }
    return std::move(trace_);
  }

 private:
  [[nodiscard]] bool stakes_stay() const { return fold_.mechanism()->spec().weight_rule == "elf"; }
  void add(Step step, std::uint32_t id) { trace_.ops.push_back({step, id}); }

  template <class Event>
  void note(const Event&) {}
  void note(const event::CampaignOpened& e) { trace_.campaign = e.name; }
  void note(const event::WorkerJoined& e) {
    add(Step::join, e.worker.value);
    present_.push_back(true);
  }
  void note(const event::WorkerLeft& e) { touched_.push_back(e.worker); }
  void note(const event::WorkerReturned& e) { touched_.push_back(e.worker); }
  void note(const event::SlotOpened&) {
    if (fold_.mechanism()->asking_rule() == nullptr) return;
    add(Step::admit, 0);
    // Those away before they were admitted are away once they are.
    for (; checked_ < fold_.mechanism()->weight_rule().workers(); ++checked_)
      touched_.push_back(WorkerId{checked_});
  }
  void note(const event::WorkersAsked& e) {
    asked_[e.slot] = static_cast<std::uint32_t>(trace_.asks.size());
    add(Step::ask, asked_[e.slot]);
    trace_.asks.push_back({e.worker, e.lottery, stakes_});
    touched_ = e.worker;
  }
  void withdraw(SlotId slot) {
    const auto ask = asked_.find(slot);
    if (ask == asked_.end()) return;
    add(Step::withdraw, ask->second);
    touched_ = trace_.asks[ask->second].worker;
    asked_.erase(ask);
  }
  void note(const event::WorkerMissed& e) { withdraw(e.slot); }
  void note(const event::SlotExpired& e) {
    const auto pooled = pooled_.find(e.slot);
    if (pooled == pooled_.end()) return withdraw(e.slot);
    add(Step::expire, pooled->second);
    pooled_.erase(pooled);
  }
  // Absences, returns and used-up answers, as the rule now sees them.
  void note_presence() {
    const learning::AskingRule* rule = fold_.mechanism()->asking_rule();
    for (const WorkerId worker : touched_) {
      if (rule == nullptr || worker.index() >= rule->workers()) continue;
      const bool present = rule->is_present(worker);
      if (present == present_[worker.index()]) continue;
      add(present ? Step::come_back : Step::leave, worker.value);
      present_[worker.index()] = present;
    }
    touched_.clear();
  }

  event::Fold fold_{this};
  Trace trace_;
  std::unordered_map<SlotId, std::uint32_t> pooled_;  // slots not yet settled, in the trace
  std::unordered_map<SlotId, std::uint32_t> asked_;   // the standing ask of a slot
  std::vector<bool> present_;                         // [joined]
  std::vector<WorkerId> touched_;
  learning::Stakes stakes_;  // of the last ask, where they stay
  std::uint32_t checked_ = 0;
};

}  // namespace

Result<Trace> read_trace(const std::string& path) {
  Recorder recorder;
  CANDOR_CHECK(store::read_ledger(
      path, [&recorder](const event::Event& event) { return recorder.apply(event); }));
  return std::move(recorder).finish();
}

}  // namespace candor::audit
