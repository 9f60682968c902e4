#include "candor/baseline/dawid_skene_online.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "baseline/em.h"
#include "baseline/options.h"
#include "candor/base/math.h"

namespace candor::baseline {
namespace {

TableRule rule_of(std::size_t answers, const OnlineDawidSkeneOptions& options) {
  return {.answers = answers, .model = options.model, .smoothing = options.smoothing};
}

void mean_report(std::span<const double> reports, std::span<double> label) {
  std::ranges::fill(label, 0.0);
  for (std::size_t i = 0; i < reports.size(); ++i) label[i % label.size()] += reports[i];
  normalise(label);
}

// scores[a] += sum_b r(b) log rates[b, a]; a label costs K logarithms.
void add_evidence(std::span<const double> rates, std::span<const double> report,
                  std::span<double> scores) {
  const std::size_t answers = scores.size();
  for (std::size_t b = 0; b < answers; ++b) {
    if (report[b] == 0.0) continue;
    for (std::size_t a = 0; a < answers; ++a)
      scores[a] += report[b] * portable_log(rates[b * answers + a]);
  }
}

}  // namespace

Status check(const OnlineDawidSkeneOptions& options) {
  const auto positive = [](double value) { return value > 0.0 && value < 1e300; };
  const Smoothing& smoothing = options.smoothing;
  CANDOR_CHECK(
      require(positive(smoothing.right), "smoothing.right", smoothing.right, "a count > 0"));
  CANDOR_CHECK(
      require(positive(smoothing.wrong), "smoothing.wrong", smoothing.wrong, "a count > 0"));
  CANDOR_CHECK(
      require(positive(smoothing.answer), "smoothing.answer", smoothing.answer, "a count > 0"));
  CANDOR_CHECK(require(options.growth > 1.0 && options.growth < 1e300, "growth", options.growth,
                       "a factor > 1, such as 1.25"));
  CANDOR_CHECK(require(options.iterations >= 1, "iterations", 0.0, "at least 1"));
  return require(options.tolerance >= 0.0 && options.tolerance < 1e300, "tolerance",
                 options.tolerance, "a number >= 0, such as 1e-5");
}

StepwiseDawidSkene::StepwiseDawidSkene(std::size_t answers, const OnlineDawidSkeneOptions& options)
    : answers_(answers), options_(options), answer_counts_(answers, 0.0) {
  assert(answers >= 2);
  assert(check(options).ok());
}

void StepwiseDawidSkene::pool(std::span<const WorkerId> workers, std::span<const double> reports,
                              std::span<double> label) const {
  assert(label.size() == answers_ && reports.size() == workers.size() * answers_);
  if (slots_ == 0) return mean_report(reports, label);
  prior(label);
  for (double& share : label) share = portable_log(share);
  const std::size_t cells = answers_ * answers_;
  const std::vector<double> nothing(cells, 0.0);
  std::vector<double> rates(cells);
  for (std::size_t i = 0; i < workers.size(); ++i) {
    const bool seen = (workers[i].index() + 1) * cells <= worker_counts_.size();
    rates_from_counts(
        rule_of(answers_, options_),
        seen ? worker_counts().subspan(workers[i].index() * cells, cells) : std::span(nothing),
        rates);
    add_evidence(rates, reports.subspan(i * answers_, answers_), label);
  }
  softmax(label);
}

void StepwiseDawidSkene::observe(std::span<const WorkerId> workers,
                                 std::span<const double> reports) {
  std::vector<double> label(answers_);
  pool(workers, reports, label);
  fit_workers(workers);
  ++slots_;
  if (workers.empty()) return;
  for (std::size_t a = 0; a < answers_; ++a) answer_counts_[a] += label[a];
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const std::size_t worker = workers[i / answers_].index();
    double* counts = worker_counts_.data() + (worker * answers_ + i % answers_) * answers_;
    for (std::size_t a = 0; a < answers_; ++a) counts[a] += label[a] * reports[i];
  }
}

void StepwiseDawidSkene::fit_workers(std::span<const WorkerId> workers) {
  const auto last = std::ranges::max_element(workers);
  if (last == workers.end()) return;
  const std::size_t needed = (last->index() + 1) * answers_ * answers_;
  if (needed > worker_counts_.size()) worker_counts_.resize(needed, 0.0);
}

void StepwiseDawidSkene::confusion(WorkerId worker, std::span<double> table) const {
  const std::size_t cells = answers_ * answers_;
  assert(table.size() == cells);
  std::vector<double> counts(cells, 0.0);
  if ((worker.index() + 1) * cells <= worker_counts_.size())
    std::ranges::copy(worker_counts().subspan(worker.index() * cells, cells), counts.begin());
  std::vector<double> rates(cells);
  rates_from_counts(rule_of(answers_, options_), counts, rates);
  for (std::size_t cell = 0; cell < cells; ++cell)
    table[cell % answers_ * answers_ + cell / answers_] = rates[cell];
}

void StepwiseDawidSkene::prior(std::span<double> shares) const {
  shares_from_counts(rule_of(answers_, options_), answer_counts_, shares);
}

void StepwiseDawidSkene::replace_counts(std::vector<double> answer_counts,
                                        std::vector<double> worker_counts) {
  assert(answer_counts.size() == answers_ && worker_counts.size() % (answers_ * answers_) == 0);
  answer_counts_ = std::move(answer_counts);
  worker_counts_ = std::move(worker_counts);
}

OnlineDawidSkene::OnlineDawidSkene(std::size_t answers, const OnlineDawidSkeneOptions& options)
    : options_(options), counts_(answers, options), table_(answers) {}

void OnlineDawidSkene::observe(std::span<const WorkerId> workers, std::span<const double> reports) {
  counts_.observe(workers, reports);
  table_.add_slot(workers, reports);
  if (due()) run_em();
}

bool OnlineDawidSkene::due() const {
  return slots() <= options_.every_slot_until ||
         static_cast<double>(slots()) >= options_.growth * static_cast<double>(slots_at_last_run_);
}

void OnlineDawidSkene::run_em() {
  Em em(table_, rule_of(answers(), options_),
        {options_.iterations, options_.tolerance, options_.threads});
  const auto answer_counts = counts_.answer_counts();
  const auto worker_counts = counts_.worker_counts();
  em.start_from_counts({answer_counts.begin(), answer_counts.end()},
                       {worker_counts.begin(), worker_counts.end()});
  em.run();
  counts_.replace_counts(std::move(em.state().answer_counts), std::move(em.state().counts));
  slots_at_last_run_ = slots();
  ++runs_;
}

}  // namespace candor::baseline
