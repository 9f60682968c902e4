// Any bytes as a preference file: no crash, numbers in their ranges, and what is read is written
// and read again.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/align/preference_file.h"

namespace {

using candor::align::PreferenceRecord;

void check(const PreferenceRecord& record) {
  if (!(record.p_chosen >= 0.0 && record.p_chosen <= 1.0)) std::abort();
  if (!(record.weight >= 0.0) || !std::isfinite(record.weight)) std::abort();
  if (!std::isfinite(record.margin) || record.line == 0) std::abort();
  if (record.chosen.empty() || record.rejected.empty()) std::abort();
}

std::string written(const std::vector<PreferenceRecord>& records) {
  std::string text;
  for (const PreferenceRecord& record : records) {
    const auto line = candor::align::line_of(record);
    if (!line.ok()) std::abort();
    text += *line;
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  auto records = candor::align::parse_preferences(bytes, "fuzz");
  if (!records.ok()) {
    if (records.error().message().empty()) std::abort();
    return 0;
  }
  for (const PreferenceRecord& record : *records) check(record);
  auto again = candor::align::parse_preferences(written(*records), "fuzz");
  if (!again.ok() || again->size() != records->size()) std::abort();
  for (std::size_t i = 0; i < again->size(); ++i) {
    (*again)[i].line = (*records)[i].line;
    if (!((*again)[i] == (*records)[i])) std::abort();
  }
  return 0;
}
