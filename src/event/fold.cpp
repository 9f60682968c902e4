#include "candor/event/fold.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "candor/base/text.h"
#include "candor/scoring/probability.h"

namespace candor::event {
namespace {

Error conflict(std::string found, std::string_view expected) {
  return Error{ErrorCode::conflict, std::move(found)}.expecting(expected).way(
      "events of one slot go: opened, reports, pooled, then outcome and settled, or expired");
}

std::string named(SlotId slot) {
  return "slot " + std::to_string(slot.value);
}

// One round of the 64-bit finaliser of SplitMix64 over the running value and the new bits: cheap,
// and any changed bit changes about half of the checksum. Integrity against malice is the hash
// chain's job.
std::uint64_t mix(std::uint64_t check, double value) {
  std::uint64_t x = check + 0x9E3779B97F4A7C15ULL + std::bit_cast<std::uint64_t>(value);
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

Status compare_check(std::uint64_t recorded, std::uint64_t computed, std::string_view where) {
  if (recorded == 0 || recorded == computed) return {};
  return Error{ErrorCode::corrupt, "another checksum than recorded"}
      .in_field(where)
      .expecting("weights and label equal to the bit to those first computed")
      .way(
          "the ledger was changed, or written by a build that computes otherwise; do not pay by "
          "it");
}

}  // namespace

bool Fold::Reporters::insert(WorkerId worker) {
  constexpr std::size_t short_list = 16;
  if (!many_.empty()) return many_.insert(worker).second;
  if (std::find(few_.begin(), few_.end(), worker) != few_.end()) return false;
  few_.push_back(worker);
  if (few_.size() > short_list) many_.insert(few_.begin(), few_.end());
  return true;
}

Status Fold::apply(const Event& event) {
  if (closed_) return conflict("an event after campaign.closed", "no more events");
  if (!mechanism_ && !std::holds_alternative<CampaignOpened>(event))
    return conflict("an event before campaign.opened", "campaign.opened first");
  return std::visit([this](const auto& e) { return on(e); }, event);
}

Result<Fold::LiveSlot*> Fold::find(SlotId slot) {
  const auto found = live_.find(slot);
  if (found != live_.end()) return &found->second;
  if (slot.index() < slot_names_.size())
    return conflict(named(slot) + ", which is settled or expired", "a slot that is still open");
  return Error{ErrorCode::not_found, named(slot)}
      .in_field("slot")
      .expecting("a slot that was opened")
      .way("open the slot first");
}

Result<Fold::LiveSlot*> Fold::find_pooled(SlotId slot) {
  CANDOR_TRY(LiveSlot * live, find(slot));
  if (live->pooled) return live;
  return conflict(named(slot) + ", which is not pooled yet", "slot.pooled first");
}

Status Fold::on(const CampaignOpened& e) {
  if (mechanism_) return conflict("a second campaign.opened", "one campaign a ledger");
  CANDOR_TRY(mechanism::Mechanism mechanism,
             mechanism::Mechanism::create(e.spec, e.answers.size()));
  mechanism_ = std::move(mechanism);
  answers_ = e.answers;
  return {};
}

Status Fold::on(const WorkerJoined& e) {
  CANDOR_CHECK(mechanism_->join(e.worker));
  worker_names_.push_back(e.name);
  balance_micro_.push_back(0);
  return {};
}

Status Fold::on(const SlotOpened& e) {
  if (e.slot.index() != slot_names_.size())
    return conflict(named(e.slot), named(SlotId{static_cast<std::uint32_t>(slot_names_.size())}) +
                                       ", the next slot");
  slot_names_.push_back(e.name);
  live_.try_emplace(e.slot);
  return {};
}

Status Fold::on(const ReportSubmitted& e) {
  CANDOR_TRY(LiveSlot * live, find(e.slot));
  if (live->pooled) return conflict("a report for " + named(e.slot), "reports before slot.pooled");
  if (e.worker.index() >= worker_names_.size()) {
    return Error{ErrorCode::not_found, "worker " + std::to_string(e.worker.value)}
        .in_field("worker")
        .expecting("a worker who has joined")
        .way("let the worker join first");
  }
  CANDOR_CHECK(mechanism_->check_report(e.report));
  if (!live->reporters.insert(e.worker)) {
    return conflict(
        "a second report of worker " + std::to_string(e.worker.value) + " on " + named(e.slot),
        "one report a worker and slot");
  }
  live->worker.push_back(e.worker);
  live->report.insert(live->report.end(), e.report.begin(), e.report.end());
  return {};
}

Status Fold::on(const SlotPooled& e) {
  CANDOR_TRY(LiveSlot * live, find(e.slot));
  if (live->pooled) return conflict("a second slot.pooled of " + named(e.slot), "one");
  if (!(e.draw >= 0.0 && e.draw < 1.0)) {
    return Error{ErrorCode::out_of_range, number_text(e.draw)}
        .in_field("draw")
        .expecting("a number in [0,1)")
        .way("draw it uniformly");
  }
  CANDOR_TRY(mechanism::PooledSlot pooled, mechanism_->pool(live->worker, live->report, e.draw));
  live->pooled = std::move(pooled);
  if (observer_ != nullptr) observer_->on_pooled(e.slot, *live->pooled);
  return {};
}

Status Fold::on(const OutcomeRevealed& e) {
  CANDOR_TRY(LiveSlot * live, find_pooled(e.slot));
  if (!live->outcome.empty())
    return conflict("a second outcome of " + named(e.slot), "one outcome");
  if (e.outcome.size() != answers_.size()) {
    return Error{ErrorCode::out_of_range, std::to_string(e.outcome.size()) + " probabilities"}
        .in_field("outcome")
        .expecting(std::to_string(answers_.size()) + ", one for each answer")
        .way("give every answer its part of the outcome");
  }
  CANDOR_CHECK(scoring::check_probabilities(e.outcome, "outcome"));
  live->outcome = e.outcome;
  return {};
}

Status Fold::on(const SlotSettled& e) {
  CANDOR_TRY(LiveSlot * live, find_pooled(e.slot));
  if (live->outcome.empty())
    return conflict(named(e.slot) + ", which has no outcome", "outcome.revealed first");
  CANDOR_TRY(const mechanism::Settlement settlement,
             mechanism_->settle(*live->pooled, live->outcome));
  pay(*live->pooled, settlement);
  check_ = check_after(*live->pooled);
  ++settled_;
  if (observer_ != nullptr) observer_->on_settled(e.slot, *live->pooled, live->outcome, settlement);
  live_.erase(e.slot);
  return compare_check(e.check, check_, named(e.slot));
}

Status Fold::on(const SlotExpired& e) {
  CANDOR_TRY(LiveSlot * live, find_pooled(e.slot));
  mechanism_->expire(*live->pooled);
  live_.erase(e.slot);
  return {};
}

Status Fold::on(const CampaignClosed& e) {
  check_ = check_of_all_weights();
  closed_ = true;
  return compare_check(e.check, check_, "campaign.closed");
}

std::uint64_t Fold::check_after(const mechanism::PooledSlot& slot) const {
  std::uint64_t check = check_;
  for (const double value : slot.label) check = mix(check, value);
  std::vector<double> share(slot.worker.size());
  mechanism_->weight_rule().share(slot.worker, share);
  for (const double value : share) check = mix(check, value);
  return check;
}

std::uint64_t Fold::check_of_all_weights() const {
  std::uint64_t check = check_;
  for (const double weight : mechanism_->weight_rule().weights()) check = mix(check, weight);
  return check;
}

void Fold::pay(const mechanism::PooledSlot& slot, const mechanism::Settlement& settlement) {
  for (std::size_t j = 0; j < settlement.paid_micro.size(); ++j)
    balance_micro_[slot.worker[j].index()] += settlement.paid_micro[j];
}

}  // namespace candor::event
