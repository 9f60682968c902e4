#include "train_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace candor::app {
namespace {

using align::Metric;
using align::Metrics;

bool is_held_out(const std::string& name) {
  return name.starts_with("eval_");
}

Metric& entry(std::vector<Metric>& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  if (found != values.end()) return *found;
  return values.emplace_back(Metric{name, 0.0});
}

double count_of(std::span<const Metrics> stretch, const std::string& name) {
  return static_cast<double>(std::count_if(
      stretch.begin(), stretch.end(), [&](const Metrics& m) { return m.find(name).has_value(); }));
}

// Means over a stretch; held-out metrics and what only grows: the last.
Metrics point_of(std::span<const Metrics> stretch) {
  Metrics point{stretch.back().step, {}};
  for (const Metrics& step : stretch)
    for (const Metric& metric : step.values) {
      Metric& sum = entry(point.values, metric.name);
      const bool last = is_held_out(metric.name) || metric.name == "epoch";
      sum.value = last ? metric.value : sum.value + metric.value;
    }
  for (Metric& metric : point.values)
    if (!is_held_out(metric.name) && metric.name != "epoch")
      metric.value /= count_of(stretch, metric.name);
  return point;
}

struct Column {
  const char* name;
  const char* title;
};
constexpr std::array<Column, 8> columns = {{{"loss", "loss"},
                                            {"rewards/accuracies", "accuracy"},
                                            {"rewards/margins", "margin"},
                                            {"eval_loss", "eval loss"},
                                            {"eval_rewards/accuracies", "accuracy"},
                                            {"eval_rewards/margins", "margin"},
                                            {"grad_norm", "gradient"},
                                            {"learning_rate", "rate"}}};

std::vector<Column> columns_of(const std::vector<Metrics>& curve) {
  std::vector<Column> there;
  for (const Column& column : columns)
    if (std::any_of(curve.begin(), curve.end(),
                    [&](const Metrics& m) { return m.find(column.name).has_value(); }))
      there.push_back(column);
  return there;
}

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{:>11.4g}", *value) : fmt::format("{:>11}", "-");
}

}  // namespace

std::vector<Metrics> curve_of(const std::vector<Metrics>& steps, std::size_t rows) {
  std::vector<Metrics> curve;
  const std::size_t points = std::min(rows, steps.size());
  for (std::size_t i = 0; i < points; ++i) {
    const std::size_t from = i * steps.size() / points;
    const std::size_t end = (i + 1) * steps.size() / points;
    curve.push_back(point_of(std::span(steps).subspan(from, end - from)));
  }
  return curve;
}

std::string curve_table(const std::vector<Metrics>& curve) {
  const std::vector<Column> shown = columns_of(curve);
  std::string text = fmt::format("{:>8}", "step");
  for (const Column& column : shown) text += fmt::format("{:>11}", column.title);
  text += '\n';
  for (const Metrics& point : curve) {
    text += fmt::format("{:>8}", point.step);
    for (const Column& column : shown) text += cell(point.find(column.name));
    text += '\n';
  }
  return text;
}

nlohmann::ordered_json curve_json(const std::vector<Metrics>& curve) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Metrics& point : curve) {
    nlohmann::ordered_json row = {{"step", point.step}};
    for (const Metric& metric : point.values)
      row[metric.name] =
          std::isfinite(metric.value) ? nlohmann::ordered_json(metric.value) : nullptr;
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace candor::app
