#include "candor/align/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace candor::align {
namespace {

// 1 in the right order, 1/2 where equal, 0 in the wrong order.
double agreement(double better, double worse) {
  if (better == worse) return 0.5;
  return better > worse ? 1.0 : 0.0;
}

}  // namespace

std::optional<double> Metrics::find(std::string_view name) const {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const Metric& m) { return m.name == name; });
  if (found == values.end()) return std::nullopt;
  return found->value;
}

void Tally::add(std::string_view name, double sum, double weight) {
  auto found =
      std::find_if(entry_.begin(), entry_.end(), [&](const Entry& e) { return e.name == name; });
  if (found == entry_.end()) found = entry_.insert(entry_.end(), {std::string(name), 0.0, 0.0});
  found->sum += sum;
  found->weight += weight;
}

std::vector<Metric> Tally::means(std::string_view prefix) const {
  std::vector<Metric> out;
  for (const Entry& entry : entry_)
    if (entry.weight > 0.0)
      out.push_back({std::string(prefix) + entry.name, entry.sum / entry.weight});
  return out;
}

void add_pair(Tally& tally, const Objective& objective, const PairTerms& terms,
              const PairLoss& loss) {
  tally.add("loss", loss.value);
  if (loss.clipped) tally.add("clipped", *loss.clipped ? 1.0 : 0.0);
  if (terms.label == 0.5 || terms.weight == 0.0) return;
  const bool a_better = terms.label > 0.5;
  const PairScores reward = objective.rewards(terms);
  const double chosen = a_better ? reward.a : reward.b;
  const double rejected = a_better ? reward.b : reward.a;
  tally.add("rewards/chosen", chosen);
  tally.add("rewards/rejected", rejected);
  tally.add("rewards/margins", chosen - rejected);
  tally.add("rewards/accuracies", agreement(chosen, rejected));
  tally.add("logps/chosen", a_better ? terms.score_a : terms.score_b);
  tally.add("logps/rejected", a_better ? terms.score_b : terms.score_a);
}

Result<Estimate> estimate(std::span<const double> values) {
  if (values.empty())
    return Error{ErrorCode::invalid_argument, "no numbers"}.expecting("at least one");
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  const double error = values.size() < 2 ? 0.0 : std::sqrt(squares / (n - 1.0) / n);
  return Estimate{.mean = mean, .standard_error = error, .count = values.size()};
}

Result<double> ranking_accuracy(std::span<const PairScores> scores,
                                std::span<const double> labels) {
  if (scores.size() != labels.size())
    return Error{ErrorCode::invalid_argument, std::to_string(labels.size()) + " labels"}.expecting(
        "as many as the " + std::to_string(scores.size()) + " pairs");
  double right = 0.0;
  double counted = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == 0.5) continue;
    const auto [a, b] = scores[i];
    right += labels[i] > 0.5 ? agreement(a, b) : agreement(b, a);
    counted += 1.0;
  }
  if (counted == 0.0)
    return Error{ErrorCode::invalid_argument, "no pair with a better answer"}.expecting(
        "a label other than 1/2");
  return right / counted;
}

}  // namespace candor::align
