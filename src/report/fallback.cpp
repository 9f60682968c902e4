#include "report/fallback.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "report/html.h"

namespace candor::report {
namespace {

using Json = nlohmann::json;

struct Column {
  const char* member;
  const char* heading;
  const char* interval = nullptr;  // the member that holds [low, high]
};

constexpr std::array<Column, 13> columns = {
    {{"brier", "Brier"},
     {"log_loss", "Log loss"},
     {"accuracy", "Accuracy"},
     {"forecast_error", "Forecast error", "forecast_error_ci"},
     {"value", "Result", "value_ci"},
     {"value_strategic", "With strategic workers", "value_strategic_ci"},
     {"regret", "Regret", "regret_ci"},
     {"bound", "Bound"},
     {"drawn_loss", "Drawn loss"},
     {"slope", "Slope"},
     {"label_accuracy", "Label accuracy"},
     {"win_rate", "Win rate"},
     {"malformed", "Malformed"}}};

constexpr std::array<const char*, 7> counts = {"workers", "rounds",     "slots", "settled",
                                               "reports", "duplicates", "seeds"};

const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

std::string fixed(double value, int digits) {
  std::array<char, 400> buffer{};
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                  std::chars_format::fixed, digits);
  return {buffer.data(), done.ptr};
}

// Whole numbers as they are, others with four decimals; what is no number is a dash.
std::string number_cell(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (value.is_number() && value.dump() != "null") return fixed(value.get<double>(), 4);
  return "&ndash;";
}

// "[600, 680]" as number_cell writes them, or nothing.
std::string interval_text(const Json& interval) {
  if (!interval.is_array() || interval.size() != 2) return {};
  return " [" + number_cell(interval[0]) + ", " + number_cell(interval[1]) + "]";
}

// Columns that at least one method has a number for.
std::vector<Column> columns_of(const Json& methods) {
  std::vector<Column> used;
  for (const Column& column : columns) {
    const auto has = [&](const Json& method) { return member(method, column.member).is_number(); };
    if (std::any_of(methods.begin(), methods.end(), has)) used.push_back(column);
  }
  return used;
}

std::string table_head(const std::string& caption, const std::string& first) {
  return "<table class=\"data\"><caption>" + escape_html(caption) +
         "</caption><thead><tr><th scope=\"col\">" + first + "</th>";
}

std::string method_row(const Json& method, const std::vector<Column>& used) {
  std::string row = "<tr><th scope=\"row\">" + escape_html(text_member(method, "name"));
  if (member(method, "whole_file") == Json(true)) row += " (sees whole file)";
  row += "</th>";
  for (const Column& column : used) {
    row += "<td>" + number_cell(member(method, column.member));
    if (column.interval != nullptr) row += interval_text(member(method, column.interval));
    row += "</td>";
  }
  return row + "</tr>\n";
}

std::string method_table(const Json& methods, const std::string& caption) {
  if (!methods.is_array() || methods.empty()) return {};
  const std::vector<Column> used = columns_of(methods);
  std::string table = table_head(caption, "Method");
  for (const Column& column : used) {
    table += std::string("<th scope=\"col\">") + column.heading + "</th>";
  }
  table += "</tr></thead><tbody>\n";
  for (const Json& method : methods) table += method_row(method, used);
  return table + "</tbody></table>\n";
}

// Fine-tunings: each measure after each round.
std::string round_row(const Json& series, std::size_t rounds) {
  std::string row = "<tr><th scope=\"row\">" + escape_html(text_member(series, "name"));
  const std::string unit = text_member(series, "unit");
  if (!unit.empty()) row += ", " + escape_html(unit);
  row += "</th>";
  const Json& values = member(series, "value");
  for (std::size_t at = 0; at < rounds; ++at) {
    const bool there = values.is_array() && at < values.size();
    row += "<td>" + number_cell(there ? values[at] : Json()) + "</td>";
  }
  return row + "</tr>\n";
}

std::string round_table(const Json& by_round) {
  const Json& rounds = member(by_round, "round");
  const Json& series = member(by_round, "series");
  if (!rounds.is_array() || rounds.empty() || !series.is_array()) return {};
  std::string table = table_head("Round by round", "Round");
  for (const Json& round : rounds) table += "<th scope=\"col\">" + number_cell(round) + "</th>";
  table += "</tr></thead><tbody>\n";
  for (const Json& one : series) table += round_row(one, rounds.size());
  return table + "</tbody></table>\n";
}

// Experiments: where all methods began, and what the numbers of their table measure.
std::string before_line(const Json& result) {
  const Json& before = member(result, "before");
  const bool named = member(before, "value").is_number();
  const Json& value = member(before, named ? "value" : "forecast_error");
  if (!value.is_number()) return {};
  const std::string name = text_member(member(result, "measure"), "name");
  return "<p>Before fine-tuning: " + escape_html(name.empty() ? "forecast error" : name) + " " +
         number_cell(value) +
         interval_text(member(before, named ? "value_ci" : "forecast_error_ci")) + " " +
         escape_html(text_member(result, "unit")) + "</p>\n";
}

// Audits: what the best lie that was found gains, by mechanism and utility.
std::string audit_row(const Json& row) {
  std::string text = "<tr><th scope=\"row\">" + escape_html(text_member(row, "mechanism")) +
                     "</th><td>" + escape_html(text_member(row, "utility")) + "</td>";
  for (const char* name : {"workers", "horizon", "coalition"})
    text += "<td>" + number_cell(member(row, name)) + "</td>";
  const Json& gain = member(row, "gain");
  text += "<td>" + (gain.is_number() ? gain.dump() : "&ndash;") + "</td><td>" +
          escape_html(text_member(row, "method")) + "</td>";
  return text + "</tr>\n";
}

std::string audit_table(const Json& rows) {
  if (!rows.is_array() || rows.empty()) return {};
  std::string table = "<table class=\"data\"><caption>What the best lie gains</caption><thead><tr>";
  for (const char* heading :
       {"Mechanism", "Utility", "Workers", "Slots", "Liars", "Gain", "Found by"})
    table += std::string("<th scope=\"col\">") + heading + "</th>";
  table += "</tr></thead><tbody>\n";
  for (const Json& row : rows) table += audit_row(row);
  return table + "</tbody></table>\n";
}

std::string count_line(const Json& result) {
  std::string line;
  for (const char* name : counts) {
    if (!member(result, name).is_number()) continue;
    if (!line.empty()) line += ", ";
    line += number_cell(member(result, name)) + " " + name;
  }
  return line.empty() ? line : "<p>" + line + "</p>\n";
}

}  // namespace

std::string text_member(const Json& result, const char* name) {
  const Json& value = member(result, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::string fallback_html(const Json& result) {
  std::string html = "<h1>" + escape_html(text_member(result, "title")) + "</h1>\n" +
                     "<p>The charts need JavaScript; these are the results.</p>\n" +
                     count_line(result) + before_line(result) +
                     method_table(member(result, "methods"), "Methods") +
                     round_table(member(result, "by_round")) + audit_table(member(result, "rows"));
  const Json& scenarios = member(result, "scenarios");
  if (scenarios.is_array()) {
    for (const Json& scenario : scenarios) {
      html += method_table(member(scenario, "methods"), text_member(scenario, "name"));
    }
  }
  return html;
}

}  // namespace candor::report
