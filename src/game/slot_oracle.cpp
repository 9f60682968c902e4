#include "candor/game/slot_oracle.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace candor::game {
namespace {

constexpr int even_reports = 64;
constexpr int golden_steps = 40;
constexpr double golden = 0.6180339887498949;
constexpr double indifference = 1e-12;

double square(double x) {
  return x * x;
}

}  // namespace

WeightedScoreOracle::WeightedScoreOracle(const SlotView& view, double step_size)
    : step_size_(step_size),
      weight_(view.weight[view.self.index()]),
      belief_(view.belief),
      drawn_label_(view.drawn_label),
      branch_{others(view, 1.0, view.belief), others(view, 0.0, 1.0 - view.belief)} {}

WeightedScoreOracle::Others WeightedScoreOracle::others(const SlotView& view, double outcome,
                                                        double probability) const {
  Others others{outcome, probability};
  const std::vector<double>& report = outcome == 1.0 ? view.if_a : view.if_b;
  for (std::size_t j = 0; j < view.weight.size(); ++j) {
    if (j == view.self.index()) continue;
    others.loss += view.weight[j] * square(report[j] - outcome);
    others.label += view.weight[j] * report[j];
    others.gap += view.weight[j] * square(report[j] - view.belief);
  }
  return others;
}

Prospect WeightedScoreOracle::prospect(double report) const {
  Prospect total;
  for (const Others& others : branch_) {
    const double loss = square(report - others.outcome);
    const double mean = weight_ * loss + others.loss;
    total.next_weight += others.probability * weight_ * (1.0 + step_size_ * (mean - loss));
    total.label_gap +=
        others.probability * (drawn_label_ ? weight_ * square(report - belief_) + others.gap
                                           : square(weight_ * report + others.label - belief_));
  }
  total.pay = total.next_weight;
  return total;
}

void bring_to(learning::OpenRule& rule, std::span<const double> weight) {
  double before = 0.0;
  for (std::uint32_t i = 0; i < weight.size(); ++i) {
    before += weight[i];
    const WorkerId one{i};
    rule.admit({&one, 1}, i == 0 ? 1.0 : weight[i] / before);
  }
}

OpenRuleOracle::OpenRuleOracle(SlotView view, OpenRuleFactory factory,
                               const payment::PaymentRule* payment)
    : view_(std::move(view)), factory_(std::move(factory)), payment_(payment) {
  for (std::uint32_t i = 0; i < view_.weight.size(); ++i) everyone_.push_back(WorkerId{i});
}

void OpenRuleOracle::add_outcome(double report, double outcome, double probability,
                                 Prospect& total) const {
  auto made = factory_();
  assert(made.ok());
  learning::OpenRule& rule = **made;
  bring_to(rule, view_.weight);
  const std::size_t n = everyone_.size();
  std::vector<double> reports = outcome == 1.0 ? view_.if_a : view_.if_b;
  reports[view_.self.index()] = report;
  std::vector<double> share(n);
  std::vector<double> wager(n);
  std::vector<double> loss(n);
  rule.share(everyone_, share);
  double label = 0.0;
  double gap = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    loss[j] = square(reports[j] - outcome);
    label += share[j] * reports[j];
    gap += share[j] * square(reports[j] - view_.belief);
  }
  rule.wager(everyone_, wager);
  rule.settle(everyone_, wager, loss);
  total.next_weight += probability * rule.weights()[view_.self.index()];
  total.label_gap += probability * (view_.drawn_label ? gap : square(label - view_.belief));
  if (payment_ == nullptr) return;
  rule.share(everyone_, share);
  std::vector<double> part(n);
  payment_->parts({loss, share}, part);
  total.pay += probability * part[view_.self.index()];
}

Prospect OpenRuleOracle::prospect(double report) const {
  Prospect total;
  add_outcome(report, 1.0, view_.belief, total);
  add_outcome(report, 0.0, 1.0 - view_.belief, total);
  return total;
}

AskingRuleOracle::AskingRuleOracle(AskedView view, const payment::PaymentRule* payment)
    : view_(std::move(view)), payment_(payment) {}

void AskingRuleOracle::add_outcome(double report, double outcome, double probability,
                                   Prospect& total) const {
  std::vector<double> reports = outcome == 1.0 ? view_.if_a : view_.if_b;
  reports[view_.self] = report;
  std::vector<double> loss;
  double pot = 0.0;
  double label = 0.0;
  double gap = 0.0;
  for (std::size_t j = 0; j < reports.size(); ++j) {
    loss.push_back(square(reports[j] - outcome));
    pot += view_.stakes.stake[j] * loss[j];
    label += view_.share[j] * reports[j];
    gap += view_.share[j] * square(reports[j] - view_.belief);
  }
  std::vector<double> weight = view_.weight;
  for (std::size_t j = 0; j < weight.size(); ++j)
    weight[j] += view_.stakes.claim[j] * pot - view_.stakes.stake[j] * loss[j];
  total.next_weight += probability * weight[view_.self];
  total.label_gap += probability * (view_.drawn_label ? gap : square(label - view_.belief));
  if (payment_ == nullptr) return;
  std::vector<double> part(weight.size());
  payment_->parts({loss, weight}, part);
  total.pay += probability * part[view_.self];
}

Prospect AskingRuleOracle::prospect(double report) const {
  Prospect total;
  add_outcome(report, 1.0, view_.belief, total);
  add_outcome(report, 0.0, 1.0 - view_.belief, total);
  return total;
}

double worth(const Utility& utility, const Prospect& prospect) {
  return (utility.of(Motive::next_weight) + utility.of(Motive::total_weight) +
          utility.of(Motive::final_weight)) *
             prospect.next_weight +
         utility.of(Motive::pay) * prospect.pay - utility.of(Motive::sway) * prospect.label_gap;
}

double best_report(const SlotOracle& oracle, const Utility& utility, double honest) {
  const auto value = [&](double report) { return worth(utility, oracle.prospect(report)); };
  std::pair<double, double> best{honest, value(honest)};
  const double honest_value = best.second;
  const auto consider = [&](double report) {
    const double worth_it = value(report);
    if (worth_it > best.second) best = {report, worth_it};
    return worth_it;
  };
  for (int k = 0; k <= even_reports; ++k) consider(static_cast<double>(k) / even_reports);
  double low = std::max(0.0, best.first - 1.0 / even_reports);
  double high = std::min(1.0, best.first + 1.0 / even_reports);
  for (int i = 0; i < golden_steps; ++i) {
    const double left = high - golden * (high - low);
    const double right = low + golden * (high - low);
    if (consider(left) > consider(right)) {
      high = right;
    } else {
      low = left;
    }
  }
  return best.second > honest_value + indifference ? best.first : honest;
}

}  // namespace candor::game
