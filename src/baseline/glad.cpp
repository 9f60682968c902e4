#include "candor/baseline/glad.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "baseline/blocks.h"
#include "baseline/climb.h"
#include "baseline/options.h"
#include "candor/base/math.h"

namespace candor::baseline {
namespace {

constexpr double prior_mean = 1.0;                      // of alpha and of b, with variance 1
constexpr double half_log_two_pi = 0.9189385332046727;  // ln(2 pi) / 2

struct Logistic {
  double right;      // sigma(x)
  double log_wrong;  // log sigma(-x)
};

Logistic logistic(double x) {
  const double e = portable_exp(-std::abs(x));
  const double larger = 1.0 / (1.0 + e);
  return {x >= 0.0 ? larger : e * larger, -std::max(x, 0.0) - portable_log(1.0 + e)};
}

Height normal_height(double x) {  // log density of N(1,1), less its constant
  const double away = x - prior_mean;
  return {-0.5 * away * away, -away, -1.0};
}

class Glad {
 public:
  Glad(const ReportTable& table, const GladOptions& options)
      : table_(table),
        options_(options),
        view_(by_worker(table)),
        log_others_(portable_log(static_cast<double>(table.answers() - 1))),
        posterior_(table.slots() * table.answers()),
        ability_(table.workers(), prior_mean),
        log_ease_(table.slots(), prior_mean),
        ease_(table.slots(), portable_exp(prior_mean)) {}

  GladResult run() &&;

 private:
  double e_step();
  double e_step_slot(std::size_t slot);
  void m_step();
  void improve_ability(std::size_t worker);
  void improve_ease(std::size_t slot);
  [[nodiscard]] Height ability_height(std::size_t worker, double ability) const;
  [[nodiscard]] Height ease_height(std::size_t slot, double log_ease) const;
  [[nodiscard]] double agreement(std::size_t slot, std::uint32_t code) const;
  [[nodiscard]] double log_density() const;

  const ReportTable& table_;
  GladOptions options_;
  WorkerReports view_;
  double log_others_;  // ln(K - 1)
  std::vector<double> posterior_;
  std::vector<double> ability_;
  std::vector<double> log_ease_;
  std::vector<double> ease_;
};

GladResult Glad::run() && {
  GladResult result;
  result.converged = table_.reports() == 0;
  if (result.converged) e_step();
  const double reports = static_cast<double>(std::max<std::size_t>(1, table_.reports()));
  while (!result.converged && result.iterations < options_.iterations) {
    const double objective = e_step() + log_density();
    if (!result.objective.empty())
      result.converged = (objective - result.objective.back()) / reports < options_.tolerance;
    result.objective.push_back(objective);
    ++result.iterations;
    m_step();
  }
  result.answers = table_.answers();
  result.posterior = std::move(posterior_);
  result.ability = std::move(ability_);
  result.ease = std::move(ease_);
  return result;
}

double Glad::e_step() {
  return sum_over_ranges(table_.slots(), slots_in_range, options_.threads,
                         [&](std::size_t begin, std::size_t end) {
                           double total = 0.0;
                           for (std::size_t slot = begin; slot < end; ++slot)
                             total += e_step_slot(slot);
                           return total;
                         });
}

// Returns the log-likelihood of the slot's reports. With L = ln(K-1) the evidence for answer a is
// sum over reports of r(a) (x + L), plus log sigma(-x) - L, which does not depend on a.
double Glad::e_step_slot(std::size_t slot) {
  const std::size_t answers = table_.answers();
  const auto scores = std::span(posterior_).subspan(slot * answers, answers);
  std::ranges::fill(scores, 0.0);
  const SlotReports reports = table_.slot(slot);
  double common = 0.0;
  for (std::size_t i = 0; i < reports.codes.size(); ++i) {
    const double x = ability_[reports.workers[i].index()] * ease_[slot];
    common += logistic(x).log_wrong - log_others_;
    const auto row = table_.palette_row(reports.codes[i]);
    for (std::size_t a = 0; a < answers; ++a) scores[a] += row[a] * (x + log_others_);
  }
  const double top = *std::ranges::max_element(scores);
  double total = 0.0;
  for (const double score : scores) total += portable_exp(score - top);
  softmax(scores);
  return common + top + portable_log(total / static_cast<double>(answers));
}

void Glad::m_step() {
  for (std::size_t turn = 0; turn < options_.turns; ++turn) {
    for_each_range(table_.workers(), workers_in_range, options_.threads,
                   [&](std::size_t begin, std::size_t end) {
                     for (std::size_t w = begin; w < end; ++w) improve_ability(w);
                   });
    for_each_range(table_.slots(), slots_in_range, options_.threads,
                   [&](std::size_t begin, std::size_t end) {
                     for (std::size_t slot = begin; slot < end; ++slot) improve_ease(slot);
                   });
  }
}

void Glad::improve_ability(std::size_t worker) {
  ability_[worker] = climb(ability_[worker], [&](double x) { return ability_height(worker, x); });
}

void Glad::improve_ease(std::size_t slot) {
  log_ease_[slot] = climb(log_ease_[slot], [&](double b) { return ease_height(slot, b); });
  ease_[slot] = portable_exp(log_ease_[slot]);
}

// t log sigma(x) + (1-t) log sigma(-x) = t x + log sigma(-x), x = ability * ease.
Height Glad::ability_height(std::size_t worker, double ability) const {
  Height height = normal_height(ability);
  for (std::size_t i = view_.begin[worker]; i < view_.begin[worker + 1]; ++i) {
    const double ease = ease_[view_.slots[i]];
    const double agreed = agreement(view_.slots[i], view_.codes[i]);
    const auto [right, log_wrong] = logistic(ability * ease);
    height.value += agreed * ability * ease + log_wrong;
    height.slope += (agreed - right) * ease;
    height.curvature -= right * (1.0 - right) * ease * ease;
  }
  return height;
}

// In b = log ease the sum need not be concave; a curvature above the prior's -1 is replaced by it.
Height Glad::ease_height(std::size_t slot, double log_ease) const {
  Height height = normal_height(log_ease);
  const double ease = portable_exp(log_ease);
  const SlotReports reports = table_.slot(slot);
  for (std::size_t i = 0; i < reports.codes.size(); ++i) {
    const double x = ability_[reports.workers[i].index()] * ease;
    const double agreed = agreement(slot, reports.codes[i]);
    const auto [right, log_wrong] = logistic(x);
    height.value += agreed * x + log_wrong;
    height.slope += (agreed - right) * x;
    height.curvature += (agreed - right) * x - right * (1.0 - right) * x * x;
  }
  height.curvature = std::min(height.curvature, -1.0);
  return height;
}

// sum_a y(a) r(a): how far a report agrees with the present posterior.
double Glad::agreement(std::size_t slot, std::uint32_t code) const {
  const double* y = posterior_.data() + slot * table_.answers();
  if (table_.is_label(code)) return y[code];
  const auto row = table_.palette_row(code);
  double total = 0.0;
  for (std::size_t a = 0; a < row.size(); ++a) total += y[a] * row[a];
  return total;
}

double Glad::log_density() const {
  double total = 0.0;
  for (const double ability : ability_) total += normal_height(ability).value - half_log_two_pi;
  for (const double log_ease : log_ease_) total += normal_height(log_ease).value - half_log_two_pi;
  return total;
}

}  // namespace

Result<GladResult> glad(const ReportTable& table, const GladOptions& options) {
  CANDOR_CHECK(require(options.iterations >= 1, "iterations", 0.0, "at least 1"));
  CANDOR_CHECK(require(options.turns >= 1, "turns", 0.0, "at least 1"));
  CANDOR_CHECK(require(options.tolerance >= 0.0 && options.tolerance < 1e300, "tolerance",
                       options.tolerance, "a number >= 0, such as 1e-5"));
  return Glad(table, options).run();
}

}  // namespace candor::baseline
