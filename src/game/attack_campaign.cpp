#include "game/attack_campaign.h"

#include <array>

#include "candor/payment/budget.h"
#include "candor/pooling/simple_pools.h"
#include "candor/scoring/loss_rule.h"

namespace candor::game {
namespace {

constexpr std::int64_t slot_budget_micro = 1'000'000;

}  // namespace

AttackCampaign::AttackCampaign(const AttackOptions& options, const Defences& defences,
                               std::uint64_t seed)
    : options_(options),
      defences_(defences),
      random_(seed, 0x61747461636bULL),
      admission_(options.admission),
      attack_from_(options.attack == Attack::sybil ? options.slots / 4 : 0) {
  for (std::uint32_t i = 0; i <= options.honest; ++i)
    accuracy_.push_back(options.accuracy_low +
                        (options.accuracy_high - options.accuracy_low) * random_.uniform());
}

double AttackCampaign::report_of(double accuracy, bool hard, bool a_is_right) {
  const double right = hard ? (0.5 + accuracy) / 2.0 : accuracy;
  const bool says_a = random_.bernoulli(right) == a_is_right;
  return says_a ? accuracy : 1.0 - accuracy;  // nobody can tell which slots are hard
}

void AttackCampaign::add(Slot& slot, std::uint32_t worker, double report) const {
  slot.worker.push_back({worker});
  slot.report.push_back(report);
  slot.report.push_back(1.0 - report);
}

// Draws the same numbers whoever takes part.
AttackCampaign::Slot AttackCampaign::next_slot() {
  Slot slot;
  slot.targeted = random_.bernoulli(options_.targeted);
  const bool a_is_right = random_.bernoulli(0.5);
  const bool hard = random_.bernoulli(0.5);
  slot.outcome = a_is_right ? 1.0 : 0.0;
  for (std::uint32_t i = 0; i < options_.honest; ++i) {
    const double report = report_of(accuracy_[i], hard, a_is_right);
    if (random_.bernoulli(options_.attendance)) add(slot, i, report);
  }
  const double belief = report_of(accuracy_.back(), hard, a_is_right);
  for (std::uint32_t k = 0; k < options_.attackers; ++k) {
    const bool answers = random_.bernoulli(options_.attendance);
    if (answers && defences_.attackers && slot_ >= attack_from_)
      add(slot, options_.honest + k, slot.targeted ? 1.0 : belief);
  }
  return slot;
}

void AttackCampaign::welcome_attackers() {
  if (!defences_.attackers || options_.attackers == 0 || slot_ != attack_from_) return;
  std::vector<WorkerId> cohort;
  cohort.reserve(options_.attackers);
  for (std::uint32_t k = 0; k < options_.attackers; ++k) cohort.push_back({options_.honest + k});
  if (slot_ == 0 || defences_.admission) {
    for (const WorkerId worker : cohort) admission_.join(worker);
    return;
  }
  const auto accounts = static_cast<double>(options_.attackers);
  rule_->admit(cohort, accounts / (options_.honest + accounts));
}

void AttackCampaign::admit_due() {
  const mechanism::Admission::Cohort cohort = admission_.due();
  if (!cohort.workers.empty()) rule_->admit(cohort.workers, cohort.mass);
}

void AttackCampaign::play(const Slot& slot) {
  if (slot.worker.empty()) return;
  const std::size_t n = slot.worker.size();
  std::vector<double> share(n);
  std::vector<double> say(n);
  rule_->share(slot.worker, share);
  quarantine_.label_share(slot.worker, share, say);
  std::array<double, 2> label{};
  pooling::linear_pool({2, slot.worker, slot.report, say}, label);
  const std::array<double, 2> outcome{slot.outcome, 1.0 - slot.outcome};

  if (slot_ >= attack_from_) {
    const double loss = scoring::quadratic_loss(label, outcome);
    sums_.label_loss += loss;
    if (slot.targeted) sums_.targeted_loss += loss;
    targeted_slots_ += slot.targeted ? 1.0 : 0.0;
    for (std::size_t j = 0; j < n; ++j)
      if (is_attacker(slot.worker[j])) sums_.say += say[j];
  }
  std::vector<double> wager(n);
  std::vector<double> losses(n);
  for (std::size_t j = 0; j < n; ++j)
    losses[j] = scoring::quadratic_loss(std::span(slot.report).subspan(2 * j, 2), outcome);
  rule_->wager(slot.worker, wager);
  rule_->settle(slot.worker, wager, losses);
  pay(slot);
  if (defences_.detector) sheet_.set_outcome(sheet_.add_slot(slot.worker, slot.report), outcome);
}

void AttackCampaign::pay(const Slot& slot) {
  std::vector<double> share(slot.worker.size());
  rule_->share(slot.worker, share);
  const std::vector<std::int64_t> due = payment::divide_budget(slot_budget_micro, share);
  for (std::size_t j = 0; j < due.size(); ++j) {
    const std::int64_t now = quarantine_.pay(slot.worker[j], due[j]);
    if (slot_ < attack_from_) continue;
    paid_ += now;
    if (is_attacker(slot.worker[j])) paid_attackers_ += now;
  }
}

Status AttackCampaign::inspect() {
  defence::CopyOptions detector = options_.detector;
  detector.threads = 1;  // seeds run in parallel
  CANDOR_TRY(const defence::CopyReport report, defence::detect_copying(sheet_, detector));
  std::vector<bool> copies(options_.honest + options_.attackers, false);
  for (const auto& group : report.groups)
    for (const WorkerId worker : group) copies[worker.index()] = true;
  for (std::uint32_t i = 0; i < copies.size(); ++i) {
    if (copies[i]) {
      quarantine_.suspect({i});
      continue;
    }
    const std::int64_t released = quarantine_.clear({i});
    paid_ += released;
    if (is_attacker({i})) paid_attackers_ += released;
  }
  return {};
}

DefenceOutcome AttackCampaign::summary() const {
  DefenceOutcome outcome = sums_;
  outcome.defence = defences_.name;
  const auto slots = static_cast<double>(options_.slots - attack_from_);
  outcome.label_loss /= slots;
  outcome.say /= slots;
  if (targeted_slots_ > 0.0) outcome.targeted_loss /= targeted_slots_;
  if (paid_ > 0) outcome.pay = static_cast<double>(paid_attackers_) / static_cast<double>(paid_);
  std::int64_t held = 0;
  std::int64_t held_attackers = 0;
  double found = 0.0;
  for (std::uint32_t i = 0; i < options_.honest + options_.attackers; ++i) {
    held += quarantine_.held_micro({i});
    if (!is_attacker({i})) {
      outcome.honest_accused += quarantine_.is_suspected({i}) ? 1.0 : 0.0;
      continue;
    }
    held_attackers += quarantine_.held_micro({i});
    outcome.weight += rule_->weight({i});
    found += quarantine_.is_suspected({i}) ? 1.0 : 0.0;
  }
  if (held > 0) outcome.held = static_cast<double>(held_attackers) / static_cast<double>(held);
  if (options_.attackers > 0) outcome.attackers_found = found / options_.attackers;
  return outcome;
}

Result<DefenceOutcome> AttackCampaign::run() {
  CANDOR_TRY(rule_, learning::WeightedScore::create({.step_size = options_.step_size}));
  for (std::uint32_t i = 0; i < options_.honest; ++i) admission_.join({i});
  for (slot_ = 0; slot_ < options_.slots; ++slot_) {
    welcome_attackers();
    admit_due();
    play(next_slot());
    if (defences_.detector && (slot_ + 1) % options_.inspect_every == 0) CANDOR_CHECK(inspect());
  }
  return summary();
}

}  // namespace candor::game
