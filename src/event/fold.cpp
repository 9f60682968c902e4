#include "candor/event/fold.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "candor/base/text.h"

namespace candor::event {
namespace {

Error conflict(std::string found, std::string_view expected) {
  return Error{ErrorCode::conflict, std::move(found)}.expecting(expected).way(
      "events of one slot go: opened, reports, pooled, then outcome and settled, or expired");
}

std::string named(SlotId slot) {
  return "slot " + std::to_string(slot.value);
}

std::string named(WorkerId worker) {
  return "worker " + std::to_string(worker.value);
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

bool Fold::Reporters::contains(WorkerId worker) const {
  if (!many_.empty()) return many_.contains(worker);
  return std::find(few_.begin(), few_.end(), worker) != few_.end();
}

void Fold::Reporters::insert(WorkerId worker) {
  constexpr std::size_t short_list = 16;
  if (!many_.empty()) {
    many_.insert(worker);
    return;
  }
  few_.push_back(worker);
  if (few_.size() > short_list) many_.insert(few_.begin(), few_.end());
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

Result<Fold::LiveSlot*> Fold::find_unpooled(SlotId slot, std::string_view what) {
  CANDOR_TRY(LiveSlot * live, find(slot));
  if (!live->pooled) return live;
  return conflict(std::string(what) + " for " + named(slot), "it before slot.pooled");
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
  if (e.spec.campaign_budget_micro > 0) {
    CANDOR_TRY(payment::Budget budget, payment::Budget::create(e.spec.campaign_budget_micro));
    budget_ = std::move(budget);
  }
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

Status Fold::on(const WorkerLeft& e) {
  return mechanism_->leave(e.worker);
}

Status Fold::on(const WorkerReturned& e) {
  return mechanism_->come_back(e.worker);
}

Status Fold::on(const WorkersAsked& e) {
  CANDOR_TRY(LiveSlot * live, find_unpooled(e.slot, "workers asked"));
  if (live->asked)
    return conflict("a second workers.asked of " + named(e.slot), "worker.missed in between");
  CANDOR_TRY(mechanism::AskedWorkers asked, mechanism_->ask({e.worker, e.probability}, e.lottery));
  live->asked = std::move(asked);
  if (observer_ != nullptr) observer_->on_asked(e.slot, *live->asked);
  return {};
}

Status Fold::on(const WorkerMissed& e) {
  CANDOR_TRY(LiveSlot * live, find_unpooled(e.slot, "a missed answer"));
  const bool was_asked =
      live->asked && std::find(live->asked->worker.begin(), live->asked->worker.end(), e.worker) !=
                         live->asked->worker.end();
  if (!was_asked || live->reporters.contains(e.worker)) {
    return conflict("a missed answer of " + named(e.worker) + " on " + named(e.slot),
                    "a worker who was asked and has not answered");
  }
  mechanism_->withdraw(*live->asked, live->worker);
  live->asked.reset();
  return mechanism_->leave(e.worker);
}

Status Fold::on(const SlotOpened& e) {
  if (e.slot.index() != slot_names_.size())
    return conflict(named(e.slot), named(SlotId{static_cast<std::uint32_t>(slot_names_.size())}) +
                                       ", the next slot");
  const mechanism::MechanismSpec& spec = mechanism_->spec();
  if (budget_) CANDOR_CHECK(budget_->reserve(e.slot, spec.slot_budget_micro));
  mechanism_->open_slot();
  slot_names_.push_back(e.name);
  live_.try_emplace(e.slot);
  return {};
}

Status Fold::on(const AnswersWritten& e) {
  CANDOR_TRY(LiveSlot * live, find_unpooled(e.slot, "answers"));
  if (live->answered) return conflict("a second answers.written of " + named(e.slot), "one a slot");
  CANDOR_CHECK(check_answers(e));
  live->answered = true;
  return {};
}

Status Fold::check_answers(const AnswersWritten& e) const {
  const std::size_t count = answers_.size();
  if (e.text.size() != count || e.policy.size() != count || e.token.size() != count) {
    return Error{ErrorCode::out_of_range, std::to_string(e.text.size()) + " texts, " +
                                              std::to_string(e.policy.size()) + " policies, " +
                                              std::to_string(e.token.size()) + " token lists"}
        .in_field("text")
        .expecting(std::to_string(count) + " of each, one for each answer")
        .way("write every answer");
  }
  for (const std::uint32_t policy : e.policy)
    if (policy >= policies_)
      return conflict("an answer of policy " + std::to_string(policy),
                      "policy.published of that version first");
  return {};
}

Status Fold::on(const PolicyPublished& e) {
  if (e.policy != policies_)
    return conflict("policy " + std::to_string(e.policy),
                    "policy " + std::to_string(policies_) + ", the next version");
  ++policies_;
  return {};
}

Status Fold::check_reporter(const LiveSlot& live, const ReportSubmitted& e) const {
  if (e.worker.index() >= worker_names_.size()) {
    return Error{ErrorCode::not_found, named(e.worker)}
        .in_field("worker")
        .expecting("a worker who has joined")
        .way("let the worker join first");
  }
  if (live.reporters.contains(e.worker)) {
    return conflict("a second report of " + named(e.worker) + " on " + named(e.slot),
                    "one report a worker and slot");
  }
  if (mechanism_->asking_rule() == nullptr) return {};
  if (live.asked && std::find(live.asked->worker.begin(), live.asked->worker.end(), e.worker) !=
                        live.asked->worker.end())
    return {};
  return conflict("a report of " + named(e.worker) + ", who was not asked, on " + named(e.slot),
                  "reports of those asked");
}

Status Fold::on(const ReportSubmitted& e) {
  CANDOR_TRY(LiveSlot * live, find_unpooled(e.slot, "a report"));
  CANDOR_CHECK(check_reporter(*live, e));
  CANDOR_CHECK(mechanism_->check_report(e.report));
  if (mechanism_->asking_rule() == nullptr) CANDOR_CHECK(mechanism_->count_answer(e.worker));
  live->reporters.insert(e.worker);
  live->worker.push_back(e.worker);
  live->report.insert(live->report.end(), e.report.begin(), e.report.end());
  return {};
}

Result<std::vector<double>> Fold::reports_of_asked(const LiveSlot& live) const {
  std::vector<double> report;
  const auto answers = static_cast<std::ptrdiff_t>(answers_.size());
  for (const WorkerId worker : live.asked->worker) {
    const auto found = std::find(live.worker.begin(), live.worker.end(), worker);
    if (found == live.worker.end())
      return conflict("a slot without the report of " + named(worker) + ", who was asked",
                      "worker.missed, and other workers asked, first");
    const auto row = live.report.begin() + (found - live.worker.begin()) * answers;
    report.insert(report.end(), row, row + answers);
  }
  return report;
}

Result<mechanism::PooledSlot> Fold::pool(const LiveSlot& live, const SlotPooled& e) {
  if (!live.asked) return mechanism_->pool(live.worker, live.report, e.draw);
  CANDOR_TRY(std::vector<double> report, reports_of_asked(live));
  return mechanism_->pool(*live.asked, std::move(report), e.draw);
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
  CANDOR_TRY(mechanism::PooledSlot pooled, pool(*live, e));
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
  CANDOR_CHECK(mechanism_->check_outcome(e.outcome));
  live->outcome = e.outcome;
  return {};
}

Status Fold::on(const SlotSettled& e) {
  CANDOR_TRY(LiveSlot * live, find_pooled(e.slot));
  if (live->outcome.empty())
    return conflict(named(e.slot) + ", which has no outcome", "outcome.revealed first");
  CANDOR_CHECK(check_headroom());
  CANDOR_TRY(const mechanism::Settlement settlement,
             mechanism_->settle(*live->pooled, live->outcome));
  CANDOR_CHECK(pay(e.slot, *live->pooled, settlement));
  check_ = check_after(*live->pooled);
  ++settled_;
  if (observer_ != nullptr) observer_->on_settled(e.slot, *live->pooled, live->outcome, settlement);
  live_.erase(e.slot);
  return compare_check(e.check, check_, named(e.slot));
}

Status Fold::on(const SlotExpired& e) {
  CANDOR_TRY(LiveSlot * live, find(e.slot));
  if (live->pooled) {
    mechanism_->expire(*live->pooled);
  } else if (live->asked) {
    mechanism_->withdraw(*live->asked, live->worker);
  }
  if (budget_) CANDOR_CHECK(budget_->release(e.slot));
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

// No balance exceeds what was paid in all, so none can overflow either.
Status Fold::check_headroom() const {
  const std::int64_t budget = mechanism_->spec().slot_budget_micro;
  if (paid_micro_ <= std::numeric_limits<std::int64_t>::max() - budget) return {};
  return Error{ErrorCode::out_of_range, std::to_string(budget)}
      .in_field("slot budget")
      .expecting("payments that sum to less than 2^63 millionths over the campaign")
      .way("count in a larger unit of currency");
}

Status Fold::pay(SlotId id, const mechanism::PooledSlot& slot,
                 const mechanism::Settlement& settlement) {
  std::int64_t total = 0;
  for (std::size_t j = 0; j < settlement.paid_micro.size(); ++j) {
    balance_micro_[slot.worker[j].index()] += settlement.paid_micro[j];
    total += settlement.paid_micro[j];
  }
  paid_micro_ += total;
  return budget_ ? budget_->spend(id, total) : Status{};
}

}  // namespace candor::event
