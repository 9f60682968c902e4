#include "baseline/em.h"

#include <algorithm>
#include <utility>

#include "baseline/blocks.h"
#include "candor/base/math.h"

namespace candor::baseline {
namespace {

void add_scaled(double factor, const double* from, double* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) to[i] += factor * from[i];
}

// Scores in, probabilities out; returns ln sum exp(scores).
double probabilities_from_scores(std::span<double> scores) {
  const double top = *std::ranges::max_element(scores);
  double total = 0.0;
  for (double& score : scores) total += score = portable_exp(score - top);
  for (double& score : scores) score /= total;
  return top + portable_log(total);
}

// The same for two answers, with one exponential and one division.
double probabilities_from_two_scores(double* scores) {
  const bool second = scores[1] > scores[0];
  const double top = scores[second ? 1 : 0];
  const double ratio = portable_exp(scores[second ? 0 : 1] - top);
  const double likelier = 1.0 / (1.0 + ratio);
  scores[second ? 1 : 0] = likelier;
  scores[second ? 0 : 1] = ratio * likelier;
  return top + portable_log(1.0 + ratio);
}

void mean_report(const ReportTable& table, std::size_t slot, std::span<double> mean) {
  std::ranges::fill(mean, 0.0);
  for (const std::uint32_t code : table.slot(slot).codes)
    add_scaled(1.0, table.palette_row(code).data(), mean.data(), mean.size());
  normalise(mean);
}

// Expected counts of one worker, any reports: counts[b, a] += y(a) r(b).
void count_reports(const ReportTable& table, const WorkerReports& view, std::size_t worker,
                   const double* posterior, double* counts) {
  const std::size_t answers = table.answers();
  for (std::size_t i = view.begin[worker]; i < view.begin[worker + 1]; ++i) {
    const double* y = posterior + view.slots[i] * answers;
    const std::uint32_t code = view.codes[i];
    if (table.is_label(code)) {
      add_scaled(1.0, y, counts + code * answers, answers);
      continue;
    }
    const auto row = table.palette_row(code);
    for (std::size_t b = 0; b < answers; ++b)
      if (row[b] > 0.0) add_scaled(row[b], y, counts + b * answers, answers);
  }
}

// The same for two answers and labels only, without branches: four sums in registers.
void count_two_labels(const WorkerReports& view, std::size_t worker, const double* posterior,
                      double* counts) {
  double zero0 = 0.0, zero1 = 0.0, one0 = 0.0, one1 = 0.0;
  const std::uint32_t* slots = view.slots.data();
  const std::uint32_t* codes = view.codes.data();
  for (std::size_t i = view.begin[worker], end = view.begin[worker + 1]; i < end; ++i) {
    const double* y = posterior + std::size_t{slots[i]} * 2;
    const double one = static_cast<double>(static_cast<std::int32_t>(codes[i]));
    const double zero = 1.0 - one;
    zero0 += y[0] * zero;
    zero1 += y[1] * zero;
    one0 += y[0] * one;
    one1 += y[1] * one;
  }
  counts[0] = zero0;
  counts[1] = zero1;
  counts[2] = one0;
  counts[3] = one1;
}

}  // namespace

Em::Em(const ReportTable& table, const TableRule& rule, const EmLimits& limits)
    : table_(table), rule_(rule), limits_(limits), by_worker_(by_worker(table)) {
  const std::size_t cells = table.workers() * rule.answers * rule.answers;
  state_.posterior.resize(table.slots() * rule.answers);
  state_.answer_counts.resize(rule.answers);
  state_.counts.resize(cells);
  state_.log_prior.resize(rule.answers);
  state_.log_rates.resize(cells);
}

void Em::start_from_votes() {
  for_each_range(
      table_.slots(), slots_in_range, limits_.threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t slot = begin; slot < end; ++slot)
          mean_report(table_, slot,
                      std::span(state_.posterior).subspan(slot * rule_.answers, rule_.answers));
      });
  m_step();
}

void Em::start_from_counts(std::vector<double> answer_counts, std::vector<double> counts) {
  state_.answer_counts = std::move(answer_counts);
  state_.counts = std::move(counts);
  make_prior();
  make_tables(false);
}

EmTrace Em::run() {
  EmTrace trace;
  const double reports = static_cast<double>(std::max<std::size_t>(1, table_.reports()));
  while (!trace.converged && trace.objective.size() < limits_.iterations) {
    const double objective = state_.log_density + e_step();
    const bool first = trace.objective.empty();
    trace.converged = !first && (objective - trace.objective.back()) / reports < limits_.tolerance;
    trace.objective.push_back(objective);
    m_step();
  }
  return trace;
}

double Em::e_step() {
  return sum_over_ranges(
      table_.slots(), slots_in_range, limits_.threads, [&](std::size_t begin, std::size_t end) {
        return rule_.answers == 2 ? e_step_range<2>(begin, end) : e_step_range<0>(begin, end);
      });
}

// Fixed: the number of answers where it is known to the compiler, else 0.
template <std::size_t Fixed>
double Em::e_step_range(std::size_t begin, std::size_t end) {
  const std::size_t answers = Fixed != 0 ? Fixed : rule_.answers;
  double total = 0.0;
  for (std::size_t slot = begin; slot < end; ++slot) {
    double* score = state_.posterior.data() + slot * answers;
    score_slot<Fixed>(slot, score);
    if constexpr (Fixed == 2)
      total += probabilities_from_two_scores(score);
    else
      total += probabilities_from_scores({score, answers});
  }
  return total;
}

template <std::size_t Fixed>
void Em::score_slot(std::size_t slot, double* score) const {
  const std::size_t answers = Fixed != 0 ? Fixed : rule_.answers;
  const WorkerId* workers = table_.worker_ids().data();
  const std::uint32_t* codes = table_.codes().data();
  std::copy_n(state_.log_prior.data(), answers, score);
  for (std::size_t i = table_.slot_begin()[slot], end = table_.slot_begin()[slot + 1]; i < end;
       ++i) {
    const double* rates = state_.log_rates.data() + workers[i].index() * answers * answers;
    const std::uint32_t code = codes[i];
    if (code < answers) {
      for (std::size_t a = 0; a < answers; ++a) score[a] += rates[code * answers + a];
      continue;
    }
    const auto row = table_.palette_row(code);
    for (std::size_t b = 0; b < answers; ++b)
      if (row[b] > 0.0) add_scaled(row[b], rates + b * answers, score, answers);
  }
}

void Em::m_step() {
  count_answers();
  make_prior();
  make_tables(true);
}

void Em::count_answers() {
  const std::size_t answers = rule_.answers;
  for (std::size_t a = 0; a < answers; ++a) {
    state_.answer_counts[a] = sum_over_ranges(
        table_.slots(), slots_in_range, limits_.threads, [&](std::size_t begin, std::size_t end) {
          double total = 0.0;
          for (std::size_t slot = begin; slot < end; ++slot)
            if (table_.slot_begin()[slot] < table_.slot_begin()[slot + 1])
              total += state_.posterior[slot * answers + a];
          return total;
        });
  }
}

void Em::make_prior() {
  shares_from_counts(rule_, state_.answer_counts, state_.log_prior);
  for (double& share : state_.log_prior) share = portable_log(share);
}

// Every worker's table, and the density of all parameters. recount: from the present posterior.
void Em::make_tables(bool recount) {
  state_.log_density = sum_over_ranges(table_.workers(), workers_in_range, limits_.threads,
                                       [&](std::size_t begin, std::size_t end) {
                                         double total = 0.0;
                                         for (std::size_t w = begin; w < end; ++w) {
                                           if (recount) count_worker(w);
                                           total += make_table(w);
                                         }
                                         return total;
                                       });
  for (const double log_share : state_.log_prior)
    state_.log_density += rule_.smoothing.answer * log_share;
}

double Em::make_table(std::size_t worker) {
  const std::size_t cells = rule_.answers * rule_.answers;
  const auto log_rates = std::span(state_.log_rates).subspan(worker * cells, cells);
  rates_from_counts(rule_, std::span(state_.counts).subspan(worker * cells, cells), log_rates);
  for (double& rate : log_rates) rate = portable_log(rate);
  return log_density(rule_, log_rates);
}

void Em::count_worker(std::size_t worker) {
  const std::size_t cells = rule_.answers * rule_.answers;
  double* counts = state_.counts.data() + worker * cells;
  if (rule_.answers == 2 && table_.only_labels())
    return count_two_labels(by_worker_, worker, state_.posterior.data(), counts);
  std::fill_n(counts, cells, 0.0);
  count_reports(table_, by_worker_, worker, state_.posterior.data(), counts);
}

}  // namespace candor::baseline
