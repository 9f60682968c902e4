#include <nlohmann/json.hpp>

#include "candor/audit/audit.h"

namespace candor::audit {
namespace {

using nlohmann::json;

json slots_json(const AuditRow& row) {
  json slots = json::array();
  for (std::size_t t = 0; t < row.instance.slots.size(); ++t) {
    const AuditSlot& slot = row.instance.slots[t];
    json one{{"belief", slot.belief}, {"reports", slot.reports}};
    if (t == 0) {
      one["honest"] = row.honest;
      one["best"] = row.best;
    }
    if (!slot.present.empty()) one["present"] = slot.present;
    slots.push_back(std::move(one));
  }
  return slots;
}

json instance_json(const AuditRow& row) {
  json instance{{"name", row.instance.name},
                {"weights", row.instance.weights},
                {"slots", slots_json(row)},
                {"honest_utility", row.honest_utility},
                {"best_utility", row.best_utility}};
  if (row.instance.step_size > 0.0) instance["step_size"] = row.instance.step_size;
  if (row.utility == game::Motive::sway) {
    instance["honest_label"] = row.honest_label;
    instance["best_label"] = row.best_label;
  }
  if (!row.note.empty()) instance["note"] = row.note;
  if (row.spacing > 0.0)
    instance["search"] = {{"spacing", row.spacing},
                          {"note", "a peak narrower than the spacing can have been missed"}};
  return instance;
}

json row_json(const AuditRow& row) {
  return {{"mechanism", row.mechanism},
          {"utility", game::name_of(row.utility)},
          {"workers", row.workers},
          {"horizon", row.horizon},
          {"gain", row.gain},
          {"exact", row.exact},
          {"method", row.method},
          {"coalition", row.coalition},
          {"instance", instance_json(row)}};
}

json heat_json(const HeatMap& map) {
  return {{"mechanism", map.mechanism}, {"utility", game::name_of(map.utility)},
          {"beliefs", map.beliefs},     {"reports", map.reports},
          {"gain", map.gain},           {"note", map.note}};
}

}  // namespace

json rows_json(const AuditResult& result) {
  json rows = json::array();
  for (const AuditRow& row : result.rows) rows.push_back(row_json(row));
  return rows;
}

json report_json(const AuditResult& result, const std::string& command) {
  json mechanisms = json::array();
  for (const MechanismNote& note : result.mechanisms)
    mechanisms.push_back({{"name", note.name}, {"description", note.description}});
  json utilities = json::array();
  for (const game::Motive motive : game::all_motives) utilities.push_back(game::name_of(motive));
  json heat = json::array();
  for (const HeatMap& map : result.heat) heat.push_back(heat_json(map));
  return {{"kind_of_report", "audit"},           {"title", "What a lie would have earned"},
          {"version", CANDOR_VERSION},           {"command", command},
          {"mechanisms", std::move(mechanisms)}, {"utilities", std::move(utilities)},
          {"rows", rows_json(result)},           {"heat", std::move(heat)}};
}

}  // namespace candor::audit
