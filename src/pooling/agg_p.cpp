#include "candor/pooling/agg_p.h"

#include <cassert>
#include <cmath>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/scoring/probability.h"
#include "pooling/agg_p_logs.h"

namespace candor::pooling {

Status AggP::check() const {
  if (std::isnan(alpha)) {
    return Error{ErrorCode::invalid_argument, "nan"}
        .in_field("alpha")
        .expecting("a number, or plus or minus infinity")
        .way("1 takes the mean of the reports");
  }
  if (floor > 0.0 && floor < 0.5) return {};
  return Error{ErrorCode::out_of_range, number_text(floor)}
      .in_field("floor")
      .expecting("a number in (0,0.5): the least probability that a report may hold")
      .way("0.001 suits most crowds");
}

Status AggP::check_report(std::span<const double> report) const {
  CANDOR_CHECK(scoring::check_probabilities(report, "report"));
  if (alpha > 0.0) return {};
  for (std::size_t k = 0; k < report.size(); ++k) {
    if (report[k] >= floor) continue;
    return Error{ErrorCode::out_of_range, number_text(report[k])}
        .in_field("report[" + std::to_string(k) + "]")
        .expecting("at least " + number_text(floor) + ", as alpha is " + number_text(alpha) +
                   ": with alpha at or below 0 a report near 0 decides alone")
        .way("report a probability from the floor up, or choose alpha above 0");
  }
  return {};
}

void agg_p(const AggP& rule, std::span<const double> report, std::span<double> label) {
  const std::size_t answers = label.size();
  assert(answers >= 2 && !report.empty() && report.size() % answers == 0);
  std::vector<double> log_p(report.size() / answers);
  for (std::size_t k = 0; k < answers; ++k) {
    for (std::size_t j = 0; j < log_p.size(); ++j) log_p[j] = portable_log(report[j * answers + k]);
    label[k] = log_power_mean(rule.alpha, log_p);
  }
  softmax(label);
}

std::vector<double> sums_without_each(std::span<const double> value) {
  std::vector<double> out(value.size());
  double before = 0.0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    out[i] = before;
    before += value[i];
  }
  double after = 0.0;
  for (std::size_t i = value.size(); i-- > 0;) {
    out[i] += after;
    after += value[i];
  }
  return out;
}

}  // namespace candor::pooling
