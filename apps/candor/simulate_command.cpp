#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "candor/base/file.h"
#include "candor/base/text.h"
#include "candor/evaluation/result_json.h"
#include "candor/game/simulation.h"
#include "candor/report/report.h"
#include "commands.h"
#include "options.h"
#include "simulate_modes.h"
#include "tables.h"

namespace candor::app {
namespace {

struct SimulateCommand {
  std::string scenario = "all";
  std::size_t workers = 10;
  std::string accuracy = "0.55:0.95";
  std::size_t lying = 0;
  std::optional<std::string> strategies;
  std::string step_size = "auto";
  std::string report;
  bool json = false;
  bool every_method = false;
  bool equilibrium = false;
  bool limited_feedback = false;
  std::string attack;
  std::string utility = "pay";
  std::string invocation;
  const CLI::App* verb = nullptr;
  game::SimulationOptions options;

  Status understand();
  Status run();

 private:
  Status run_crowds();
  Status run_equilibrium();
  Status run_limited_feedback();
  Status run_attack();
  [[nodiscard]] Status check_mode() const;
};

Result<game::Scenario> crowd_between(const SimulateCommand& command, double low, double high) {
  if (!command.strategies) return game::random_crowd(command.workers, low, high, command.lying);
  if (command.workers != 10 || command.lying != 0) {
    return Error{ErrorCode::invalid_argument, "--strategies beside --workers or --lying"}
        .in_field("--strategies")
        .expecting("one way of saying who the workers are")
        .way("write truthful:8,always-wrong:2 for ten workers, two of whom lie");
  }
  CANDOR_TRY(const auto strategies, game::parse_strategies(*command.strategies));
  return game::strategic_crowd(strategies, low, high);
}

Result<game::Scenario> own_crowd(const SimulateCommand& command) {
  const std::size_t colon = command.accuracy.find(':');
  const auto low = parse_number(std::string_view(command.accuracy).substr(0, colon));
  const auto high = parse_number(colon == std::string::npos
                                     ? std::string_view()
                                     : std::string_view(command.accuracy).substr(colon + 1));
  if (low && high) return crowd_between(command, *low, *high);
  return Error{ErrorCode::invalid_argument, command.accuracy}
      .in_field("--accuracy")
      .expecting("LOW:HIGH, two numbers in [0,1]")
      .way("0.55:0.95 is a usual crowd");
}

Status SimulateCommand::understand() {
  options.progress = true;
  auto& rule = options.spec.weighted_score;
  rule.doubling = step_size == "doubling";
  if (scenario == "random-crowd" || (scenario == "all" && strategies.has_value())) {
    CANDOR_TRY(game::Scenario crowd, own_crowd(*this));
    options.scenarios.push_back(std::move(crowd));
    return {};
  }
  if (workers != 10 || accuracy != "0.55:0.95" || lying != 0 || strategies.has_value()) {
    return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
        .in_field("--workers, --accuracy, --lying, --strategies")
        .expecting("--scenario random-crowd, whose options they are")
        .way("add it, or leave them out");
  }
  std::string known = "all, random-crowd";
  for (const game::Scenario& one : game::standard_scenarios()) {
    if (scenario == "all" || scenario == one.name) options.scenarios.push_back(one);
    known += ", " + one.name;
  }
  if (!options.scenarios.empty()) return {};
  return Error{ErrorCode::invalid_argument, scenario}
      .in_field("--scenario")
      .expecting("one of " + known)
      .way("see candor simulate --help");
}

bool in_short_table(const std::string& name) {
  constexpr std::array<std::string_view, 8> shown{
      "weighted-score", "hedged",   "exponential",     "average",
      "median",         "majority", "follow-the-best", "dawid-skene-online"};
  return std::find(shown.begin(), shown.end(), name) != shown.end();
}

std::string number_or_dash(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:>10.{}f}", *value, decimals) : fmt::format("{:>10}", "-");
}

std::string scenario_table(const game::SimulatedScenario& scenario, bool every_method) {
  std::string text =
      fmt::format("{}: {}\n", scenario.scenario.name, scenario.scenario.description) +
      padded("method", 24) +
      fmt::format("{:>10}{:>10}{:>10}{:>10}{:>10}\n", "Brier", "regret", "+-", "bound", "slope");
  for (const game::SimulatedMethod& method : scenario.methods) {
    if (!every_method && !in_short_table(method.name)) continue;
    text += padded(method.name, 24) +
            fmt::format("{:>10.4f}{:>10.1f}{:>10.1f}", method.brier, method.regret.back(),
                        2.0 * method.regret_se.back()) +
            number_or_dash(method.bound.back(), 1) +
            (method.slope ? fmt::format("{:>10.2f}\n", *method.slope)
                          : fmt::format("{:>10}\n", "no growth"));
  }
  return text + '\n';
}

Status print(const std::string& text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  return {};
}

// An option that would change nothing is a misunderstanding; better said than ignored.
Status SimulateCommand::check_mode() const {
  const auto refuse = [this](const char* option, const char* goes_with) -> Status {
    if (verb->count(option) == 0) return {};
    return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
        .in_field(option)
        .expecting(goes_with)
        .way("leave it out");
  };
  const int modes = int{equilibrium} + int{limited_feedback} + int{!attack.empty()};
  if (modes > 1) {
    return Error{ErrorCode::invalid_argument, "several kinds of simulation"}
        .in_field("--equilibrium, --limited-feedback, --attack")
        .expecting("one of them")
        .way("run one after the other");
  }
  if (!equilibrium) CANDOR_CHECK(refuse("--utility", "--equilibrium, whose option it is"));
  if (modes == 0) return {};
  for (const char* option :
       {"--scenario", "--accuracy", "--lying", "--strategies", "--step-size", "--every-method"})
    CANDOR_CHECK(refuse(option, "a simulation of crowds, whose option it is"));
  return limited_feedback ? Status{}
                          : refuse("--workers", "--limited-feedback or --scenario random-crowd");
}

Status SimulateCommand::run_equilibrium() {
  game::EquilibriumOptions play;
  CANDOR_TRY(play.utility, game::parse_motive(utility));
  if (verb->count("--slots") > 0) play.slots = options.slots;
  if (verb->count("--seeds") > 0) play.seeds = options.seeds;
  play.first_seed = options.first_seed;
  play.threads = options.threads;
  play.progress = true;
  return simulate_equilibrium(play, {json, report, invocation});
}

Status SimulateCommand::run_limited_feedback() {
  game::LimitedFeedbackOptions asked;
  if (verb->count("--slots") > 0) asked.slots = options.slots;
  if (verb->count("--workers") > 0) asked.workers = workers;
  asked.seeds = options.seeds;
  asked.first_seed = options.first_seed;
  asked.threads = options.threads;
  asked.progress = true;
  return simulate_limited_feedback(asked, {json, report, invocation});
}

Status SimulateCommand::run_attack() {
  game::AttackOptions options_of_attack;
  CANDOR_TRY(options_of_attack.attack, game::parse_attack(attack));
  if (options_of_attack.attack == game::Attack::sybil) options_of_attack.attackers = 30;
  if (verb->count("--slots") > 0)
    options_of_attack.slots = static_cast<std::uint32_t>(options.slots);
  if (verb->count("--seeds") > 0)
    options_of_attack.seeds = static_cast<std::uint32_t>(options.seeds);
  options_of_attack.first_seed = options.first_seed;
  options_of_attack.threads = options.threads;
  return simulate_attack(options_of_attack, {json, report, invocation});
}

Status SimulateCommand::run() {
  if (strategies == "help") return print(game::strategy_help());
  CANDOR_CHECK(check_mode());
  if (equilibrium) return run_equilibrium();
  if (limited_feedback) return run_limited_feedback();
  if (!attack.empty()) return run_attack();
  return run_crowds();
}

Status SimulateCommand::run_crowds() {
  CANDOR_CHECK(understand());
  CANDOR_TRY(const game::SimulationResult result, game::simulate(options));
  if (!report.empty()) {
    const std::string mechanism = options.spec.weight_rule + " x " + options.spec.label +
                                  ", step size " + step_size + " for each horizon";
    CANDOR_CHECK(write_file(
        report, report::render_report(game::report_json(result, invocation, mechanism))));
    (void)std::fprintf(stderr, "candor: open %s in a browser\n", report.c_str());
  }
  std::string text;
  if (json) {
    text = game::to_json(result).dump(1) + "\n";
  } else {
    text = fmt::format("regret at T = {}, mean of {} campaigns; slope of log regret on log T\n\n",
                       options.slots, options.seeds);
    for (const auto& one : result.scenarios) text += scenario_table(one, every_method);
  }
  return print(text);
}

}  // namespace

void add_simulate(CLI::App& program, Action& action, const std::string& invocation) {
  CLI::App* verb = program.add_subcommand(
      "simulate", "Simulate crowds, honest and strategic; how regret grows with the horizon");
  const auto command = std::make_shared<SimulateCommand>();
  command->invocation = invocation;
  command->verb = verb;
  verb->add_flag(
      "--equilibrium", command->equilibrium,
      "Let workers play every mechanism, best response by best response, and measure regret");
  verb->add_option(
          "--utility", command->utility,
          "equilibrium: what workers want: pay, sway, next-weight, total-weight, final-weight")
      ->capture_default_str();
  verb->add_flag("--limited-feedback", command->limited_feedback,
                 "Compare the rules that ask only a few workers a slot");
  verb->add_option(
      "--attack", command->attack,
      "ring (8 who copy a leader) or sybil (30 accounts of one person), with and without "
      "each defence");
  verb->add_option(
          "--scenario", command->scenario,
          "all, fixed-forecasts, copied-coin, two-liars, strategic-crowd, honest-crowd, or "
          "random-crowd")
      ->capture_default_str();
  verb->add_option("--slots", command->options.slots,
                   "The longest horizon T; others are halves of it (--equilibrium: 32768, "
                   "--limited-feedback: 131072, --attack: 2000 unless given)")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--seeds", command->options.seeds, "Campaigns for each scenario and horizon")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--seed", command->options.first_seed, "The first seed")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--workers", command->workers, "random-crowd: how many workers")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--accuracy", command->accuracy, "random-crowd: LOW:HIGH of their accuracies")
      ->capture_default_str();
  verb->add_option("--lying", command->lying, "random-crowd: how many report the opposite")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--strategies", command->strategies,
                   "random-crowd: who the workers are, as truthful:20,exaggerating:3,ring:4; "
                   "\"help\" lists the strategies");
  verb->add_option("--step-size", command->step_size,
                   "auto: for each horizon; doubling: unknown horizon")
      ->check(CLI::IsMember({"auto", "doubling"}))
      ->capture_default_str();
  verb->add_option("--threads", command->options.threads, "0: all")
      ->check(whole_number)
      ->capture_default_str();
  verb->add_option("--report", command->report, "Write a self-contained HTML report");
  verb->add_flag("--every-method", command->every_method,
                 "All methods in the table, not the main ones");
  verb->add_flag("--json", command->json, "Print JSON instead of tables");
  verb->callback([command, &action] { action = [command] { return command->run(); }; });
}

}  // namespace candor::app
