#include "candor/dataset/preferences.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

constexpr double smallest_doubt = 1e-12;
constexpr double sum_tolerance = 1e-9;

bool is_label(std::span<const double> label) {
  if (label.size() != 2 && label.size() != 3) return false;
  double total = 0.0;
  for (const double p : label) {
    if (!(p >= 0.0 && p <= 1.0)) return false;
    total += p;
  }
  return std::abs(total - 1.0) <= sum_tolerance;
}

Status check_text(std::string_view text, std::string_view name, std::string_view slot) {
  if (simdjson::validate_utf8(text.data(), text.size())) return {};
  return Error{ErrorCode::malformed, "bytes that are not UTF-8, slot " + quoted(slot)}
      .in_field(name)
      .expecting("UTF-8")
      .way("convert the file of texts, for example with iconv -t utf-8");
}

void append_member(std::string& line, std::string_view key, std::string_view text) {
  append_json_string(line, key);
  line += ':';
  append_json_string(line, text);
  line += ',';
}

void append_member(std::string& line, std::string_view key, double value) {
  append_json_string(line, key);
  line += ':';
  append_number(line, value);
  line += ',';
}

}  // namespace

Result<Preference> preference_of(std::span<const double> label) {
  if (!is_label(label)) {
    std::string found;
    for (const double p : label) found += (found.empty() ? "" : ", ") + number_text(p);
    return Error{ErrorCode::out_of_range, std::move(found)}
        .in_field("label")
        .expecting("probabilities of a, b and maybe tie that sum to 1")
        .way("write preferences of pairwise slots only");
  }
  Preference preference;
  const double both = label[0] + label[1];
  preference.chosen_is_a = label[0] >= label[1];
  if (both > 0.0) preference.p_chosen = std::max(label[0], label[1]) / both;
  preference.weight = label.size() == 3 ? 1.0 - label[2] : 1.0;
  const double doubt = std::max(1.0 - preference.p_chosen, smallest_doubt);
  preference.margin = portable_log(preference.p_chosen / doubt);
  return preference;
}

Result<PreferenceWriter> PreferenceWriter::create(std::string path) {
  CANDOR_TRY(OutputFile file, OutputFile::create(std::move(path)));
  return PreferenceWriter(std::move(file));
}

Status PreferenceWriter::write(std::string_view slot_name, std::span<const double> label,
                               const TaskText& text) {
  CANDOR_TRY(const Preference preference, preference_of(label));
  CANDOR_CHECK(check_text(text.prompt, "prompt", slot_name));
  CANDOR_CHECK(check_text(text.response_a, "response_a", slot_name));
  CANDOR_CHECK(check_text(text.response_b, "response_b", slot_name));
  CANDOR_CHECK(check_text(slot_name, "slot_id", slot_name));
  const bool a = preference.chosen_is_a;
  line_ = "{";
  append_member(line_, "prompt", text.prompt);
  append_member(line_, "chosen", a ? text.response_a : text.response_b);
  append_member(line_, "rejected", a ? text.response_b : text.response_a);
  append_member(line_, "p_chosen", preference.p_chosen);
  append_member(line_, "weight", preference.weight);
  append_member(line_, "margin", preference.margin);
  append_member(line_, "slot_id", slot_name);
  line_.back() = '}';
  line_ += '\n';
  CANDOR_CHECK(file_.write(line_));
  ++pairs_;
  return {};
}

}  // namespace candor::dataset
