#include "audit/ledger_rerun.h"

#include <cassert>
#include <limits>
#include <memory>

#include "candor/mechanism/admission.h"
#include "candor/payment/budget.h"
#include "candor/payment/payment_rule.h"
#include "mechanism/rules.h"

namespace candor::audit {
namespace {

using Step = Trace::Step;
constexpr std::uint32_t absent = std::numeric_limits<std::uint32_t>::max();

// One run. The spec was accepted when the trace was read, so rules can be made from it.
class Rerun {
 public:
  Rerun(const Trace& trace, const OwnAnswers& own, std::span<const double> own_loss,
        std::vector<double>* stake)
      : trace_(trace),
        own_(own),
        own_loss_(own_loss),
        stake_(stake),
        admission_(trace.spec.admission),
        own_at_(trace.slots(), absent) {
    rule_ = std::move(mechanism::choose_rule(trace.spec)).value();
    payment_ = std::move(payment::make_payment_rule(trace.spec.payment)).value();
    (rule_.asking ? stakes_.resize(trace.asks.size()) : wager_.resize(trace.worker.size()));
    for (std::uint32_t n = 0; n < own.slot.size(); ++n) own_at_[own.slot[n]] = n;
    if (stake_ != nullptr) stake_->assign(own.slot.size(), 0.0);
  }

  Earnings run() {
    for (const Trace::Op op : trace_.ops) take(op);
    earned_.final_weight = rule().weight(own_.worker);
    if (trace_.settled > 0) earned_.mean_weight /= static_cast<double>(trace_.settled);
    return earned_;
  }

 private:
  [[nodiscard]] learning::WeightRule& rule() {
    if (rule_.asking) return *rule_.asking;
    return *rule_.open;
  }
  [[nodiscard]] std::span<double> wagers_of(std::size_t slot) {
    return std::span(wager_).subspan(trace_.start[slot], trace_.reports_in(slot));
  }

  void take(Trace::Op op) {
    switch (op.step) {
      case Step::join:
        return admission_.join({op.id});
      case Step::admit:
        return admit();
      case Step::leave:
        return rule_.asking->leave({op.id});
      case Step::come_back:
        return rule_.asking->come_back({op.id});
      case Step::ask:
        return ask(op.id);
      case Step::withdraw:
        return rule_.asking->release(trace_.asks[op.id].worker, stakes_[op.id]);
      case Step::pool:
        return pool(op.id);
      case Step::settle:
        return settle(op.id);
      case Step::expire:
        return expire(op.id);
    }
  }
  // In another standing the rule might never have asked these workers; it could not say what they
  // stake there.
  void ask(std::uint32_t id) {
    const Trace::Ask& asked = trace_.asks[id];
    stakes_[id] =
        trace_.stakes_stay ? asked.stakes : rule_.asking->stake(asked.worker, asked.lottery);
  }
  void admit() {
    const mechanism::Admission::Cohort cohort = admission_.due();
    if (!cohort.workers.empty()) rule().admit(cohort.workers, cohort.mass);
  }
  void pool(std::uint32_t slot) {
    if (rule_.asking) return;
    rule_.open->wager(trace_.workers_of(slot), wagers_of(slot));
    if (stake_ == nullptr || own_at_[slot] == absent) return;
    double total = 0.0;
    for (const double wager : wagers_of(slot)) total += wager;
    const std::uint32_t n = own_at_[slot];
    const double own = wager_[own_.report_at[n]];
    (*stake_)[n] = total > 0.0 ? own * (1.0 - own / total) : 0.0;
  }
  void settle(std::uint32_t slot) {
    const auto honest = trace_.losses_of(slot);
    loss_.assign(honest.begin(), honest.end());
    const std::uint32_t n = own_at_[slot];
    if (n != absent) loss_[own_.report_at[n] - trace_.start[slot]] = own_loss_[n];
    if (rule_.asking) {
      rule_.asking->settle(trace_.workers_of(slot), stakes_[trace_.slot_ask[slot]], loss_);
    } else {
      rule_.open->settle(trace_.workers_of(slot), wagers_of(slot), loss_);
    }
    earned_.mean_weight += rule().weight(own_.worker);
    if (n != absent && trace_.spec.slot_budget_micro > 0) pay(slot, n);
  }
  void expire(std::uint32_t slot) {
    if (rule_.asking) {
      rule_.asking->release(trace_.workers_of(slot), stakes_[trace_.slot_ask[slot]]);
    } else {
      rule_.open->release(trace_.workers_of(slot), wagers_of(slot));
    }
  }
  // As mechanism::Mechanism pays.
  void pay(std::uint32_t slot, std::uint32_t n) {
    const auto worker = trace_.workers_of(slot);
    share_.resize(worker.size());
    part_.resize(worker.size());
    if (rule_.asking) {
      for (std::size_t j = 0; j < worker.size(); ++j) share_[j] = rule_.asking->weight(worker[j]);
    } else {
      rule_.open->share(worker, share_);
    }
    payment_->parts({loss_, share_}, part_);
    const payment::Payout payout =
        payment::pay_out(trace_.spec.slot_budget_micro, part_, payment_->pays_all());
    earned_.paid_micro += payout.paid[own_.report_at[n] - trace_.start[slot]];
  }

  const Trace& trace_;
  const OwnAnswers& own_;
  std::span<const double> own_loss_;
  std::vector<double>* stake_;
  mechanism::Admission admission_;
  mechanism::ChosenRule rule_;
  std::unique_ptr<payment::PaymentRule> payment_;
  std::vector<std::uint32_t> own_at_;     // [slots] in own_, or absent
  std::vector<double> wager_;             // [reports]
  std::vector<learning::Stakes> stakes_;  // [asks]
  std::vector<double> loss_;
  std::vector<double> share_;
  std::vector<double> part_;
  Earnings earned_;
};

}  // namespace

std::vector<OwnAnswers> answers_by_worker(const Trace& trace) {
  std::vector<OwnAnswers> own(trace.worker_names.size());
  for (std::uint32_t i = 0; i < own.size(); ++i) own[i].worker = {i};
  for (std::uint32_t slot = 0; slot < trace.slots(); ++slot) {
    for (std::size_t at = trace.start[slot]; at < trace.start[slot + 1]; ++at) {
      OwnAnswers& answers = own[trace.worker[at].index()];
      answers.slot.push_back(slot);
      answers.report_at.push_back(at);
    }
  }
  return own;
}

Earnings rerun(const Trace& trace, const OwnAnswers& own, std::span<const double> own_loss,
               std::vector<double>* stake) {
  assert(own_loss.size() == own.slot.size());
  return Rerun(trace, own, own_loss, stake).run();
}

}  // namespace candor::audit
