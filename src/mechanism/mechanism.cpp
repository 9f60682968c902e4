#include "candor/mechanism/mechanism.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <unordered_set>

#include "candor/base/text.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/follow_the_best.h"
#include "candor/scoring/probability.h"
#include "mechanism/standard_pools.h"

namespace candor::mechanism {
namespace {

Result<std::unique_ptr<learning::WeightRule>> make_rule(const MechanismSpec& spec) {
  std::unique_ptr<learning::WeightRule> rule;
  if (spec.weight_rule == "weighted-score") {
    CANDOR_TRY(rule, learning::WeightedScore::create(spec.weighted_score));
    return rule;
  }
  if (spec.weight_rule == "exponential") {
    CANDOR_TRY(rule, learning::ExponentialWeights::create());
    return rule;
  }
  if (spec.weight_rule == "follow-the-best") {
    rule = std::make_unique<learning::FollowTheBest>();
    return rule;
  }
  return Error{ErrorCode::invalid_argument, spec.weight_rule}
      .in_field("weight rule")
      .expecting("weighted-score, exponential or follow-the-best")
      .way("choose one of these");
}

// Outside (0, 1/2) the clipped log is no loss in [0,1], and weights could turn negative.
Status check_loss_floor(const scoring::LossRule& loss) {
  const bool used = loss.kind == scoring::LossRule::Kind::clipped_log;
  if (!used || (loss.floor > 0.0 && loss.floor < 0.5)) return {};
  return Error{ErrorCode::out_of_range, number_text(loss.floor)}
      .in_field("loss floor")
      .expecting("a number in (0,0.5): the smallest probability that a report may hold")
      .way("0.001 suits most crowds");
}

// The worker whose stretch of [0,1) holds the draw, when shares are laid end to end. Rounding may
// leave the end below 1: what lies beyond belongs to the last worker who has a share at all.
std::size_t draw_by_share(std::span<const double> share, double draw) {
  double reached = 0.0;
  std::size_t last = 0;
  for (std::size_t j = 0; j < share.size(); ++j) {
    reached += share[j];
    if (draw < reached) return j;
    if (share[j] > 0.0) last = j;
  }
  return last;
}

bool has_repeats(const std::vector<WorkerId>& worker) {
  if (worker.size() < 32) {
    for (std::size_t i = 0; i < worker.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (worker[i] == worker[j]) return true;
    return false;
  }
  const std::unordered_set<WorkerId> distinct(worker.begin(), worker.end());
  return distinct.size() != worker.size();
}

}  // namespace

Result<Mechanism> Mechanism::create(const MechanismSpec& spec, std::size_t answers) {
  if (answers < 2) {
    return Error{ErrorCode::invalid_argument, std::to_string(answers)}
        .in_field("answers")
        .expecting("at least 2 answers to choose between")
        .way("check the table's label column");
  }
  CANDOR_CHECK(Admission::check(spec.admission));
  CANDOR_CHECK(check_loss_floor(spec.loss));
  Mechanism mechanism(spec, answers);
  mechanism.admission_ = Admission(spec.admission);
  CANDOR_TRY(mechanism.rule_, make_rule(spec));
  mechanism.pools_ =
      std::make_unique<pooling::HedgedPool>(standard_pools(spec.weight_rule, answers));
  mechanism.label_names_ = mechanism.pools_->names();
  CANDOR_CHECK(mechanism.choose_label());
  return mechanism;
}

Status Mechanism::choose_label() {
  const auto found = std::find(label_names_.begin(), label_names_.end(), spec_.label);
  if (found != label_names_.end()) {
    chosen_label_ = static_cast<std::size_t>(found - label_names_.begin());
    return {};
  }
  std::string known;
  for (const std::string& name : label_names_) known += (known.empty() ? "" : ", ") + name;
  return Error{ErrorCode::invalid_argument, spec_.label}
      .in_field("label")
      .expecting("one of " + known)
      .way("\"hedged\" is never far behind the best of them");
}

Status Mechanism::join(WorkerId worker) {
  if (worker.index() != joined_) {
    return Error{ErrorCode::invalid_argument, std::to_string(worker.value)}
        .in_field("worker")
        .expecting(std::to_string(joined_) + ", the next worker id")
        .way("number workers in the order in which they join");
  }
  ++joined_;
  admission_.join(worker);
  return {};
}

void Mechanism::admit_due_cohort() {
  const Admission::Cohort cohort = admission_.due();
  if (cohort.workers.empty()) return;
  rule_->admit(cohort.workers, cohort.mass);
  pools_->admit(cohort.workers, cohort.mass);
}

Status Mechanism::check_joined(WorkerId worker) const {
  if (worker.index() < joined_) return {};
  return Error{ErrorCode::not_found, std::to_string(worker.value)}
      .in_field("worker")
      .expecting("a worker who has joined the campaign")
      .way("let the worker join first");
}

Status Mechanism::check_slot(const std::vector<WorkerId>& worker,
                             const std::vector<double>& report) const {
  if (worker.empty() || report.size() != worker.size() * answers_) {
    return Error{ErrorCode::invalid_argument, std::to_string(report.size()) + " probabilities"}
        .in_field("reports")
        .expecting("at least one report, each with " + std::to_string(answers_) + " probabilities")
        .way("pool a slot once it has a report");
  }
  if (has_repeats(worker)) {
    return Error{ErrorCode::conflict, "two reports of one worker"}
        .in_field("reports")
        .expecting("one report a worker and slot")
        .way("keep the first");
  }
  for (std::size_t j = 0; j < worker.size(); ++j) {
    CANDOR_CHECK(check_joined(worker[j]));
    assert(check_report(std::span(report).subspan(j * answers_, answers_)).ok());
  }
  return {};
}

Status Mechanism::check_report(std::span<const double> report) const {
  if (report.size() == answers_) return spec_.loss.check_report(report);
  return Error{ErrorCode::out_of_range, std::to_string(report.size()) + " probabilities"}
      .in_field("report")
      .expecting(std::to_string(answers_) + ", one for each answer")
      .way("report a probability for every answer");
}

Result<PooledSlot> Mechanism::pool(std::vector<WorkerId> worker, std::vector<double> report,
                                   double draw) {
  CANDOR_CHECK(check_slot(worker, report));
  admit_due_cohort();
  PooledSlot slot;
  slot.answers = answers_;
  slot.worker = std::move(worker);
  slot.report = std::move(report);
  slot.share.resize(slot.worker.size());
  slot.wager.resize(slot.worker.size());
  slot.labels.resize(label_names_.size() * answers_);
  rule_->share(slot.worker, slot.share);
  rule_->wager(slot.worker, slot.wager);
  pools_->pool(slot.view(), slot.labels);
  std::span<const double> label =
      std::span(slot.labels).subspan(chosen_label_ * answers_, answers_);
  if (spec_.output == Output::drawn) {
    slot.drawn = draw_by_share(slot.share, draw);
    label = slot.view().row(slot.drawn);
  }
  slot.label.assign(label.begin(), label.end());
  return slot;
}

Status Mechanism::check_outcome(std::span<const double> outcome) const {
  if (outcome.size() == answers_) return scoring::check_probabilities(outcome, "outcome");
  return Error{ErrorCode::invalid_argument, std::to_string(outcome.size()) + " probabilities"}
      .in_field("outcome")
      .expecting(std::to_string(answers_) + ", one for each answer")
      .way("state the outcome as a probability for each answer");
}

Result<Settlement> Mechanism::settle(const PooledSlot& slot, std::span<const double> outcome) {
  CANDOR_CHECK(check_outcome(outcome));
  Settlement settlement;
  const pooling::SlotView view = slot.view();
  settlement.loss.resize(view.size());
  for (std::size_t j = 0; j < view.size(); ++j)
    settlement.loss[j] = spec_.loss(view.row(j), outcome);
  rule_->settle(slot.worker, slot.wager, settlement.loss);
  pools_->learn(view, slot.labels, outcome);
  if (spec_.slot_budget_micro > 0) {
    std::vector<double> share(view.size());
    rule_->share(slot.worker, share);
    settlement.paid_micro = divide_budget(spec_.slot_budget_micro, share);
  }
  return settlement;
}

void Mechanism::expire(const PooledSlot& slot) {
  rule_->release(slot.worker, slot.wager);
}

std::vector<std::int64_t> divide_budget(std::int64_t budget, std::span<const double> share) {
  double total = 0.0;
  for (const double value : share) total += value;
  std::vector<std::int64_t> part(share.size());
  std::vector<std::pair<double, std::size_t>> remainder(share.size());
  std::int64_t left = budget;
  for (std::size_t j = 0; j < share.size(); ++j) {
    const double exact = static_cast<double>(budget) * (share[j] / total);
    const bool enough = exact < static_cast<double>(left);  // also keeps the conversion in range
    part[j] = enough ? static_cast<std::int64_t>(exact) : left;
    left -= part[j];
    remainder[j] = {static_cast<double>(part[j]) - exact, j};  // most negative first
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t n = 0; left > 0; ++n, --left) ++part[remainder[n % share.size()].second];
  return part;
}

}  // namespace candor::mechanism
