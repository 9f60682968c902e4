#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "candor/base/file.h"
#include "candor/base/text.h"
#include "candor/evaluation/replay.h"
#include "candor/evaluation/result_json.h"
#include "candor/report/report.h"
#include "commands.h"
#include "options.h"
#include "tables.h"

namespace candor::app {
namespace {

// The options as typed; they are understood in `understand`.
struct ReplayCommand {
  std::vector<std::string> files;
  std::string kind;
  std::string truth_column;
  std::string ties = "split";
  std::string order = "file";
  std::string mechanism = "weighted-score";
  std::string label = "hedged";
  std::string output = "pooled";
  std::string loss = "quadratic";
  std::string step_size = "auto";
  std::optional<double> horizon;
  double share = 0.0;
  std::string newcomers;
  std::optional<std::size_t> asks;
  std::optional<double> exploration;
  std::string payment = "by-weight";
  std::int64_t slot_budget_micro = 0;
  std::int64_t campaign_budget_micro = 0;
  std::uint32_t worker_answers = 0;
  std::string outcome_errors;
  std::vector<std::string> baselines;
  std::size_t min_reports = 0;
  std::uint64_t seed = 1;
  std::string out_folder;
  std::string tasks;
  std::string report;
  bool json = false;
  std::string invocation;

  Result<evaluation::ReplayOptions> understand() const;
  Status run() const;

 private:
  Status check_combinations() const;
  Status understand_reading(evaluation::ReplayOptions& options) const;
  Status understand_mechanism(evaluation::ReplayOptions& options) const;
  Status understand_newcomers(evaluation::ReplayOptions& options) const;
  Status understand_outcome_errors(std::vector<double>& errors) const;
  [[nodiscard]] std::string title() const;
};

Error not_a_number(std::string_view option, std::string_view text, std::string_view expected) {
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field(option)
      .expecting(expected)
      .way("see candor replay --help");
}

Error changes_nothing(std::string_view option, std::string_view goes_with) {
  return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
      .in_field(option)
      .expecting(goes_with)
      .way("leave it out");
}

Status understand_step_size(const std::string& text, evaluation::ReplayOptions& options) {
  options.auto_step_size = text == "auto";
  if (text == "auto") return {};
  auto& rule = options.spec.weighted_score;
  rule.doubling = text == "doubling";
  if (rule.doubling) return {};
  const auto number = parse_number(text);
  if (!number) return not_a_number("--step-size", text, "auto, doubling or a number in (0,1]");
  rule.step_size = *number;
  options.spec.asking.step_size = *number;
  return {};
}

Status ReplayCommand::understand_reading(evaluation::ReplayOptions& options) const {
  if (!kind.empty()) {
    CANDOR_TRY(options.read.kind, dataset::parse_kind(kind));
  }
  options.read.truth_column = truth_column;
  CANDOR_TRY(options.read.ties, dataset::parse_ties(ties));
  CANDOR_TRY(options.read.order, dataset::parse_order(order));
  return {};
}

// MASS or MASS/PERIOD.
Status ReplayCommand::understand_newcomers(evaluation::ReplayOptions& options) const {
  if (newcomers.empty()) return {};
  options.newcomers = true;
  const std::size_t slash = newcomers.find('/');
  const auto mass = parse_number(std::string_view(newcomers).substr(0, slash));
  if (!mass) return not_a_number("--newcomers", newcomers, "MASS or MASS/PERIOD");
  options.spec.admission.mass = *mass;
  if (slash == std::string::npos) return {};
  const auto period = parse_number(std::string_view(newcomers).substr(slash + 1));
  if (!period || *period < 0 || *period > 1e9 ||
      *period != static_cast<double>(static_cast<std::size_t>(*period)))
    return not_a_number("--newcomers", newcomers,
                        "MASS/PERIOD with PERIOD a whole number of slots");
  options.spec.admission.period = static_cast<std::size_t>(*period);
  return {};
}

// RATE,RATE or, for K > 2 answers, K x K numbers by rows.
Status ReplayCommand::understand_outcome_errors(std::vector<double>& errors) const {
  std::string_view left = outcome_errors;
  while (!left.empty()) {
    const std::size_t comma = left.find(',');
    const auto rate = parse_number(left.substr(0, comma));
    if (!rate || comma + 1 == left.size())
      return not_a_number("--outcome-errors", outcome_errors,
                          "probabilities with commas between them, such as 0.2,0.35");
    errors.push_back(*rate);
    left.remove_prefix(comma == std::string_view::npos ? left.size() : comma + 1);
  }
  const bool all_zero =
      std::all_of(errors.begin(), errors.end(), [](double e) { return e == 0.0; });
  if (!outcome_errors.empty() && all_zero)
    return changes_nothing("--outcome-errors", "at least one rate above 0");
  return {};
}

// An option that would change nothing is a misunderstanding; better said than ignored.
Status ReplayCommand::check_combinations() const {
  const auto refuse = changes_nothing;
  const bool asking = mechanism::is_asking_rule(mechanism);
  const bool tuned = step_size != "auto" || horizon.has_value();
  if (mechanism != "weighted-score" && !asking && tuned)
    return refuse("--step-size, --horizon",
                  "--mechanism weighted-score or one that asks, whose options they are");
  if (mechanism != "weighted-score" && (share != 0.0 || step_size == "doubling"))
    return refuse("--share, --step-size doubling",
                  "--mechanism weighted-score, whose options they are");
  if (!asking && (asks || exploration))
    return refuse("--asks, --exploration", "a mechanism that asks: lf, log-barrier, elf, ...");
  if (slot_budget_micro == 0 && (payment != "by-weight" || campaign_budget_micro != 0))
    return refuse("--payment, --campaign-budget-micro", "--slot-budget-micro, which they divide");
  if (horizon && step_size != "auto") return refuse("--horizon", "--step-size auto, which uses it");
  if (output == "drawn" && label != "hedged")
    return refuse("--label", "--output pooled: a drawn label is one worker's report");
  if (!tasks.empty() && out_folder.empty())
    return refuse("--tasks", "--out FOLDER, where preferences.jsonl goes");
  return {};
}

Status ReplayCommand::understand_mechanism(evaluation::ReplayOptions& options) const {
  auto& spec = options.spec;
  spec.weight_rule = mechanism;
  spec.label = label;
  spec.output = output == "drawn" ? mechanism::Output::drawn : mechanism::Output::pooled;
  CANDOR_TRY(spec.loss, scoring::LossRule::parse(loss));
  CANDOR_CHECK(understand_step_size(step_size, options));
  spec.weighted_score.share = share;
  spec.asking.asks = asks.value_or(mechanism == "lf" ? 2 : mechanism == "elf" ? 0 : 1);
  spec.asking.exploration = exploration.value_or(0.0);
  spec.payment = payment;
  spec.slot_budget_micro = slot_budget_micro;
  spec.campaign_budget_micro = campaign_budget_micro;
  spec.worker_answers = worker_answers;
  CANDOR_CHECK(understand_outcome_errors(spec.outcome_errors));
  return understand_newcomers(options);
}

Result<evaluation::ReplayOptions> ReplayCommand::understand() const {
  evaluation::ReplayOptions options;
  options.paths = files;
  CANDOR_CHECK(check_combinations());
  CANDOR_CHECK(understand_reading(options));
  CANDOR_CHECK(understand_mechanism(options));
  options.horizon = horizon;
  options.min_reports = min_reports;
  options.seed = seed;
  options.out_folder = out_folder;
  options.tasks_path = tasks;
  options.progress = true;
  for (const std::string& name : baselines) {
    const std::vector<std::string> named =
        name == "all" ? evaluation::known_baselines() : std::vector<std::string>{name};
    for (const std::string& one : named)
      if (std::find(options.baselines.begin(), options.baselines.end(), one) ==
          options.baselines.end())
        options.baselines.push_back(one);
  }
  return options;
}

std::string ReplayCommand::title() const {
  const std::string name = std::filesystem::path(files.front()).filename().string();
  return "Replay of " + name + (files.size() > 1 ? " and others" : "");
}

void note(const std::string& line) {
  (void)std::fprintf(stderr, "candor: %s\n", line.c_str());
}

void print_notes(const evaluation::ReplayResult& result, const ReplayCommand& command) {
  constexpr std::size_t listed = 10;
  for (std::size_t i = 0; i < std::min(listed, result.duplicate_notes.size()); ++i)
    note("duplicate left out: " + result.duplicate_notes[i]);
  if (result.duplicates > listed)
    note("... and " + std::to_string(result.duplicates - listed) + " more duplicates");
  if (result.settled == 0)
    note("no slot has an outcome: labels were formed, but nothing could be scored or learned");
  if (result.pairs_without_text > 0)
    note(std::to_string(result.pairs_without_text) + " slots lack a prompt or an answer in " +
         command.tasks + " and are not in preferences.jsonl");
  if (!command.out_folder.empty()) note("files are in " + command.out_folder);
  if (!command.report.empty()) note("open " + command.report + " in a browser");
}

Status ReplayCommand::run() const {
  CANDOR_TRY(const evaluation::ReplayOptions options, understand());
  // Opened first: not after minutes of work is the time to fail. It may lie in the folder of --out.
  std::optional<OutputFile> page;
  if (!out_folder.empty()) CANDOR_CHECK(make_folder(out_folder));
  if (!report.empty()) {
    CANDOR_TRY(page, OutputFile::create(report));
  }
  CANDOR_TRY(const evaluation::ReplayResult result, evaluation::replay(options));
  const std::string text = json ? evaluation::to_json(result).dump(1) + "\n" : replay_table(result);
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  if (page) {
    CANDOR_CHECK(
        page->write(report::render_report(evaluation::report_json(result, title(), invocation))));
    CANDOR_CHECK(page->commit());
  }
  print_notes(result, *this);
  return {};
}

void add_reading_options(CLI::App& verb, ReplayCommand& command) {
  verb.add_option("FILE", command.files,
                  "CSV or JSONL, plain, .gz or .zst; several are read as one")
      ->required();
  verb.add_option("--kind", command.kind,
                  "forecasts, pairwise or labels; default: seen from the columns")
      ->group("Reading");
  verb.add_option("--truth-column", command.truth_column, "Name of the column with the outcome")
      ->group("Reading");
  verb.add_option("--ties", command.ties,
                  "pairwise: a tie is half a report for each (split) or a third answer (answer)")
      ->capture_default_str()
      ->group("Reading");
  verb.add_option("--order", command.order, "Slots settle in the order file, time or shuffle:SEED")
      ->capture_default_str()
      ->group("Reading");
}

void add_mechanism_options(CLI::App& verb, ReplayCommand& command) {
  const std::string group = "Mechanism";
  verb.add_option(
          "--mechanism", command.mechanism,
          "Weight rule: weighted-score, exponential, follow-the-best; or one that asks a few "
          "of those who answered: lf, log-barrier, loss-biased, wsu-ux, elf")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--asks", command.asks,
                  "How many are asked a slot; default: lf 2, elf everyone (0), the others 1")
      ->check(whole_number)
      ->group(group);
  verb.add_option("--exploration", command.exploration,
                  "wsu-ux, loss-biased: gamma; elf with --asks 1: epsilon; default: the rule's own")
      ->group(group);
  verb.add_option("--label", command.label, "Which pool makes the training label")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--output", command.output, "pooled, or drawn: one worker's report, by weight")
      ->check(CLI::IsMember({"pooled", "drawn"}))
      ->capture_default_str()
      ->group(group);
  verb.add_option("--loss", command.loss, "quadratic, spherical or clipped-log(FLOOR)")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--step-size", command.step_size,
                  "A number in (0,1]; auto: sqrt(ln N / slots a worker); doubling: horizon unknown")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--horizon", command.horizon,
                  "For auto: slots a worker will answer; default: counted in the file")
      ->group(group);
  verb.add_option("--share", command.share, "Fixed share in [0,1), for a best worker who changes")
      ->capture_default_str()
      ->group(group);
  verb.add_option(
          "--newcomers", command.newcomers,
          "MASS[/PERIOD]: workers join at their first report; those of PERIOD slots share MASS")
      ->group(group);
  verb.add_option("--slot-budget-micro", command.slot_budget_micro,
                  "Pay at most this for a settled slot, in millionths")
      ->check(whole_number)
      ->group(group);
  verb.add_option("--payment", command.payment,
                  "How it is divided: by-weight, per-answer or wagering")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--campaign-budget-micro", command.campaign_budget_micro,
                  "Pay at most this in all, in millionths; 0: no limit")
      ->check(whole_number)
      ->group(group);
  verb.add_option(
          "--outcome-errors", command.outcome_errors,
          "Outcomes are wrong this often: for two answers P(wrong | first),P(wrong | second); "
          "else K x K probabilities, a row for each true answer")
      ->group(group);
  verb.add_option("--worker-answers", command.worker_answers,
                  "Take at most so many answers from a worker; 0: no limit")
      ->group(group);
}

void add_output_options(CLI::App& verb, ReplayCommand& command) {
  const std::string group = "Comparison and output";
  verb.add_option("--baseline", command.baselines,
                  "Compare with these too: all, or a list of dawid-skene, dawid-skene-one-coin, "
                  "dawid-skene-online, glad, best-worker")
      ->delimiter(',')
      ->group(group);
  verb.add_option(
          "--min-reports", command.min_reports,
          "Regret counts workers with so many settled reports; 0: 20, or the most there are")
      ->check(whole_number)
      ->capture_default_str()
      ->group(group);
  verb.add_option("--seed", command.seed,
                  "Of the draws with --output drawn, and of whom an asking rule asks")
      ->check(whole_number)
      ->capture_default_str()
      ->group(group);
  verb.add_option(
          "--out", command.out_folder,
          "Folder for ledger.jsonl, pooled.jsonl, weights.csv, regret.csv, preferences.jsonl")
      ->group(group);
  verb.add_option("--tasks", command.tasks,
                  "JSONL with task_id, prompt, response_a, response_b, for preferences.jsonl")
      ->group(group);
  verb.add_option("--report", command.report, "Write a self-contained HTML report")->group(group);
  verb.add_flag("--json", command.json, "Print JSON instead of tables")->group(group);
}

}  // namespace

void add_replay(CLI::App& program, Action& action, const std::string& invocation) {
  CLI::App* verb = program.add_subcommand(
      "replay", "Play a recorded table of reports and compare every way of pooling it");
  const auto command = std::make_shared<ReplayCommand>();
  command->invocation = invocation;
  add_reading_options(*verb, *command);
  add_mechanism_options(*verb, *command);
  add_output_options(*verb, *command);
  verb->callback([command, &action] { action = [command] { return command->run(); }; });
}

}  // namespace candor::app
