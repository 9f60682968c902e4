#include "candor/scoring/loss_rule.h"

#include <cmath>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/scoring/probability.h"

namespace candor::scoring {
namespace {

constexpr std::string_view quadratic_name = "quadratic";
constexpr std::string_view spherical_name = "spherical";
constexpr std::string_view clipped_log_name = "clipped-log";

double spherical_loss(std::span<const double> report, std::span<const double> outcome) {
  double along = 0.0;
  double squares = 0.0;
  for (std::size_t k = 0; k < report.size(); ++k) {
    along += outcome[k] * report[k];
    squares += report[k] * report[k];
  }
  return 1.0 - along / std::sqrt(squares);
}

double clipped_log_loss(std::span<const double> report, std::span<const double> outcome,
                        double floor) {
  double total = 0.0;
  for (std::size_t k = 0; k < report.size(); ++k) {
    if (outcome[k] > 0.0) total += outcome[k] * portable_log(report[k]);
  }
  return total / portable_log(floor);
}

Error unknown_rule(std::string_view text) {
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field("loss rule")
      .expecting("quadratic, spherical or clipped-log(FLOOR) with FLOOR in (0,0.5)")
      .way("choose one of these");
}

}  // namespace

double quadratic_loss(std::span<const double> report, std::span<const double> outcome) {
  if (report.size() == 2) {
    const double miss = report[0] - outcome[0];
    return miss * miss;
  }
  double squares = 0.0;
  for (std::size_t k = 0; k < report.size(); ++k) {
    const double miss = report[k] - outcome[k];
    squares += miss * miss;
  }
  return 0.5 * squares;
}

Result<LossRule> LossRule::parse(std::string_view text) {
  if (text == quadratic_name) return LossRule{Kind::quadratic};
  if (text == spherical_name) return LossRule{Kind::spherical};
  if (text == clipped_log_name) return LossRule{Kind::clipped_log};
  if (text.starts_with(clipped_log_name) && text.ends_with(')')) {
    const std::string_view inner = text.substr(clipped_log_name.size());
    const auto floor = parse_number(inner.substr(1, inner.size() - 2));
    if (inner.front() == '(' && floor && *floor > 0.0 && *floor < 0.5)
      return LossRule{Kind::clipped_log, *floor};
  }
  return unknown_rule(text);
}

std::string_view LossRule::name() const {
  if (kind == Kind::quadratic) return quadratic_name;
  return kind == Kind::spherical ? spherical_name : clipped_log_name;
}

Status LossRule::check_report(std::span<const double> report) const {
  CANDOR_CHECK(check_probabilities(report, "report"));
  if (kind != Kind::clipped_log) return {};
  for (const double value : report) {
    if (value < floor) {
      return Error{ErrorCode::out_of_range, number_text(value)}
          .in_field("report")
          .expecting("every probability at least the loss rule's floor " + number_text(floor))
          .way("choose a smaller floor, or the quadratic rule, which takes any probability");
    }
  }
  return {};
}

double LossRule::operator()(std::span<const double> report, std::span<const double> outcome) const {
  switch (kind) {
    case Kind::spherical:
      return spherical_loss(report, outcome);
    case Kind::clipped_log:
      return clipped_log_loss(report, outcome, floor);
    case Kind::quadratic:
      break;
  }
  return quadratic_loss(report, outcome);
}

}  // namespace candor::scoring
