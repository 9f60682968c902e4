#include "simulate_modes.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "candor/base/file.h"
#include "candor/report/report.h"
#include "tables.h"

namespace candor::app {
namespace {

void print(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
}

Status write_report(const nlohmann::json& report, const std::string& path) {
  if (path.empty()) return {};
  CANDOR_CHECK(write_file(path, report::render_report(report)));
  (void)std::fprintf(stderr, "candor: open %s in a browser\n", path.c_str());
  return {};
}

std::string slope_or_none(const std::optional<double>& slope) {
  return slope ? fmt::format("{:>10.2f}", *slope) : fmt::format("{:>10}", "no growth");
}

std::string play_rows(const std::vector<game::EquilibriumPlay>& plays) {
  std::string text = padded("mechanism", 24) + fmt::format("{:>10}{:>10}{:>10}{:>10}  strategies\n",
                                                           "Brier", "regret", "+-", "slope");
  for (const game::EquilibriumPlay& play : plays)
    text += padded(play.mechanism, 24) +
            fmt::format("{:>10.4f}{:>10.1f}{:>10.1f}", play.brier, play.regret.back(),
                        2.0 * play.regret_se.back()) +
            slope_or_none(play.slope) + "  " + game::strategies_in_words(play) + '\n';
  return text;
}

std::string equilibrium_table(const game::EquilibriumResult& result) {
  return fmt::format(
             "{} workers who play for {}, best responses until nobody wants to change;\n"
             "regret of the label at T = {:.0f} to the best worker had it been honest\n\n"
             "from truth\n",
             result.accuracy.size(), game::name_of(result.utility), result.horizons.back()) +
         play_rows(result.from_truth) + "\nfrom lies\n" + play_rows(result.from_lies);
}

std::string rule_rows(const game::SimulatedScenario& scenario) {
  std::string text =
      fmt::format("{}: {}\n", scenario.scenario.name, scenario.scenario.description) +
      padded("rule", 24) +
      fmt::format("{:>10}{:>10}{:>10}{:>10}\n", "regret", "+-", "bound", "slope");
  for (const game::SimulatedMethod& rule : scenario.methods) {
    const auto& bound = rule.bound.back();
    text += padded(rule.name, 24) +
            fmt::format("{:>10.1f}{:>10.1f}", rule.regret.back(), 2.0 * rule.regret_se.back()) +
            (bound ? fmt::format("{:>10.1f}", *bound) : fmt::format("{:>10}", "-")) +
            slope_or_none(rule.slope) + '\n';
  }
  return text;
}

std::string limited_table(const game::SimulationResult& result, std::uint64_t slots) {
  std::string text =
      fmt::format("expected regret at T = {}, mean of {} campaigns; slope of log regret on log T\n",
                  slots, result.seeds);
  for (const game::SimulatedScenario& scenario : result.scenarios)
    text += '\n' + rule_rows(scenario);
  return text;
}

}  // namespace

Status simulate_equilibrium(const game::EquilibriumOptions& options, const ModeOutput& output) {
  CANDOR_TRY(const game::EquilibriumResult result, game::play_to_equilibrium(options));
  CANDOR_CHECK(write_report(game::report_json(result, output.invocation), output.report));
  print(output.json ? game::to_json(result).dump(1) + "\n" : equilibrium_table(result));
  return {};
}

Status simulate_limited_feedback(const game::LimitedFeedbackOptions& options,
                                 const ModeOutput& output) {
  CANDOR_TRY(const game::SimulationResult result, game::compare_limited_feedback(options));
  nlohmann::json report =
      game::report_json(result, output.invocation, "a few workers asked a slot");
  report["title"] = "What asking only a few workers costs";
  CANDOR_CHECK(write_report(report, output.report));
  print(output.json ? game::to_json(result).dump(1) + "\n" : limited_table(result, options.slots));
  return {};
}

Status simulate_attack(const game::AttackOptions& options, const ModeOutput& output) {
  if (!output.report.empty()) {
    return Error{ErrorCode::invalid_argument, output.report}
        .in_field("--report")
        .expecting("no --attack, which has a table and --json only")
        .way("leave it out");
  }
  CANDOR_TRY(const game::AttackResult result, game::run_attack(options));
  print(output.json ? game::to_json(result).dump(1) + "\n" : game::text_table(result));
  return {};
}

}  // namespace candor::app
