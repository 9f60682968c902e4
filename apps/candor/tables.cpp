#include "tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "candor/evaluation/result_json.h"

namespace candor::app {
namespace {

constexpr std::size_t name_width = 24;

std::string cell(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:>10.{}f}", *value, decimals) : fmt::format("{:>10}", "-");
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Names come from files; a terminal must not act on them.
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string method_row(const evaluation::MethodResult& method) {
  return padded(method.name + (method.whole_file ? " *" : ""), name_width) +
         cell(method.score.brier(), 4) + cell(method.score.mean_log_loss(), 4) +
         cell(method.score.accuracy(), 4) + cell(method.regret, 1) + cell(method.bound, 1) + '\n';
}

std::string worker_row(const evaluation::WorkerResult& worker) {
  return padded(worker.worker, name_width) + fmt::format("{:>14.6g}", worker.weight) +
         fmt::format("{:>10}", worker.slots) + cell(worker.loss, 4) + '\n';
}

std::string worker_rows(const std::vector<evaluation::WorkerResult>& workers) {
  constexpr std::size_t shown_each_end = 3;
  std::vector<const evaluation::WorkerResult*> scored;
  for (const auto& worker : workers)
    if (worker.slots > 0) scored.push_back(&worker);
  std::string text;
  for (std::size_t rank = 0; rank < scored.size(); ++rank) {
    const bool shown = rank < shown_each_end || rank + shown_each_end >= scored.size();
    if (shown) text += worker_row(*scored[rank]);
    if (!shown && rank == shown_each_end) text += "...\n";
  }
  return text;
}

}  // namespace

std::string padded(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t shown = 0;
  for (const char c : text) {
    if (!is_continuation(c)) ++shown;
    if (shown > width) break;
    out += is_control(c) ? '?' : c;
  }
  out.append(width - std::min(shown, width), ' ');
  return out;
}

std::string replay_table(const evaluation::ReplayResult& result) {
  std::string text = fmt::format(
      "{}: {} workers, {} slots ({} settled), {} reports, {} duplicates left out, {} answers\n"
      "mechanism: {}\n\n",
      result.kind, result.workers, result.slots, result.settled, result.reports, result.duplicates,
      result.answers.size(), evaluation::describe(result.spec));
  if (result.reports_read < result.reports)
    text += fmt::format("answers asked for: {} of {}; the others stay unread, by every method\n\n",
                        result.reports_read, result.reports);
  if (result.unpaid_slots > 0)
    text += fmt::format("slots left out, as the campaign's budget did not reach: {}\n\n",
                        result.unpaid_slots);
  if (result.settled == 0) return text + "no slot has an outcome: there is nothing to score\n";
  text += padded("method", name_width) + fmt::format("{:>10}{:>10}{:>10}{:>10}{:>10}\n", "Brier",
                                                     "log loss", "accuracy", "regret", "bound");
  for (const auto& method : result.methods) text += method_row(method);
  const bool starred = std::any_of(result.methods.begin(), result.methods.end(),
                                   [](const auto& method) { return method.whole_file; });
  if (starred) text += "* sees the whole file before it labels the first slot\n";
  text += fmt::format("regret: to the best worker with at least {} settled reports\n\n",
                      result.min_reports);
  text +=
      padded("worker", name_width) + fmt::format("{:>14}{:>10}{:>10}\n", "weight", "slots", "loss");
  return text + worker_rows(result.weights);
}

}  // namespace candor::app
