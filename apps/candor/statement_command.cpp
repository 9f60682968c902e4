#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "candor/base/text.h"
#include "candor/evaluation/statement.h"
#include "commands.h"
#include "tables.h"

namespace candor::app {
namespace {

using evaluation::Statement;
using evaluation::StatementLine;
using evaluation::WorkerAccount;

struct StatementCommand {
  std::string ledger;
  std::string worker;
  bool json = false;
  bool csv = false;
};

constexpr std::size_t slot_width = 16;
constexpr std::size_t name_width = 24;

// Two answers: the probability of the first; more: all of them, in the answers' order.
std::string row_text(const std::vector<double>& row) {
  if (row.size() == 2) return fmt::format("{:.4f}", row[0]);
  std::string text;
  for (const double value : row) text += fmt::format("{}{:.2f}", text.empty() ? "" : "/", value);
  return text;
}

std::size_t row_width(const Statement& statement) {
  return std::max<std::size_t>(9, 5 * statement.answers.size() + 1);
}

std::string line_header(const Statement& statement) {
  const std::size_t width = row_width(statement);
  std::string answers;
  for (const std::string& answer : statement.answers)
    answers += (answers.empty() ? "" : "/") + printable(answer);
  if (statement.answers.size() == 2) answers = printable(statement.answers.front());
  return fmt::format("report and outcome: probability of {}\n", answers) +
         padded("slot", slot_width) +
         fmt::format("{:>{}}{:>{}}{:>8}{:>13}{:>13}{:>9}{:>16}{:>16}{:>16}\n", "report", width,
                     "outcome", width, "loss", "weight", "after", "share", "paid", "of slot's",
                     "balance");
}

std::string line_text(const StatementLine& line, std::size_t width) {
  return padded(line.slot_name, slot_width - 1) +
         fmt::format(" {:>{}}{:>{}}{:>8.4f}{:>13.6g}{:>13.6g}{:>9.4f}{:>16}{:>16}{:>16}\n",
                     row_text(line.report), width, row_text(line.outcome), width, line.loss,
                     line.weight_before, line.weight_after, line.share,
                     evaluation::money_text(line.paid_micro),
                     evaluation::money_text(line.slot_paid_micro),
                     evaluation::money_text(line.balance_micro));
}

std::string heading(const Statement& statement) {
  return fmt::format("campaign: {} ({})\n", printable(statement.campaign),
                     statement.closed ? "closed" : "open: what follows is not known");
}

Status print_worker(const StatementCommand& command, const Statement& statement) {
  const WorkerAccount& account = statement.worker.front();
  fmt::print("{}worker: {}\n\n{}\n{}", heading(statement), printable(account.name),
             evaluation::explain(statement, account), line_header(statement));
  const std::size_t width = row_width(statement);
  CANDOR_CHECK(evaluation::read_statement(command.ledger, command.worker,
                                          [width](const StatementLine& line) {
                                            fmt::print("{}", line_text(line, width));
                                            return Status{};
                                          }));
  const std::size_t before_balance = slot_width + 2 * width + 75;  // the columns in between
  fmt::print("{}{:>16}\n", padded("total", before_balance),
             evaluation::money_text(account.paid_micro));
  return {};
}

void print_everyone(const Statement& statement) {
  fmt::print("{}\n{}{:>10}{:>10}{:>9}{:>13}{:>13}{:>20}\n", heading(statement),
             padded("worker", name_width), "reported", "settled", "loss", "weight", "at end",
             "paid");
  for (const WorkerAccount& account : statement.worker) {
    const std::string loss =
        account.settled > 0
            ? fmt::format("{:.4f}", account.loss / static_cast<double>(account.settled))
            : "-";
    fmt::print("{}{:>10}{:>10}{:>9}{:>13.6g}{:>13.6g}{:>20}\n", padded(account.name, name_width),
               account.reported, account.settled, loss, account.first_weight, account.weight,
               evaluation::money_text(account.paid_micro));
  }
  fmt::print("{}{:>{}}\n", padded("total", name_width),
             evaluation::money_text(statement.paid_micro), 75);
}

Status print_csv(const StatementCommand& command, const Statement& statement) {
  fmt::print("{}", evaluation::csv_header(statement));
  CANDOR_CHECK(
      evaluation::read_statement(command.ledger, command.worker, [](const StatementLine& line) {
        fmt::print("{}", evaluation::csv_row(line));
        return Status{};
      }));
  return {};
}

// The totals' object with one more member, "lines"; a line of text for each line of the statement.
Status print_json(const StatementCommand& command, const Statement& statement) {
  std::string totals = evaluation::json_text(statement);
  totals.pop_back();
  fmt::print("{},\"lines\":[", totals);
  bool first = true;
  CANDOR_CHECK(evaluation::read_statement(
      command.ledger, command.worker, [&first](const StatementLine& line) {
        fmt::print("{}\n{}", first ? "" : ",", evaluation::json_text(line));
        first = false;
        return Status{};
      }));
  fmt::print("\n]}}\n");
  return {};
}

// Read twice: nothing is printed of a ledger that does not hold together to its end.
Status statement(const StatementCommand& command) {
  CANDOR_TRY(const Statement statement, evaluation::read_statement(command.ledger, command.worker));
  if (command.json) return print_json(command, statement);
  if (command.csv) return print_csv(command, statement);
  if (!command.worker.empty()) return print_worker(command, statement);
  print_everyone(statement);
  return {};
}

}  // namespace

void add_statement(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand(
      "statement", "Show what each answer of a worker did to its weight and pay, line by line");
  const auto command = std::make_shared<StatementCommand>();
  verb->add_option("LEDGER", command->ledger, "A ledger.jsonl")->required();
  verb->add_option("--worker", command->worker,
                   "One worker's statement, line by line; without it, everyone's totals");
  auto* json = verb->add_flag("--json", command->json, "Totals and every line as JSON");
  verb->add_flag("--csv", command->csv, "Every line as CSV")->excludes(json);
  verb->callback([command, &action] { action = [command] { return statement(*command); }; });
}

}  // namespace candor::app
