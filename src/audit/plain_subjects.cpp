#include "audit/plain_subjects.h"

#include <array>
#include <cassert>
#include <utility>

#include "candor/learning/exponential_weights.h"
#include "candor/learning/m_set.h"
#include "candor/pooling/agg_p.h"
#include "candor/pooling/simple_pools.h"

namespace candor::audit {
namespace {

std::vector<WorkerId> crowd_of(std::size_t n) {
  std::vector<WorkerId> worker;
  worker.reserve(n);
  for (std::uint32_t i = 0; i < n; ++i) worker.push_back(WorkerId{i});
  return worker;
}

std::vector<double> rows_of(std::span<const double> report) {
  std::vector<double> rows;
  rows.reserve(2 * report.size());
  for (const double r : report) {
    rows.push_back(r);
    rows.push_back(1.0 - r);
  }
  return rows;
}

double squared_distance(double a, double b) {
  return (a - b) * (a - b);
}

std::vector<double> losses_of(std::span<const double> report, double outcome) {
  std::vector<double> loss;
  loss.reserve(report.size());
  for (const double r : report) loss.push_back(squared_distance(r, outcome));
  return loss;
}

double linear_label(std::span<const double> weight, std::span<const double> report) {
  double label = 0.0;
  for (std::size_t i = 0; i < report.size(); ++i) label += weight[i] * report[i];
  return label;
}

bool about_weight(game::Motive motive) {
  return motive != game::Motive::pay && motive != game::Motive::sway;
}

}  // namespace

std::vector<Ending> EqualWeights::play(const State& state, const AuditSlot&,
                                       std::span<const double> report, double outcome) const {
  const std::vector<WorkerId> worker = crowd_of(report.size());
  const std::vector<double> rows = rows_of(report);
  std::array<double, 2> label{};
  const pooling::SlotView view{2, worker, rows, state.weight};
  (label_ == Label::average ? pooling::average_pool : pooling::median_pool)(view, label);
  Ending ending{1.0, state, std::vector<double>(report.size()), label[0]};
  if (payment_) {
    payment_->parts({losses_of(report, outcome), state.weight}, ending.pay);
  } else {
    for (std::size_t i = 0; i < report.size(); ++i)
      ending.pay[i] =
          (1.0 - squared_distance(report[i], label[0])) / static_cast<double>(report.size());
  }
  return {std::move(ending)};
}

// Median, odd N, one peak: Moulin 1980 (coalitions share their peak).
Shape EqualWeights::shape(game::Motive motive, std::size_t workers, std::size_t) const {
  if (about_weight(motive)) return Shape::constant;
  if (label_ == Label::average || (motive == game::Motive::pay && payment_))
    return Shape::quadratic;
  return motive == game::Motive::sway && workers % 2 == 1 ? Shape::truthful : Shape::other;
}

std::vector<Ending> Hedge::play(const State& state, const AuditSlot&,
                                std::span<const double> report, double outcome) const {
  auto made = learning::ExponentialWeights::create(state.step_size);
  assert(made.ok());
  learning::ExponentialWeights& rule = **made;
  const std::vector<WorkerId> worker = crowd_of(report.size());
  double reached = 0.0;
  for (std::size_t i = 0; i < worker.size(); ++i) {
    reached += state.weight[i];
    rule.admit(std::span(&worker[i], 1), state.weight[i] / reached);
  }
  std::vector<double> wager(worker.size());
  rule.wager(worker, wager);
  rule.settle(worker, wager, losses_of(report, outcome));
  Ending ending{1.0, state, {}, linear_label(state.weight, report)};
  ending.state.weight = rule.weights();
  ending.pay = ending.state.weight;
  return {std::move(ending)};
}

Shape Hedge::shape(game::Motive motive, std::size_t, std::size_t) const {
  return motive == game::Motive::sway ? Shape::quadratic : Shape::other;
}

// Memory: everyone's losses in each past slot.
std::vector<Ending> TwoOfAll::play(const State& state, const AuditSlot&,
                                   std::span<const double> report, double outcome) const {
  const auto made = learning::MSet::create({.chosen = 2, .step_size = state.step_size});
  assert(made.ok());
  learning::MSet& rule = **made;
  const std::vector<WorkerId> worker = crowd_of(report.size());
  rule.admit(worker, 1.0);
  Ending ending{1.0, state, {}, linear_label(state.weight, report)};
  std::vector<double>& memory = ending.state.memory;
  for (const double loss : losses_of(report, outcome)) memory.push_back(loss);
  std::vector<double> wager(worker.size());
  for (std::size_t k = 0; k < memory.size(); k += worker.size()) {
    rule.wager(worker, wager);
    rule.settle(worker, wager, std::span(memory).subspan(k, worker.size()));
  }
  ending.state.weight = rule.weights();
  ending.pay = ending.state.weight;
  return {std::move(ending)};
}

Shape TwoOfAll::shape(game::Motive, std::size_t, std::size_t) const {
  return Shape::quadratic;
}

// Memory: how many slots have settled, then everyone's total squared error.
State InverseError::start(const AuditInstance& instance) const {
  State state{instance.weights, instance.step_size, {}};
  state.memory.assign(state.weight.size() + 1, 0.0);
  return state;
}

std::vector<Ending> InverseError::play(const State& state, const AuditSlot&,
                                       std::span<const double> report, double outcome) const {
  Ending ending{1.0, state, {}, linear_label(state.weight, report)};
  std::vector<double>& memory = ending.state.memory;
  memory[0] += 1.0;
  double total = 0.0;
  for (std::size_t i = 0; i < report.size(); ++i) {
    memory[i + 1] += squared_distance(report[i], outcome);
    ending.state.weight[i] = 1.0 / (memory[i + 1] / memory[0] + 0.01);
    total += ending.state.weight[i];
  }
  for (double& weight : ending.state.weight) weight /= total;
  ending.pay = ending.state.weight;
  return {std::move(ending)};
}

Shape InverseError::shape(game::Motive motive, std::size_t, std::size_t) const {
  return motive == game::Motive::sway ? Shape::quadratic : Shape::other;
}

// Reports keep to floor() but for rounding, so the pool's own floor lies a little lower.
std::vector<Ending> VcgPool::play(const State& state, const AuditSlot&,
                                  std::span<const double> report, double) const {
  const auto costs =
      payment::vcg_costs({.alpha = alpha_, .floor = 0.9 * floor()}, 2, rows_of(report));
  assert(costs.ok());
  Ending ending{1.0, state, costs->cost, costs->label[0]};
  for (double& pay : ending.pay) pay = -pay;
  return {std::move(ending)};
}

double VcgPool::worth(game::Motive motive, const Ending& ending, std::size_t member,
                      double belief) const {
  if (motive != game::Motive::sway) return Subject::worth(motive, ending, member, belief);
  const std::array<double, 2> opinion{belief, 1.0 - belief};
  const std::array<double, 2> label{ending.label, 1.0 - ending.label};
  return -pooling::amari_divergence(alpha_, opinion, label) + ending.pay[member];
}

// One worker: dominant (Clarke 1971). Several together are not held back.
Shape VcgPool::shape(game::Motive motive, std::size_t, std::size_t coalition) const {
  if (about_weight(motive)) return Shape::constant;
  return motive == game::Motive::sway && coalition == 1 ? Shape::truthful : Shape::other;
}

}  // namespace candor::audit
