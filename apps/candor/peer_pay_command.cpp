#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "candor/evaluation/peer_pay.h"
#include "candor/evaluation/statement.h"
#include "commands.h"
#include "options.h"
#include "tables.h"

namespace candor::app {
namespace {

using evaluation::PeerPay;
using evaluation::PeerPayResult;

struct PeerPayCommand {
  evaluation::PeerPayOptions options;
  std::string rule;
  std::string kind;
  std::string ties = "split";
  std::optional<std::uint64_t> seed;
  bool json = false;
  bool csv = false;

  Status run();

 private:
  Status understand_seed();
};

constexpr std::size_t name_width = 24;

std::string heading(const PeerPayResult& result) {
  std::string text = fmt::format(
      "{}: {} workers, {} slots, {} reports, {} duplicates left out, {} answers\n", result.kind,
      result.pay.size(), result.slots, result.reports, result.duplicates, result.answers.size());
  if (result.undecided > 0)
    text += fmt::format("left out, without a single most probable answer: {} reports\n",
                        result.undecided);
  text += fmt::format("rule: {}, pairs with {} slots or more in common: {} compared, {} left out\n",
                      evaluation::name_of(result.rule), result.min_shared, result.pairs,
                      result.pairs_left_out);
  return text + fmt::format("{} of {} workers have a score\n\n", result.scored, result.pay.size());
}

std::string row_text(const PeerPay& row, bool pays) {
  const auto& score = row.score;
  std::string text =
      padded(row.worker, name_width) +
      fmt::format("{:>10}{:>8}{:>8}", score.answered, score.slots, score.peers) +
      (score.score ? fmt::format("{:>10.4f}", *score.score) : fmt::format("{:>10}", "-")) +
      fmt::format("{:>12.4f}", row.points);
  if (pays) text += fmt::format("{:>18}", evaluation::money_text(row.paid_micro));
  if (!row.why_nothing.empty()) text += "  " + row.why_nothing;
  return text + '\n';
}

std::string table(const PeerPayResult& result) {
  const bool pays = result.budget_micro > 0;
  std::string text = heading(result) + padded("worker", name_width) +
                     fmt::format("{:>10}{:>8}{:>8}{:>10}{:>12}{}\n", "answered", "slots", "peers",
                                 "score", "points", pays ? fmt::format("{:>18}", "paid") : "");
  for (const PeerPay& row : result.pay) text += row_text(row, pays);
  if (!pays) return text;
  text += padded("total", name_width + 48) +
          fmt::format("{:>18}\n", evaluation::money_text(result.paid_micro));
  if (result.paid_micro == 0) text += "nobody has points: the budget stays where it is\n";
  return text;
}

Status PeerPayCommand::understand_seed() {
  options.score.seed = seed.value_or(options.score.seed);
  if (!seed || options.score.rule == evaluation::PeerRule::mutual_information) return {};
  return Error{ErrorCode::invalid_argument, "an option that would change nothing"}
      .in_field("--seed")
      .expecting("--rule mutual-information, whose batches it shuffles")
      .way("leave it out");
}

Status PeerPayCommand::run() {
  CANDOR_TRY(options.score.rule, evaluation::parse_peer_rule(rule));
  CANDOR_CHECK(understand_seed());
  CANDOR_TRY(options.read.ties, dataset::parse_ties(ties));
  if (!kind.empty()) {
    CANDOR_TRY(options.read.kind, dataset::parse_kind(kind));
  }
  CANDOR_TRY(const PeerPayResult result, evaluation::peer_pay(options));
  const std::string text = json  ? evaluation::peer_pay_json(result).dump(1) + "\n"
                           : csv ? evaluation::peer_pay_csv(result)
                                 : table(result);
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  return {};
}

}  // namespace

void add_peer_pay(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand(
      "peer-pay", "Pay workers by each other's answers, where no outcome will ever come");
  const auto command = std::make_shared<PeerPayCommand>();
  verb->add_option("FILE", command->options.paths,
                   "CSV or JSONL, plain, .gz or .zst; outcomes in it are not used")
      ->required();
  verb->add_option("--rule", command->rule, "correlated-agreement or mutual-information")
      ->required();
  verb->add_option("--budget-micro", command->options.budget_micro,
                   "Divide this among them, in millionths; default: points only")
      ->check(whole_number);
  verb->add_option("--min-shared", command->options.score.min_shared,
                   "Compare pairs with so many slots in common; default: the fewest that the rule "
                   "can use, 2 or twice the number of answers");
  verb->add_option("--seed", command->seed,
                   "mutual-information: how slots are shuffled into two batches; default: 1");
  verb->add_option("--kind", command->kind,
                   "forecasts, pairwise or labels; default: seen from the columns");
  verb->add_option("--ties", command->ties,
                   "pairwise: ties are left out (split) or are a third answer (answer)")
      ->capture_default_str();
  auto* json = verb->add_flag("--json", command->json, "Print JSON instead of a table");
  verb->add_flag("--csv", command->csv, "Print CSV instead of a table")->excludes(json);
  verb->callback([command, &action] { action = [command] { return command->run(); }; });
}

}  // namespace candor::app
