#include "demo_tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::app {
namespace {

using Json = nlohmann::json;
using navigation::Interval;

// One seed has no interval.
std::string with_interval(const Interval& value, int digits) {
  if (value.low == value.high) return fmt::format("{:.{}f}", value.mean, digits);
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", value.mean, digits, value.low, digits,
                     value.high, digits);
}

Json ends_of(const Interval& interval) {
  return Json::array({interval.low, interval.high});
}

bool has_average(const navigation::ExperimentResult& result) {
  return std::any_of(result.methods.begin(), result.methods.end(),
                     [](const auto& method) { return method.name == "average"; });
}

std::string method_line(const navigation::MethodSummary& method, bool compared) {
  return fmt::format("{:<22} {:>22} {:>24} {:>24} {:>7.1f}%\n", method.name,
                     with_interval(method.regret, 1), with_interval(method.after.forecast_error, 0),
                     compared ? with_interval(method.less_average, 0) : "-",
                     100.0 * method.after.malformed);
}

std::string sample_text(const navigation::ExperimentResult& result,
                        const navigation::ForecastSample& sample) {
  std::string text = fmt::format("\n{}  (measured {})\n  {:<22} {}\n", sample.prompt,
                                 sample.measured, "before", sample.before);
  for (std::size_t i = 0; i < sample.after.size(); ++i)
    text += fmt::format("  {:<22} {}\n", result.methods[i].name, sample.after[i]);
  return text;
}

// Candor's default where it was run, else the first.
std::size_t shown_method(const navigation::ExperimentResult& result) {
  for (std::size_t i = 0; i < result.methods.size(); ++i)
    if (result.methods[i].name == "weighted-score-hedged") return i;
  return 0;
}

Json method_json(const navigation::MethodSummary& method, bool compared) {
  Json json{{"name", method.name},
            {"forecast_error", method.after.forecast_error.mean},
            {"forecast_error_ci", ends_of(method.after.forecast_error)},
            {"regret", method.regret.mean},
            {"regret_ci", ends_of(method.regret)},
            {"malformed", method.after.malformed},
            {"win_rate", method.win_rate.mean}};
  if (compared) {
    json["difference_to_average"] = method.less_average.mean;
    json["difference_ci"] = ends_of(method.less_average);
  }
  return json;
}

Json curves_json(const navigation::ExperimentResult& result) {
  Json rounds = Json::array();
  Json series = Json::array();
  for (const navigation::MethodSummary& method : result.methods) {
    if (rounds.size() < method.curve.size())
      for (std::size_t r = rounds.size(); r < method.curve.size(); ++r) rounds.push_back(r);
    series.push_back({{"name", method.name}, {"value", method.curve}});
  }
  return {{"round", rounds}, {"series", series}};
}

Json samples_json(const navigation::ExperimentResult& result) {
  Json samples = Json::array();
  const std::size_t shown = shown_method(result);
  for (const navigation::ForecastSample& sample : result.samples) {
    if (sample.after.size() <= shown) continue;
    samples.push_back({{"prompt", sample.prompt},
                       {"before", sample.before},
                       {"after", sample.after[shown]},
                       {"note_after", result.methods[shown].name},
                       {"truth", fmt::format("measured: {} vehicles", sample.measured)}});
  }
  return samples;
}

}  // namespace

std::string arguments_table(const arguments::ArgumentsResult& result) {
  std::string text = fmt::format(
      "{}\n{} workers, {} votes, {} pairs; {} pairs to train on, {:.0f} of {} debates held out to "
      "test; {} "
      "seeds\n",
      result.source, result.workers, result.votes, result.pairs, result.training_pairs,
      result.test_pairs, result.held_out_debates, result.seeds);
  for (const std::string& line : result.strategic) text += "strategic: " + line + "\n";
  text += fmt::format("\n{:<16} {:>17} {:>17} {:>22} {:>22} {:>8} {:>8}\n", "", "label",
                      "strategic", "reward model", "strategic", "policy", "strat.");
  for (const arguments::MethodSummary& m : result.methods)
    text += fmt::format("{:<16} {:>17.3f} {:>17.3f} {:>22} {:>22} {:>8.3f} {:>8.3f}\n", m.name,
                        m.honest.label_accuracy.mean, m.strategic.label_accuracy.mean,
                        with_interval(m.honest.reward_accuracy, 3),
                        with_interval(m.strategic.reward_accuracy, 3),
                        m.honest.policy_accuracy.mean, m.strategic.policy_accuracy.mean);
  return text + fmt::format(
                    "{:<16} {:>58}\n\nlabel: accuracy on training pairs; reward model, policy: on "
                    "held-out "
                    "pairs\n[95 % intervals over seeds]\n",
                    "longer wins", with_interval(result.longer_wins, 3));
}

std::string navigation_table(const navigation::ExperimentResult& result) {
  std::string text = fmt::format(
      "{}\n{} drivers, {} slots a campaign, {} seeds; {} hours from {} on, which no model has "
      "seen\n\n",
      result.source, result.drivers, result.slots, result.seeds, result.evaluation_hours,
      result.evaluation_begins);
  for (const std::string& line : result.crowd) text += line + "\n";
  text += fmt::format("\n{:<22} {:>22} {:>24} {:>24} {:>8}\n", "trained on", "regret",
                      "forecast error", "less average's", "bad");
  text += fmt::format("{:<22} {:>22} {:>24} {:>24} {:>7.1f}%\n", "before", "",
                      with_interval(result.before.forecast_error, 0), "",
                      100.0 * result.before.malformed);
  for (const navigation::MethodSummary& method : result.methods)
    text += method_line(method, has_average(result));
  text += fmt::format(
      "\nforecast error: mean |forecast - measured| in vehicles an hour, a malformed forecast "
      "(bad) "
      "counts {:.0f}\n[95 % intervals over seeds]\n",
      result.penalty);
  for (const navigation::ForecastSample& sample : result.samples)
    text += sample_text(result, sample);
  return text;
}

Json navigation_report_json(const navigation::ExperimentResult& result, const std::string& model) {
  Json methods = Json::array();
  for (const navigation::MethodSummary& method : result.methods)
    methods.push_back(method_json(method, has_average(result)));
  return {{"kind_of_report", "alignment-experiment"},
          {"title", "Navigation campaign"},
          {"version", CANDOR_VERSION},
          {"command", "candor demo navigation"},
          {"model", model},
          {"data", result.source},
          {"seeds", result.seeds},
          {"slots", result.slots},
          {"unit", "vehicles an hour"},
          {"penalty", fmt::format("A malformed forecast counts {:.0f}.", result.penalty)},
          {"before",
           {{"forecast_error", result.before.forecast_error.mean},
            {"forecast_error_ci", ends_of(result.before.forecast_error)},
            {"malformed", result.before.malformed}}},
          {"methods", methods},
          {"by_round", curves_json(result)},
          {"samples", samples_json(result)}};
}

}  // namespace candor::app
