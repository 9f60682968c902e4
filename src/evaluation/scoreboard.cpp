#include "candor/evaluation/scoreboard.h"

#include <algorithm>

#include "candor/base/math.h"
#include "candor/scoring/loss_rule.h"
#include "candor/scoring/probability.h"

namespace candor::evaluation {
namespace {

constexpr double log_floor = 1e-12;

double log_loss_of(std::span<const double> label, std::span<const double> outcome) {
  double total = 0.0;
  for (std::size_t k = 0; k < label.size(); ++k)
    if (outcome[k] > 0.0) total -= outcome[k] * portable_log(std::max(label[k], log_floor));
  return total;
}

std::optional<double> mean(double total, std::uint64_t count) {
  if (count == 0) return std::nullopt;
  return total / static_cast<double>(count);
}

}  // namespace

void Score::charge(std::span<const double> label, std::span<const double> outcome) {
  ++slots;
  loss += scoring::quadratic_loss(label, outcome);
  log_loss += log_loss_of(label, outcome);
  if (!scoring::is_certain(outcome)) return;
  ++certain;
  credit += scoring::accuracy_credit(label, outcome);
}

std::optional<double> Score::brier() const {
  return mean(loss, slots);
}
std::optional<double> Score::mean_log_loss() const {
  return mean(log_loss, slots);
}
std::optional<double> Score::accuracy() const {
  return mean(credit, certain);
}

void Reliability::add(std::span<const double> label, std::span<const double> outcome) {
  const std::size_t shown = label.size() == 2 ? 1 : label.size();
  for (std::size_t k = 0; k < shown; ++k) {
    const auto slice = static_cast<std::size_t>(label[k] * static_cast<double>(bins.size()));
    Bin& bin = bins[std::min(slice, bins.size() - 1)];
    bin.predicted += label[k];
    bin.observed += outcome[k];
    ++bin.count;
  }
}

Scoreboard::Scoreboard(std::vector<std::string> methods, bool with_workers)
    : methods_(std::move(methods)),
      with_workers_(with_workers),
      scores_(methods_.size()),
      reliability_(methods_.size()),
      regrets_(methods_.size()),
      method_loss_(methods_.size()) {}

void Scoreboard::record(const pooling::SlotView& slot, std::span<const double> labels,
                        std::span<const double> outcome) {
  ++slots_;
  for (std::size_t m = 0; m < methods_.size(); ++m) {
    const auto label = labels.subspan(m * slot.answers, slot.answers);
    scores_[m].charge(label, outcome);
    reliability_[m].add(label, outcome);
    method_loss_[m] = scoring::quadratic_loss(label, outcome);
  }
  record_workers(slot, outcome);
  regrets_.record(slot.worker, worker_loss_, method_loss_);
}

void Scoreboard::record_workers(const pooling::SlotView& slot, std::span<const double> outcome) {
  worker_loss_.resize(slot.size());
  for (std::size_t j = 0; j < slot.size(); ++j) {
    worker_loss_[j] = scoring::quadratic_loss(slot.row(j), outcome);
    if (!with_workers_) continue;
    const std::size_t i = slot.worker[j].index();
    if (i >= worker_scores_.size()) worker_scores_.resize(i + 1);
    worker_scores_[i].charge(slot.row(j), outcome);
  }
}

bool LogSchedule::due(std::uint64_t slot) {
  if (slot < next_) return false;
  next_ = slot + std::max<std::uint64_t>(1, slot / 8);
  return true;
}

}  // namespace candor::evaluation
