#include "report/fallback.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "report/html.h"

namespace candor::report {
namespace {

using Json = nlohmann::json;

struct Column {
  const char* member;
  const char* heading;
};

constexpr std::array<Column, 7> columns = {{{"brier", "Brier"},
                                            {"log_loss", "Log loss"},
                                            {"accuracy", "Accuracy"},
                                            {"regret", "Regret"},
                                            {"bound", "Bound"},
                                            {"drawn_loss", "Drawn loss"},
                                            {"slope", "Slope"}}};

constexpr std::array<const char*, 5> counts = {"workers", "slots", "settled", "reports",
                                               "duplicates"};

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

std::string method_row(const Json& method) {
  std::string row = "<tr><th scope=\"row\">" + escape_html(text_member(method, "name"));
  if (member(method, "whole_file") == Json(true)) row += " (sees whole file)";
  row += "</th>";
  for (const Column& column : columns) {
    row += "<td>" + number_cell(member(method, column.member)) + "</td>";
  }
  return row + "</tr>\n";
}

std::string method_table(const Json& methods, const std::string& caption) {
  if (!methods.is_array() || methods.empty()) return {};
  std::string table = "<table class=\"data\"><caption>" + escape_html(caption) +
                      "</caption><thead><tr><th scope=\"col\">Method</th>";
  for (const Column& column : columns) {
    table += std::string("<th scope=\"col\">") + column.heading + "</th>";
  }
  table += "</tr></thead><tbody>\n";
  for (const Json& method : methods) table += method_row(method);
  return table + "</tbody></table>\n";
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
                     count_line(result) + method_table(member(result, "methods"), "Methods") +
                     audit_table(member(result, "rows"));
  const Json& scenarios = member(result, "scenarios");
  if (scenarios.is_array()) {
    for (const Json& scenario : scenarios) {
      html += method_table(member(scenario, "methods"), text_member(scenario, "name"));
    }
  }
  return html;
}

}  // namespace candor::report
