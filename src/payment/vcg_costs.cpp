#include "candor/payment/vcg_costs.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "candor/base/text.h"

namespace candor::payment {
namespace {

constexpr double relative_error = 1e-12;
constexpr double int64_limit = 0x1p63;

Status check_shape(const pooling::AggP& rule, std::size_t answers, std::size_t probabilities) {
  if (!std::isfinite(rule.alpha)) {
    return Error{ErrorCode::invalid_argument, number_text(rule.alpha)}
        .in_field("alpha")
        .expecting("a finite number: there is no divergence to charge by at infinity")
        .way("a large alpha comes as close as wanted");
  }
  if (answers >= 2 && probabilities % answers == 0 && probabilities / answers >= 2) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(probabilities) + " probabilities over " +
                                                std::to_string(answers) + " answers"}
      .in_field("reports")
      .expecting("reports of two workers or more, each a probability for each of 2 or more answers")
      .way("charge once a second worker has reported");
}

Status check_reports(const pooling::AggP& rule, std::size_t answers,
                     std::span<const double> report) {
  for (std::size_t j = 0; j * answers < report.size(); ++j) {
    Status status = rule.check_report(report.subspan(j * answers, answers));
    if (status.ok()) continue;
    Error error = status.error();
    error.field = "worker " + std::to_string(j) + ", " + error.field;
    return error;
  }
  return {};
}

Error too_far_apart(double alpha) {
  return Error{ErrorCode::out_of_range, "reports further apart than a double can say"}
      .in_field("reports")
      .expecting("divergences that are finite at alpha = " + number_text(alpha))
      .way("choose alpha nearer to 0 to 1, or a higher floor");
}

// [n] D_alpha(P_i || label)
std::vector<double> divergences(double alpha, std::span<const double> report,
                                std::span<const double> label) {
  const std::size_t answers = label.size();
  std::vector<double> out(report.size() / answers);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = pooling::amari_divergence(alpha, report.subspan(i * answers, answers), label);
  return out;
}

}  // namespace

Result<VcgCosts> vcg_costs(const pooling::AggP& rule, std::size_t answers,
                           std::span<const double> report) {
  CANDOR_CHECK(rule.check());
  CANDOR_CHECK(check_shape(rule, answers, report.size()));
  CANDOR_CHECK(check_reports(rule, answers, report));
  VcgCosts vcg;
  vcg.label.resize(answers);
  pooling::agg_p(rule, report, vcg.label);
  const std::vector<double> divergence = divergences(rule.alpha, report, vcg.label);
  const std::vector<double> least = pooling::least_divergence_without_each(rule, report, answers);
  vcg.cost = pooling::sums_without_each(divergence);
  double all = 1.0;
  for (const double value : divergence) all += value;
  vcg.error = relative_error * all;
  for (std::size_t i = 0; i < vcg.cost.size(); ++i)
    vcg.cost[i] = std::max(0.0, vcg.cost[i] - least[i]);  // below 0 by rounding only
  if (!std::isfinite(all)) return too_far_apart(rule.alpha);
  return vcg;
}

Result<std::vector<std::int64_t>> charges_micro(const VcgCosts& vcg, std::int64_t value_micro) {
  if (value_micro < 0) {
    return Error{ErrorCode::out_of_range, std::to_string(value_micro)}
        .in_field("value of one unit of divergence")
        .expecting("micro-units, 0 or more")
        .way("ask what a worker would pay to bring the label nearer to its opinion");
  }
  std::vector<std::int64_t> charge(vcg.cost.size());
  for (std::size_t i = 0; i < charge.size(); ++i) {
    // The product may be rounded up by 2^-53 of itself, less than what relative_error takes off.
    const double surely = std::max(0.0, (1.0 - relative_error) * vcg.cost[i] - vcg.error);
    const double exact = static_cast<double>(value_micro) * surely;
    if (!(exact < int64_limit)) {
      return Error{ErrorCode::out_of_range, number_text(exact)}
          .in_field("charge of worker " + std::to_string(i))
          .expecting("less than 2^63 micro-units")
          .way("state the value of a unit of divergence in smaller numbers");
    }
    charge[i] = static_cast<std::int64_t>(exact);
  }
  return charge;
}

}  // namespace candor::payment
