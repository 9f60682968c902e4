#include "candor/mechanism/mechanism.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <unordered_set>

#include "candor/base/text.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/follow_the_best.h"
#include "candor/payment/budget.h"
#include "candor/scoring/probability.h"
#include "mechanism/standard_pools.h"

namespace candor::mechanism {
namespace {

Result<std::unique_ptr<learning::OpenRule>> make_rule(const MechanismSpec& spec) {
  std::unique_ptr<learning::OpenRule> rule;
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

Status check_first_weights(std::span<const double> weight, std::size_t joined) {
  double total = 0.0;
  bool positive = true;
  for (const double value : weight) {
    positive = positive && value > 0.0;
    total += value;
  }
  if (positive && weight.size() == joined && std::abs(total - 1.0) <= 1e-9) return {};
  return Error{ErrorCode::out_of_range,
               std::to_string(weight.size()) + " weights, sum " + number_text(total)}
      .in_field("first weights")
      .expecting("a weight above 0 for each of the " + std::to_string(joined) +
                 " workers who joined, summing to 1")
      .way("divide the weights by their sum");
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

Status Mechanism::start_from(std::span<const double> weight) {
  CANDOR_CHECK(check_first_weights(weight, joined_));
  CANDOR_CHECK(admission_.skip_founders());
  // One after the other: worker k comes in with the part w_k / (w_0 + ... + w_k) of all weight.
  double reached = 0.0;
  for (std::uint32_t k = 0; k < weight.size(); ++k) {
    reached += weight[k];
    const WorkerId worker{k};
    rule_->admit(std::span(&worker, 1), weight[k] / reached);
    pools_->admit(std::span(&worker, 1), weight[k] / reached);
  }
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
    settlement.paid_micro = payment::divide_budget(spec_.slot_budget_micro, share);
  }
  return settlement;
}

void Mechanism::expire(const PooledSlot& slot) {
  rule_->release(slot.worker, slot.wager);
}

}  // namespace candor::mechanism
