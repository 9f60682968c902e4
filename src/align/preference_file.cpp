#include "candor/align/preference_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "candor/base/file.h"
#include "candor/base/text.h"

namespace candor::align {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// One line, and where it stands.
struct Line {
  json object;
  const std::string& file;
  std::uint64_t number;

  [[nodiscard]] Error error(ErrorCode code, std::string found, std::string_view field) const {
    return Error{code, std::move(found)}.at_row(file, number).in_field(field);
  }
  /// The member, or null where it is absent.
  [[nodiscard]] const json& member(const char* name) const {
    static const json none;
    const auto found = object.find(name);
    return found == object.end() ? none : *found;
  }
};

Error bad_line(const std::string& file, std::uint64_t line, std::string found) {
  return Error{ErrorCode::malformed, std::move(found)}
      .at_row(file, line)
      .expecting("a JSON object in UTF-8 with prompt, chosen and rejected")
      .way("correct the line, or drop it");
}

Result<json> parse_object(std::string_view text, const std::string& file, std::uint64_t line) {
  std::set<std::string> seen;
  std::string twice;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !seen.insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  json object = json::parse(text, watch, /*allow_exceptions=*/false);
  if (!object.is_object()) return bad_line(file, line, "a line that is no JSON object");
  if (!twice.empty()) return bad_line(file, line, "the member " + printable(twice) + " twice");
  return object;
}

Error not_a_text(const Line& line, const char* name) {
  const json& value = line.member(name);
  if (value.is_array() || value.is_object())
    return line.error(ErrorCode::unsupported, "a list of messages", name)
        .expecting("a text")
        .way("apply the model's chat template first, and store the text");
  return line
      .error(ErrorCode::malformed, value.is_null() ? "nothing" : printable(value.dump()), name)
      .expecting("a text")
      .way("correct the line, or drop it");
}

Result<std::string> text(const Line& line, const char* name) {
  const json& value = line.member(name);
  if (!value.is_string()) return not_a_text(line, name);
  return value.get<std::string>();
}

Result<std::string> answer(const Line& line, const char* name) {
  CANDOR_TRY(std::string found, text(line, name));
  if (!found.empty()) return found;
  return line.error(ErrorCode::malformed, "an empty text", name)
      .expecting("an answer")
      .way("drop the line");
}

Result<std::string> optional_text(const Line& line, const char* name) {
  if (line.member(name).is_null()) return std::string();
  return text(line, name);
}

Result<double> number(const Line& line, const char* name, double usual, double lowest,
                      double highest, std::string_view expected) {
  const json& value = line.member(name);
  if (value.is_null()) return usual;
  if (!value.is_number())
    return line.error(ErrorCode::malformed, printable(value.dump()), name)
        .expecting(expected)
        .way("correct the line, or drop it");
  const auto found = value.get<double>();
  if (std::isfinite(found) && found >= lowest && found <= highest) return found;
  return line.error(ErrorCode::out_of_range, number_text(found), name)
      .expecting(expected)
      .way("correct the line, or drop it");
}

Result<PreferenceRecord> record_of(const Line& line) {
  constexpr double any = std::numeric_limits<double>::max();
  PreferenceRecord record{.line = line.number};
  CANDOR_TRY(record.prompt, text(line, "prompt"));
  CANDOR_TRY(record.chosen, answer(line, "chosen"));
  CANDOR_TRY(record.rejected, answer(line, "rejected"));
  CANDOR_TRY(record.p_chosen, number(line, "p_chosen", 1.0, 0.0, 1.0, "a probability in [0,1]"));
  CANDOR_TRY(record.weight, number(line, "weight", 1.0, 0.0, any, "a number >= 0"));
  CANDOR_TRY(record.margin, number(line, "margin", 0.0, -any, any, "a number"));
  CANDOR_TRY(record.slot, optional_text(line, "slot_id"));
  return record;
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

Result<std::vector<PreferenceRecord>> parse_preferences(std::string_view bytes,
                                                        const std::string& file) {
  std::vector<PreferenceRecord> records;
  for (std::uint64_t line = 1; !bytes.empty(); ++line) {
    const std::string_view text = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), text.size() + 1));
    if (blank(text)) continue;
    CANDOR_TRY(json object, parse_object(text, file, line));
    CANDOR_TRY(PreferenceRecord record, record_of({std::move(object), file, line}));
    records.push_back(std::move(record));
  }
  if (!records.empty()) return records;
  return Error{ErrorCode::invalid_argument, "no preference pairs"}.in_file(file).expecting(
      "a line for each pair");
}

Result<std::vector<PreferenceRecord>> read_preferences(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::not_found, "no such file"}.in_file(path).way("check the path");
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, ignored))
    return Error{ErrorCode::io, "opening failed"}.in_file(path).way("check its permissions");
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return Error{ErrorCode::io, "reading failed"}.in_file(path);
  return parse_preferences(bytes, path);
}

Result<std::string> line_of(const PreferenceRecord& record) {
  const ordered_json object = {{"prompt", record.prompt},     {"chosen", record.chosen},
                               {"rejected", record.rejected}, {"p_chosen", record.p_chosen},
                               {"weight", record.weight},     {"margin", record.margin},
                               {"slot_id", record.slot}};
  try {
    return object.dump() + "\n";
  } catch (const json::exception&) {  // dump() refuses bytes that are not UTF-8
    return Error{ErrorCode::malformed, "a text that is not UTF-8"}.way(
        "correct the text, or drop the pair");
  }
}

Status write_preferences(const std::string& path, std::span<const PreferenceRecord> records) {
  CANDOR_TRY(OutputFile file, OutputFile::create(path));
  for (const PreferenceRecord& record : records) {
    CANDOR_TRY(const std::string line, line_of(record));
    CANDOR_CHECK(file.write(line));
  }
  return file.commit();
}

Result<std::vector<PreferencePair>> pairs_of(std::span<const PreferenceRecord> records,
                                             const MakeSequence& make_sequence) {
  std::vector<PreferencePair> pairs;
  for (const PreferenceRecord& record : records) {
    CANDOR_TRY(policy::Sequence chosen, make_sequence(record.prompt, record.chosen));
    CANDOR_TRY(policy::Sequence rejected, make_sequence(record.prompt, record.rejected));
    pairs.push_back({.a = std::move(chosen),
                     .b = std::move(rejected),
                     .label = record.p_chosen,
                     .weight = record.weight,
                     .margin = record.margin,
                     .slot = record.slot});
  }
  return pairs;
}

}  // namespace candor::align
