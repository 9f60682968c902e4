// Statements as sentences, CSV and JSON.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "candor/base/text.h"
#include "candor/evaluation/statement.h"

namespace candor::evaluation {
namespace {

using Json = nlohmann::json;

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string slots_text(std::uint64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "slot" : "slots");
}

double mean(double total, std::uint64_t count) {
  return count == 0 ? 0.0 : total / static_cast<double>(count);
}

std::string what_was_done(const WorkerAccount& account) {
  std::string text =
      fmt::format("You reported on {}: {} settled", slots_text(account.reported), account.settled);
  if (account.expired > 0)
    text +=
        fmt::format(", {} expired without an outcome (no weight moved, no pay)", account.expired);
  if (account.unused > 0)
    text += fmt::format(
        ", {} settled by the answers of others, as somebody asked with you did "
        "not answer",
        account.unused);
  if (account.waiting() > 0) text += fmt::format(", {} waiting for the outcome", account.waiting());
  text += ".";
  if (account.missed > 0)
    text += fmt::format(" You were asked {} more times and did not answer.", account.missed);
  return text + "\n";
}

std::string moves_text(std::string_view verb, const WeightMoves& moves) {
  return fmt::format(
      "  it {} by {:.6g} over {}, where your mean loss was {:.4f} and the others' "
      "{:.4f}\n",
      verb, moves.weight, slots_text(moves.answers), mean(moves.loss, moves.answers),
      mean(moves.others_loss, moves.answers));
}

// Sums of many small moves differ from the whole by rounding; nobody should have to wonder about
// 1e-17.
constexpr double worth_saying = 1e-9;

std::string why_this_weight(const WorkerAccount& account) {
  std::string text;
  if (account.rises.answers > 0) text += moves_text("rose", account.rises);
  if (account.falls.answers > 0) text += moves_text("fell", account.falls);
  const std::uint64_t still = account.settled - account.rises.answers - account.falls.answers;
  if (still > 0 && !text.empty()) {
    text += fmt::format(
        "  it stayed as it was over {}: nobody else answered, all were equally "
        "right, or your stakes were out in other open slots\n",
        slots_text(still));
  }
  if (std::abs(account.moved_between()) > worth_saying) {
    text += fmt::format(
        "  it moved by {:.6g} apart from your answers: admission of newcomers, "
        "slots of others\n",
        account.moved_between());
  }
  if (text.empty())
    return fmt::format("Your weight is {:.6g}: nothing has moved it yet.\n", account.weight);
  return fmt::format("Your weight went from {:.6g} to {:.6g} because\n", account.first_weight,
                     account.weight) +
         text + "Loss is the distance of a report from the outcome, from 0 (right) to 1 (wrong).\n";
}

std::string how_divided(const mechanism::MechanismSpec& spec) {
  if (spec.payment == "per-answer")
    return "divided by the number who answered, each part times (1 - loss); the rest is not paid";
  if (spec.payment == "wagering")
    return "divided equally, then shifted from those whose loss was above the slot's mean to those "
           "below";
  return "divided by weight, as it stood after the slot";
}

std::string how_paid(const mechanism::MechanismSpec& spec, const WorkerAccount& account) {
  if (spec.slot_budget_micro == 0) return "This campaign pays nothing.\n";
  return fmt::format("Each settled slot pays up to {}, {}.\n", money_text(spec.slot_budget_micro),
                     how_divided(spec)) +
         fmt::format(
             "You were paid {} in all, for {}. Amounts are in the campaign's currency, "
             "exact to its millionth.\n",
             money_text(account.paid_micro), slots_text(account.settled));
}

Json account_json(const WorkerAccount& account) {
  const auto moves = [](const WeightMoves& m) {
    return Json{{"answers", m.answers},
                {"weight", m.weight},
                {"loss", m.loss},
                {"others_loss", m.others_loss}};
  };
  return {{"worker", account.name},
          {"reported", account.reported},
          {"settled", account.settled},
          {"expired", account.expired},
          {"unused", account.unused},
          {"missed", account.missed},
          {"waiting", account.waiting()},
          {"first_weight", account.first_weight},
          {"weight", account.weight},
          {"loss", account.loss},
          {"rises", moves(account.rises)},
          {"falls", moves(account.falls)},
          {"moved_between", account.moved_between()},
          {"paid_micro", account.paid_micro}};
}

}  // namespace

std::string explain(const Statement& statement, const WorkerAccount& account) {
  return what_was_done(account) + why_this_weight(account) + how_paid(statement.spec, account);
}

std::string money_text(std::int64_t micro) {
  const bool negative = micro < 0;
  const auto size = static_cast<std::uint64_t>(micro);
  const std::uint64_t value = negative ? 0 - size : size;
  return fmt::format("{}{}.{:06}", negative ? "-" : "", value / 1'000'000, value % 1'000'000);
}

std::string csv_header(const Statement& statement) {
  std::string text = "worker,slot";
  for (const char* what : {"report_", "outcome_"})
    for (const std::string& answer : statement.answers) text += ',' + csv_field(what + answer);
  return text +
         ",loss,others_loss,answered,weight_before,weight_after,share,paid_micro,slot_paid_micro,"
         "balance_micro\n";
}

std::string csv_row(const StatementLine& line) {
  std::string text = csv_field(line.worker_name) + ',' + csv_field(line.slot_name);
  for (const double value : line.report) text += ',' + number_text(value);
  for (const double value : line.outcome) text += ',' + number_text(value);
  text += ',' + number_text(line.loss) + ',' + number_text(line.others_loss) + ',' +
          std::to_string(line.answered);
  for (const double value : {line.weight_before, line.weight_after, line.share})
    text += ',' + number_text(value);
  for (const std::int64_t micro : {line.paid_micro, line.slot_paid_micro, line.balance_micro})
    text += ',' + std::to_string(micro);
  return text + '\n';
}

std::string json_text(const StatementLine& line) {
  return Json{{"worker", line.worker_name},
              {"slot", line.slot_name},
              {"report", line.report},
              {"outcome", line.outcome},
              {"loss", line.loss},
              {"others_loss", line.others_loss},
              {"answered", line.answered},
              {"weight_before", line.weight_before},
              {"weight_after", line.weight_after},
              {"share", line.share},
              {"paid_micro", line.paid_micro},
              {"slot_paid_micro", line.slot_paid_micro},
              {"balance_micro", line.balance_micro}}
      .dump();
}

std::string json_text(const Statement& statement) {
  Json accounts = Json::array();
  for (const WorkerAccount& account : statement.worker) accounts.push_back(account_json(account));
  return Json{{"campaign", statement.campaign},
              {"answers", statement.answers},
              {"payment", statement.spec.payment},
              {"slot_budget_micro", statement.spec.slot_budget_micro},
              {"closed", statement.closed},
              {"settled_slots", statement.settled_slots},
              {"workers", statement.workers},
              {"paid_micro", statement.paid_micro},
              {"accounts", accounts}}
      .dump();
}

}  // namespace candor::evaluation
