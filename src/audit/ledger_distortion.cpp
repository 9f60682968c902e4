#include "audit/ledger_distortion.h"

#include <algorithm>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::audit {
namespace {

using Kind = Distortion::Kind;

// In the log domain a probability of 0 stays 0 and a certain report stays certain.
void rescale(std::span<double> report, double factor, double shift, std::size_t answer) {
  for (double& value : report) value = factor * portable_log(value);
  report[answer] += shift;
  softmax(report);
}

void bet_everything(std::span<double> report) {
  constexpr double tie = 1e-12;
  const double top = *std::max_element(report.begin(), report.end());
  for (double& value : report) value = value >= top - tie ? 1.0 : 0.0;
  normalise(report);
}

void change(const Distortion& distortion, std::span<const double> others,
            std::span<double> report) {
  const auto answers = static_cast<double>(report.size());
  switch (distortion.kind) {
    case Kind::scale:
      return rescale(report, distortion.amount, 0.0, 0);
    case Kind::toward:
      return rescale(report, 1.0, distortion.amount, distortion.answer);
    case Kind::all_in:
      return bet_everything(report);
    case Kind::flip:
      for (double& value : report) value = (1.0 - value) / (answers - 1.0);
      return;
    case Kind::always:
      std::fill(report.begin(), report.end(), 0.0);
      report[distortion.answer] = 1.0;
      return;
    case Kind::even:
      std::fill(report.begin(), report.end(), 1.0 / answers);
      return;
    case Kind::copy:
      std::copy(others.begin(), others.end(), report.begin());
      return;
  }
}

// What the loss rule would refuse is moved inside its range.
void keep_above_floor(const scoring::LossRule& loss, std::span<double> report) {
  if (loss.kind != scoring::LossRule::Kind::clipped_log) return;
  if (*std::min_element(report.begin(), report.end()) >= loss.floor) return;
  const double part = 1.0 - static_cast<double>(report.size()) * loss.floor;
  for (double& value : report) value = part * value + loss.floor;
}

}  // namespace

std::vector<Distortion> distortion_family(const std::vector<std::string>& answers) {
  std::vector<Distortion> family;
  for (const double k : {.25, .5, 2.0, 4.0})
    family.push_back({Kind::scale, k, 0, "log-odds x " + number_text(k)});
  family.push_back({Kind::all_in, 0, 0, "all in"});
  for (std::size_t a = 0; a < answers.size(); ++a)
    for (const double s : {.5, 1.0, 2.0})
      family.push_back({Kind::toward, s, a, "toward " + answers[a] + " by " + number_text(s)});
  family.push_back({Kind::flip, 0, 0, "flip"});
  for (std::size_t a = 0; a < answers.size(); ++a)
    family.push_back({Kind::always, 0, a, "always " + answers[a]});
  family.push_back({Kind::even, 0, 0, "always even"});
  family.push_back({Kind::copy, 0, 0, "copy the others"});
  return family;
}

void distort(const Distortion& distortion, std::span<const double> others,
             const scoring::LossRule& loss, std::span<double> report) {
  change(distortion, others, report);
  keep_above_floor(loss, report);
}

}  // namespace candor::audit
