#include "candor/baseline/dawid_skene.h"

#include <utility>

#include "baseline/em.h"
#include "baseline/options.h"

namespace candor::baseline {
namespace {

Status check(const DawidSkeneOptions& options) {
  const Smoothing& smoothing = options.smoothing;
  const auto count = [](double value) { return value >= 0.0 && value < 1e300; };
  CANDOR_CHECK(require(options.iterations >= 1, "iterations", 0.0, "at least 1"));
  CANDOR_CHECK(require(count(options.tolerance), "tolerance", options.tolerance,
                       "a number >= 0, such as 1e-5"));
  CANDOR_CHECK(require(options.floor > 0.0 && options.floor <= 1e-3, "floor", options.floor,
                       "a number in (0, 0.001]"));
  CANDOR_CHECK(require(count(smoothing.right), "smoothing.right", smoothing.right, "a count >= 0"));
  CANDOR_CHECK(require(count(smoothing.wrong), "smoothing.wrong", smoothing.wrong, "a count >= 0"));
  return require(count(smoothing.answer), "smoothing.answer", smoothing.answer, "a count >= 0");
}

// [K reported, K true] of every worker, turned to [K true, K reported].
std::vector<double> confusion_of(const TableRule& rule, const std::vector<double>& counts) {
  const std::size_t answers = rule.answers;
  const std::size_t cells = answers * answers;
  std::vector<double> rates(cells);
  std::vector<double> confusion(counts.size());
  for (std::size_t first = 0; first < counts.size(); first += cells) {
    rates_from_counts(rule, std::span(counts).subspan(first, cells), rates);
    for (std::size_t cell = 0; cell < cells; ++cell)
      confusion[first + cell % answers * answers + cell / answers] = rates[cell];
  }
  return confusion;
}

std::vector<double> accuracy_of(std::size_t answers, const std::vector<double>& confusion) {
  std::vector<double> accuracy;
  for (std::size_t first = 0; first < confusion.size(); first += answers * answers)
    accuracy.push_back(confusion[first]);
  return accuracy;
}

}  // namespace

Result<DawidSkeneResult> dawid_skene(const ReportTable& table, const DawidSkeneOptions& options) {
  CANDOR_CHECK(check(options));
  const TableRule rule{table.answers(), options.model, options.smoothing, options.floor};
  Em em(table, rule, {options.iterations, options.tolerance, options.threads});
  em.start_from_votes();
  EmTrace trace;
  trace.converged = table.reports() == 0;
  if (!trace.converged) trace = em.run();

  DawidSkeneResult result;
  result.answers = table.answers();
  result.prior.resize(table.answers());
  shares_from_counts(rule, em.state().answer_counts, result.prior);
  result.confusion = confusion_of(rule, em.state().counts);
  if (options.model == ConfusionModel::one_coin)
    result.accuracy = accuracy_of(table.answers(), result.confusion);
  result.posterior = std::move(em.state().posterior);
  result.iterations = trace.objective.size();
  result.objective = std::move(trace.objective);
  result.converged = trace.converged;
  return result;
}

}  // namespace candor::baseline
