// candor/align/metrics_log.h
// Metrics on disk, for people and for dashboards: FOLDER/metrics.jsonl, one object a step, and
// FOLDER/events.out.tfevents.candor, which TensorBoard shows.
//
//   CANDOR_TRY(MetricsLog log, MetricsLog::open("run/log"));         // continues what is there
//   CANDOR_CHECK(log.write({.step = 1, .values = {{"loss", 0.5}, {"rewards/accuracies", 1}}}));
//
// appends {"step":1,"loss":0.5,"rewards/accuracies":1} and hands it to the system at once. Numbers
// are the shortest decimals that read back; one that is not finite is null (JSON has none).
//
// A resumed run starts from its last checkpoint, which may lie before the last line written:
// truncate_after(step) drops later steps from both files, so that a curve is never drawn twice. A
// line or record that a kill cut short is dropped by open().
//
// Errors: io, naming the file; corrupt for a line that is no such object, or an event file whose
// checksums are wrong before its last record. Thread safety: one thread at a time. Cost: two write
// calls a step; nothing is fsynced.
#pragma once

#include <cstdint>
#include <string>

#include "candor/align/event_file.h"
#include "candor/align/metrics.h"
#include "candor/base/result.h"

namespace candor::align {

class MetricsLog {
 public:
  /// Makes the folder and the files if need be.
  static Result<MetricsLog> open(const std::string& folder);

  Status write(const Metrics& metrics);
  /// A text to be read beside the curves, for TensorBoard alone: sample answers, the options.
  Status write_text(std::uint64_t step, std::string_view tag, std::string_view text);
  Status truncate_after(std::uint64_t step);

 private:
  MetricsLog(std::string path, EventFile events)
      : path_(std::move(path)), events_(std::move(events)) {}
  std::string path_;
  EventFile events_;
};

/// The object of one step, without a newline.
[[nodiscard]] std::string json_line(const Metrics& metrics);

/// All steps of a metrics.jsonl, null as NaN. Errors: io, not_found, corrupt (file and line).
[[nodiscard]] Result<std::vector<Metrics>> read_metrics(const std::string& path);

}  // namespace candor::align
