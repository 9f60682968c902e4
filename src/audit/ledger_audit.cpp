#include "candor/audit/ledger_audit.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>

#include "audit/ledger_distortion.h"
#include "audit/ledger_rerun.h"
#include "candor/base/parallel.h"
#include "candor/base/progress.h"
#include "candor/evaluation/result_json.h"

namespace candor::audit {
namespace {

// A worker's answers put through one distortion.
struct Distorted {
  std::vector<double> loss;  // [answers]
  double price = 0.0;
  double expected = 0.0;  // loss above the honest one, if the reports are right beliefs
  double variance = 0.0;
  double observed = 0.0;  // loss above the honest one
};

class WorkerRun {
 public:
  WorkerRun(const Trace& trace, const OwnAnswers& own) : trace_(trace), own_(own) {
    honest_.resize(own.slot.size());
    for (std::size_t n = 0; n < honest_.size(); ++n) honest_[n] = trace.loss[own.report_at[n]];
  }
  Earnings honest() { return rerun(trace_, own_, honest_, &stake_); }

  DistortionResult try_out(const Distortion& distortion) const {
    const Distorted changed = distorted(distortion);
    DistortionResult result{0, rerun(trace_, own_, changed.loss, nullptr), {}, {}};
    if (trace_.spec.weight_rule == "weighted-score")
      result.price = changed.price * (1.0 - trace_.spec.weighted_score.share);
    if (changed.variance > 1e-18)
      result.surprise = (changed.expected - changed.observed) / std::sqrt(changed.variance);
    return result;
  }

 private:
  // The mean of the others' rows; the own one where there are none.
  std::vector<double> others(std::size_t n) const {
    const std::size_t slot = own_.slot[n];
    const auto own_row = trace_.row(own_.report_at[n]);
    std::vector<double> mean(own_row.begin(), own_row.end());
    if (trace_.reports_in(slot) < 2) return mean;
    std::fill(mean.begin(), mean.end(), 0.0);
    for (std::size_t at = trace_.start[slot]; at < trace_.start[slot + 1]; ++at)
      for (std::size_t k = 0; at != own_.report_at[n] && k < mean.size(); ++k)
        mean[k] += trace_.row(at)[k];
    for (double& value : mean) value /= static_cast<double>(trace_.reports_in(slot) - 1);
    return mean;
  }
  Distorted distorted(const Distortion& distortion) const {
    Distorted changed;
    changed.loss = honest_;
    std::vector<double> row;
    for (std::size_t n = 0; n < own_.slot.size(); ++n) {
      if (!trace_.is_settled[own_.slot[n]]) continue;
      const auto report = trace_.row(own_.report_at[n]);
      row.assign(report.begin(), report.end());
      const bool copies = distortion.kind == Distortion::Kind::copy;
      distort(distortion, copies ? others(n) : row, trace_.spec.loss, row);
      changed.loss[n] = trace_.judge->loss(row, trace_.outcome_of(own_.slot[n]));
      changed.observed += changed.loss[n] - honest_[n];
      foresee(n, report, row, changed);
    }
    return changed;
  }
  // How likely each outcome is to be revealed, if the report is right about the truth.
  std::vector<double> chance_of_outcomes(std::span<const double> report) const {
    const std::vector<double>& errors = trace_.spec.outcome_errors;
    const std::size_t answers = report.size();
    if (errors.empty()) return {report.begin(), report.end()};
    if (answers == 2) {
      const double first = report[0] * (1.0 - errors[0]) + report[1] * errors[1];
      return {first, 1.0 - first};
    }
    std::vector<double> chance(answers, 0.0);
    for (std::size_t truth = 0; truth < answers; ++truth)
      for (std::size_t k = 0; k < answers; ++k)
        chance[k] += report[truth] * errors[truth * answers + k];
    return chance;
  }
  // What the change should do, by the worker's own report.
  void foresee(std::size_t n, std::span<const double> report, std::span<const double> row,
               Distorted& changed) const {
    const std::vector<double> chance = chance_of_outcomes(report);
    std::vector<double> certain(report.size(), 0.0);
    double mean = 0.0;
    double square = 0.0;
    for (std::size_t k = 0; k < report.size(); ++k) {
      certain[k] = 1.0;
      const double more = trace_.judge->loss(row, certain) - trace_.judge->loss(report, certain);
      certain[k] = 0.0;
      mean += chance[k] * more;
      square += chance[k] * more * more;
    }
    changed.expected += mean;
    changed.variance += std::max(0.0, square - mean * mean);
    if (!stake_.empty()) changed.price += stake_[n] * mean;
  }

  const Trace& trace_;
  const OwnAnswers& own_;
  std::vector<double> honest_;  // [answers] losses
  std::vector<double> stake_;   // [answers] g (1 - g/G)
};

std::vector<OwnAnswers> most_answers(const Trace& trace, std::size_t workers) {
  std::vector<OwnAnswers> own = answers_by_worker(trace);
  std::stable_sort(own.begin(), own.end(), [](const OwnAnswers& a, const OwnAnswers& b) {
    return a.slot.size() > b.slot.size();
  });
  if (workers > 0 && workers < own.size()) own.resize(workers);
  return own;
}

WorkerAudit honest_audit(const Trace& trace, const OwnAnswers& own) {
  WorkerAudit audit;
  audit.worker = own.worker;
  audit.name = trace.worker_names[own.worker.index()];
  audit.slots = own.slot.size();
  for (const std::uint32_t slot : own.slot) audit.settled += trace.is_settled[slot] ? 1 : 0;
  return audit;
}

// Runs that are equal to the ledger's own prove that the others may be believed.
Status check_baseline(const Trace& trace, const WorkerAudit& audit) {
  const std::size_t i = audit.worker.index();
  if (audit.honest.final_weight == trace.final_weight[i] &&
      audit.honest.paid_micro == trace.balance_micro[i])
    return {};
  return Error{ErrorCode::corrupt, "another weight or pay than the ledger's own"}
      .in_field("worker " + audit.name)
      .expecting("the recorded campaign, when nothing is distorted")
      .way("this is a fault of the program: please report it with the ledger");
}

// Every distortion for every worker, each into its own place.
void try_all(const Trace& trace, const std::vector<Distortion>& family,
             const std::vector<WorkerRun>& runs, const LedgerAuditOptions& options,
             LedgerAudit& audit) {
  const std::size_t jobs = runs.size() * family.size();
  std::optional<Progress> line;
  if (options.progress) line.emplace("audit", "reports", jobs * trace.worker.size());
  std::mutex drawing;
  std::uint64_t done = 0;
  for_each_block(jobs, options.threads, [&](std::size_t job) {
    const std::size_t d = job % family.size();
    DistortionResult& result = audit.workers[job / family.size()].tried[d];
    result = runs[job / family.size()].try_out(family[d]);
    result.distortion = d;
    const std::lock_guard lock(drawing);
    done += trace.worker.size();
    if (line) line->advance(done);
  });
}

}  // namespace

std::string_view name_of(Measure measure) {
  switch (measure) {
    case Measure::final_weight:
      return "final_weight";
    case Measure::mean_weight:
      return "mean_weight";
    case Measure::pay:
      break;
  }
  return "pay";
}

double Earnings::of(Measure measure) const {
  if (measure == Measure::final_weight) return final_weight;
  if (measure == Measure::mean_weight) return mean_weight;
  return static_cast<double>(paid_micro);
}

WorkerAudit::Best WorkerAudit::best_of(Measure measure) const {
  const auto best = std::max_element(
      tried.begin(), tried.end(), [measure](const DistortionResult& a, const DistortionResult& b) {
        return a.earned.of(measure) < b.earned.of(measure);
      });
  return {best->distortion, best->earned.of(measure) - honest.of(measure)};
}

Result<LedgerAudit> audit_ledger(const std::string& path, const LedgerAuditOptions& options) {
  CANDOR_TRY(const Trace trace, read_trace(path));
  const std::vector<Distortion> family = distortion_family(trace.answers);
  const std::vector<OwnAnswers> own = most_answers(trace, options.workers);

  LedgerAudit audit{trace.campaign,
                    evaluation::describe(trace.spec),
                    trace.answers,
                    {},
                    trace.spec.slot_budget_micro > 0,
                    trace.worker_names.size(),
                    trace.slots(),
                    trace.settled,
                    {}};
  for (const Distortion& distortion : family) audit.distortions.push_back(distortion.name);

  std::vector<WorkerRun> runs;
  for (const OwnAnswers& one : own) {
    runs.emplace_back(trace, one);
    audit.workers.push_back(honest_audit(trace, one));
    audit.workers.back().tried.resize(family.size());
  }
  for_each_block(own.size(), options.threads,
                 [&](std::size_t i) { audit.workers[i].honest = runs[i].honest(); });
  for (const WorkerAudit& worker : audit.workers) CANDOR_CHECK(check_baseline(trace, worker));

  try_all(trace, family, runs, options, audit);
  return audit;
}

}  // namespace candor::audit
