#include "candor/align/metrics_log.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "align/append_file.h"
#include "candor/base/file.h"
#include "candor/base/text.h"

namespace candor::align {
namespace {

using nlohmann::ordered_json;

Error bad_line(const std::string& path, std::uint64_t line) {
  return Error{ErrorCode::corrupt, "a line that is no step's metrics"}
      .at_row(path, line)
      .expecting("a JSON object with a step and numbers")
      .way("move the file away, or drop the line");
}

Result<Metrics> parse_line(std::string_view text, const std::string& path, std::uint64_t line) {
  const ordered_json object = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("step") || !object["step"].is_number_unsigned())
    return bad_line(path, line);
  Metrics metrics{.step = object["step"].get<std::uint64_t>(), .values = {}};
  for (const auto& [name, value] : object.items()) {
    if (name == "step") continue;
    if (!value.is_number() && !value.is_null()) return bad_line(path, line);
    metrics.values.push_back(
        {name, value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>()});
  }
  return metrics;
}

// Calls visit(metrics, offset of the line) for each whole line until it returns false.
template <class Visit>
Status for_each_line(std::string_view bytes, const std::string& path, Visit visit) {
  std::size_t offset = 0;
  for (std::uint64_t line = 1; offset < bytes.size(); ++line) {
    const std::size_t end = bytes.find('\n', offset);
    if (end == std::string_view::npos) break;
    CANDOR_TRY(Metrics metrics, parse_line(bytes.substr(offset, end - offset), path, line));
    if (!visit(std::move(metrics), offset)) break;
    offset = end + 1;
  }
  return {};
}

Status drop_torn_line(const std::string& path) {
  CANDOR_TRY(const std::string bytes, bytes_of(path));
  const std::size_t end = bytes.rfind('\n');
  const std::size_t whole = end == std::string::npos ? 0 : end + 1;
  return whole < bytes.size() ? cut_to(path, whole) : Status{};
}

}  // namespace

std::string json_line(const Metrics& metrics) {
  std::string line = "{\"step\":" + std::to_string(metrics.step);
  for (const Metric& metric : metrics.values) {
    line += ',';
    append_json_string(line, metric.name);
    line += ':';
    line += std::isfinite(metric.value) ? number_text(metric.value) : "null";
  }
  return line + "}";
}

Result<MetricsLog> MetricsLog::open(const std::string& folder) {
  CANDOR_CHECK(make_folder(folder));
  const std::filesystem::path base(folder);
  std::string path = (base / "metrics.jsonl").string();
  CANDOR_CHECK(drop_torn_line(path));
  CANDOR_TRY(EventFile events, EventFile::open((base / "events.out.tfevents.candor").string()));
  return MetricsLog(std::move(path), std::move(events));
}

Status MetricsLog::write(const Metrics& metrics) {
  CANDOR_CHECK(append_to(path_, json_line(metrics) + "\n"));
  return events_.scalars(metrics.step, metrics.values, wall_time_now());
}

Status MetricsLog::write_text(std::uint64_t step, std::string_view tag, std::string_view text) {
  return events_.text(step, tag, text, wall_time_now());
}

Status MetricsLog::truncate_after(std::uint64_t step) {
  CANDOR_TRY(const std::string bytes, bytes_of(path_));
  std::size_t kept = bytes.size();
  CANDOR_CHECK(for_each_line(bytes, path_, [&](const Metrics& metrics, std::size_t offset) {
    if (metrics.step > step) kept = offset;
    return metrics.step <= step;
  }));
  if (kept < bytes.size()) CANDOR_CHECK(cut_to(path_, kept));
  return events_.truncate_after(step);
}

Result<std::vector<Metrics>> read_metrics(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Error{ErrorCode::not_found, "no such file"}.in_file(path).way("check the path");
  CANDOR_TRY(const std::string bytes, bytes_of(path));
  std::vector<Metrics> all;
  CANDOR_CHECK(for_each_line(bytes, path, [&](Metrics metrics, std::size_t) {
    all.push_back(std::move(metrics));
    return true;
  }));
  return all;
}

}  // namespace candor::align
