// The ledger audit as JSON and as a table.
#include <fmt/format.h>

#include <algorithm>

#include "candor/audit/ledger_audit.h"

namespace candor::audit {
namespace {

using Json = nlohmann::json;

std::vector<Measure> measures_of(const LedgerAudit& audit) {
  if (audit.pays) return {all_measures.begin(), all_measures.end()};
  return {Measure::final_weight, Measure::mean_weight};
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json earnings_json(const LedgerAudit& audit, const Earnings& earned) {
  Json json{{"final_weight", earned.final_weight}, {"mean_weight", earned.mean_weight}};
  if (audit.pays) json["paid_micro"] = earned.paid_micro;
  return json;
}

Json tried_json(const LedgerAudit& audit, const DistortionResult& result) {
  Json json = earnings_json(audit, result.earned);
  json["distortion"] = audit.distortions[result.distortion];
  json["price"] = number_or_null(result.price);
  json["surprise"] = number_or_null(result.surprise);
  return json;
}

Json best_json(const LedgerAudit& audit, const WorkerAudit& worker, Measure measure) {
  const WorkerAudit::Best best = worker.best_of(measure);
  const DistortionResult& result = worker.tried[best.distortion];
  return {{"distortion", audit.distortions[best.distortion]},
          {"gain", best.gain},
          {"price", number_or_null(result.price)},
          {"surprise", number_or_null(result.surprise)}};
}

Json worker_json(const LedgerAudit& audit, const WorkerAudit& worker) {
  Json json{{"worker", worker.name},
            {"slots", worker.slots},
            {"settled", worker.settled},
            {"honest", earnings_json(audit, worker.honest)},
            {"best", Json::object()}};
  for (const Measure measure : measures_of(audit))
    json["best"][std::string(name_of(measure))] = best_json(audit, worker, measure);
  return json;
}

Json heading_json(const LedgerAudit& audit) {
  return {{"campaign", audit.campaign},
          {"mechanism", audit.mechanism},
          {"answers", audit.answers},
          {"distortions", audit.distortions},
          {"pays", audit.pays},
          {"workers", audit.all_workers},
          {"slots", audit.slots},
          {"settled", audit.settled},
          {"how_to_read", how_to_read(audit)},
          {"rows", Json::array()}};
}

constexpr double clear_surprise = 3.0;

bool is_clear(const WorkerAudit& worker) {
  const WorkerAudit::Best best = worker.best_of(Measure::final_weight);
  return best.gain > 0.0 && worker.tried[best.distortion].surprise.value_or(0.0) > clear_surprise;
}

std::string cell(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

std::string row_text(const LedgerAudit& audit, const WorkerAudit& worker) {
  const WorkerAudit::Best best = worker.best_of(Measure::final_weight);
  const DistortionResult& result = worker.tried[best.distortion];
  std::string text =
      fmt::format("{:<24.24} {:>8} {:>10.3g} {:>10.3g}  {:<20.20} {:>10} {:>9}", worker.name,
                  worker.settled, worker.honest.final_weight, best.gain,
                  best.gain > 0.0 ? audit.distortions[best.distortion] : "none gains",
                  cell(result.price, "{:.3g}"), cell(result.surprise, "{:.1f}"));
  if (audit.pays) {
    const WorkerAudit::Best pay = worker.best_of(Measure::pay);
    text += fmt::format(" {:>12} {:>11.0f}  {:<20.20}", worker.honest.paid_micro, pay.gain,
                        pay.gain > 0.0 ? audit.distortions[pay.distortion] : "none gains");
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + '\n';
}

}  // namespace

std::string how_to_read(const LedgerAudit& audit) {
  const auto gained = std::count_if(
      audit.workers.begin(), audit.workers.end(),
      [](const WorkerAudit& worker) { return worker.best_of(Measure::final_weight).gain > 0.0; });
  const auto clear = std::count_if(audit.workers.begin(), audit.workers.end(), is_clear);
  std::string text = fmt::format(
      "With hindsight, {} of {} workers would have ended with more weight by the best of {} fixed "
      "distortions. That is luck, or reports that were too bold or too timid, not a flaw of the "
      "rule: before the outcomes were known the same distortion cost a worker whose reports mean "
      "what they say the price beside it",
      gained, audit.workers.size(), audit.distortions.size());
  text += "; and nobody could copy the others, whose reports are sealed until a slot is pooled. ";
  if (clear == 0)
    return text + fmt::format("No surprise is over {:.0f} standard deviations.", clear_surprise);
  return text +
         fmt::format(
             "For {} of them the surprise is over {:.0f} standard deviations, more than luck "
             "explains: they would do well to change how sure they say they are.",
             clear, clear_surprise);
}

Json to_json(const LedgerAudit& audit) {
  Json json = heading_json(audit);
  for (const WorkerAudit& worker : audit.workers) {
    Json row = worker_json(audit, worker);
    row["tried"] = Json::array();
    for (const DistortionResult& result : worker.tried)
      row["tried"].push_back(tried_json(audit, result));
    json["rows"].push_back(std::move(row));
  }
  return json;
}

Json report_json(const LedgerAudit& audit, const std::string& title, const std::string& command) {
  Json json = heading_json(audit);
  json["kind_of_report"] = "ledger-audit";
  json["title"] = title;
  json["version"] = CANDOR_VERSION;
  json["command"] = command;
  for (const WorkerAudit& worker : audit.workers)
    json["rows"].push_back(worker_json(audit, worker));
  return json;
}

std::string text_table(const LedgerAudit& audit) {
  std::string text =
      fmt::format("{:<24} {:>8} {:>10} {:>10}  {:<20} {:>10} {:>9}", "worker", "settled", "weight",
                  "gain", "best distortion", "price", "surprise");
  if (audit.pays) text += fmt::format(" {:>12} {:>11}  {}", "paid", "gain", "best distortion");
  text += '\n';
  for (const WorkerAudit& worker : audit.workers) text += row_text(audit, worker);
  return text + '\n' + how_to_read(audit) + '\n';
}

}  // namespace candor::audit
