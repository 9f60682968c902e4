#include "candor/mechanism/mechanism.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "candor/base/text.h"
#include "candor/payment/budget.h"
#include "candor/scoring/probability.h"
#include "mechanism/repeats.h"
#include "mechanism/rules.h"
#include "mechanism/standard_pools.h"

namespace candor::mechanism {
namespace {

// Outside (0, 1/2) the clipped log is no loss in [0,1], and weights could turn negative.
Status check_loss_floor(const scoring::LossRule& loss) {
  const bool used = loss.kind == scoring::LossRule::Kind::clipped_log;
  if (!used || (loss.floor > 0.0 && loss.floor < 0.5)) return {};
  return Error{ErrorCode::out_of_range, number_text(loss.floor)}
      .in_field("loss floor")
      .expecting("a number in (0,0.5): the smallest probability that a report may hold")
      .way("0.001 suits most crowds");
}

Status check_budget(std::int64_t micro, std::string_view field) {
  if (micro >= 0) return {};
  return Error{ErrorCode::out_of_range, std::to_string(micro)}
      .in_field(field)
      .expecting("an amount of at least 0, in millionths")
      .way("0: nobody is paid; of a campaign: no limit");
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

Status check_error_count(std::size_t found, std::size_t answers) {
  const std::size_t expected = answers == 2 ? 2 : answers * answers;
  if (found == expected) return {};
  const std::string what =
      answers == 2 ? "2 numbers: how often the outcome is wrong when it is truly the first answer, "
                     "and when it is truly the second"
                   : std::to_string(expected) +
                         " numbers, row by row: for each true answer, the "
                         "probability of every answer to be revealed";
  return Error{ErrorCode::invalid_argument,
               std::to_string(found) + (found == 1 ? " number" : " numbers")}
      .in_field("outcome errors")
      .expecting(what)
      .way("estimate them on slots whose true answer is known");
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
  CANDOR_CHECK(check_budget(spec.slot_budget_micro, "slot budget"));
  CANDOR_CHECK(check_budget(spec.campaign_budget_micro, "campaign budget"));
  Mechanism mechanism(spec, answers);
  CANDOR_CHECK(mechanism.choose_loss());
  mechanism.admission_ = Admission(spec.admission);
  CANDOR_TRY(ChosenRule rule, choose_rule(spec));
  mechanism.open_ = std::move(rule.open);
  mechanism.asking_ = std::move(rule.asking);
  CANDOR_TRY(mechanism.payment_, payment::make_payment_rule(spec.payment));
  mechanism.answer_limit_ = payment::AnswerLimit(spec.worker_answers);
  mechanism.pools_ =
      std::make_unique<pooling::HedgedPool>(standard_pools(spec.weight_rule, answers));
  mechanism.label_names_ = mechanism.pools_->names();
  CANDOR_CHECK(mechanism.choose_label());
  return mechanism;
}

Status Mechanism::choose_loss() {
  const std::span<const double> errors = spec_.outcome_errors;
  if (errors.empty()) return {};
  CANDOR_CHECK(check_error_count(errors.size(), answers_));
  auto surrogate = answers_ == 2
                       ? scoring::SurrogateLoss::with_error_rates(spec_.loss, errors[0], errors[1])
                       : scoring::SurrogateLoss::create(spec_.loss, errors, answers_);
  if (!surrogate.ok()) return std::move(surrogate).error().in_field("outcome errors");
  surrogate_ = std::move(surrogate).value();
  return {};
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
  if (worker.index() != away_.size()) {
    return Error{ErrorCode::invalid_argument, std::to_string(worker.value)}
        .in_field("worker")
        .expecting(std::to_string(away_.size()) + ", the next worker id")
        .way("number workers in the order in which they join");
  }
  away_.push_back(false);
  admission_.join(worker);
  return {};
}

// Of elf and follow-the-best the state is a record of the past, not weights.
Status Mechanism::check_can_start_from(std::span<const double> weight) const {
  if (spec_.weight_rule != "elf" && spec_.weight_rule != "follow-the-best") return {};
  const auto [low, high] = std::minmax_element(weight.begin(), weight.end());
  if (*high - *low <= 1e-9) return {};
  return Error{ErrorCode::invalid_argument, "unequal first weights"}
      .in_field("first weights")
      .expecting("equal ones, as " + spec_.weight_rule + " keeps a record of the past, not weights")
      .way("leave them out, or choose weighted-score");
}

Status Mechanism::start_from(std::span<const double> weight) {
  CANDOR_CHECK(check_first_weights(weight, away_.size()));
  CANDOR_CHECK(check_can_start_from(weight));
  CANDOR_CHECK(admission_.skip_founders());
  // One after the other: worker k comes in with the part w_k / (w_0 + ... + w_k) of all weight.
  double reached = 0.0;
  for (std::uint32_t k = 0; k < weight.size(); ++k) {
    reached += weight[k];
    const WorkerId worker{k};
    admit(std::span(&worker, 1), weight[k] / reached);
  }
  return {};
}

void Mechanism::admit_due_cohort() {
  const Admission::Cohort cohort = admission_.due();
  if (!cohort.workers.empty()) admit(cohort.workers, cohort.mass);
}

void Mechanism::admit(std::span<const WorkerId> cohort, double mass) {
  rule().admit(cohort, mass);
  pools_->admit(cohort, mass);
  for (const WorkerId worker : cohort) update_presence(worker);
}

learning::WeightRule& Mechanism::rule() {
  if (asking_) return *asking_;
  return *open_;
}

const learning::WeightRule& Mechanism::weight_rule() const {
  if (asking_) return *asking_;
  return *open_;
}

Status Mechanism::check_joined(WorkerId worker) const {
  if (worker.index() < away_.size()) return {};
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

void Mechanism::open_slot() {
  if (asking_) admit_due_cohort();
}

Result<PooledSlot> Mechanism::pool(std::vector<WorkerId> worker, std::vector<double> report,
                                   double draw) {
  if (asking_) {
    return Error{ErrorCode::conflict, "a slot that nobody was asked to answer"}
        .in_field("slot")
        .expecting("workers asked before it is pooled, as " + spec_.weight_rule + " needs")
        .way("ask workers first");
  }
  CANDOR_CHECK(check_slot(worker, report));
  admit_due_cohort();
  PooledSlot slot;
  slot.worker = std::move(worker);
  slot.report = std::move(report);
  slot.wager.resize(slot.worker.size());
  open_->wager(slot.worker, slot.wager);
  return form_label(std::move(slot), draw);
}

Result<PooledSlot> Mechanism::pool(AskedWorkers asked, std::vector<double> report, double draw) {
  CANDOR_CHECK(check_slot(asked.worker, report));
  PooledSlot slot;
  slot.worker = std::move(asked.worker);
  slot.report = std::move(report);
  slot.stakes = std::move(asked.stakes);
  return form_label(std::move(slot), draw);
}

PooledSlot Mechanism::form_label(PooledSlot slot, double draw) {
  slot.answers = answers_;
  slot.share.resize(slot.worker.size());
  slot.labels.resize(label_names_.size() * answers_);
  rule().share(slot.worker, slot.share);
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
  if (outcome.size() != answers_) {
    return Error{ErrorCode::invalid_argument, std::to_string(outcome.size()) + " probabilities"}
        .in_field("outcome")
        .expecting(std::to_string(answers_) + ", one for each answer")
        .way("state the outcome as a probability for each answer");
  }
  CANDOR_CHECK(scoring::check_probabilities(outcome, "outcome"));
  if (!surrogate_ || scoring::is_certain(outcome)) return {};
  return Error{ErrorCode::out_of_range, "an outcome divided over several answers"}
      .in_field("outcome")
      .expecting("one certain answer, as outcome errors say how often a single answer is wrong")
      .way("reveal the answer itself, let the slot expire, or state no outcome errors");
}

double Mechanism::loss(std::span<const double> report, std::span<const double> outcome) const {
  return surrogate_ ? (*surrogate_)(report, outcome) : spec_.loss(report, outcome);
}

Result<Settlement> Mechanism::settle(const PooledSlot& slot, std::span<const double> outcome) {
  CANDOR_CHECK(check_outcome(outcome));
  Settlement settlement;
  const pooling::SlotView view = slot.view();
  settlement.loss.resize(view.size());
  for (std::size_t j = 0; j < view.size(); ++j) settlement.loss[j] = loss(view.row(j), outcome);
  if (asking_) {
    asking_->settle(slot.worker, slot.stakes, settlement.loss);
  } else {
    open_->settle(slot.worker, slot.wager, settlement.loss);
  }
  pools_->learn(view, slot.labels, outcome);
  pay(slot, settlement);
  return settlement;
}

// An open rule's shares among those who answered do not depend on who else is in the crowd, so the
// whole budget is theirs. Of an asking rule only absolute weights move in proportion to a worker's
// own loss.
void Mechanism::pay(const PooledSlot& slot, Settlement& settlement) {
  const std::int64_t budget = spec_.slot_budget_micro;
  if (budget == 0) return;
  std::vector<double> share(slot.worker.size());
  if (asking_) {
    for (std::size_t j = 0; j < share.size(); ++j) share[j] = asking_->weight(slot.worker[j]);
  } else {
    open_->share(slot.worker, share);
  }
  std::vector<double> part(share.size());
  payment_->parts({settlement.loss, share}, part);
  settlement.paid_micro = payment::pay_out(budget, part, payment_->pays_all()).paid;
}

void Mechanism::expire(const PooledSlot& slot) {
  if (asking_) {
    asking_->release(slot.worker, slot.stakes);
  } else {
    open_->release(slot.worker, slot.wager);
  }
}

}  // namespace candor::mechanism
