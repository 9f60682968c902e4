// candor/align/event_file.h
// TensorBoard's event file, written without TensorFlow: scalars and texts over steps.
//
// A file is a row of records (TFRecord):
//   length      8 bytes, little-endian
//   check       4 bytes, masked_crc32c(the 8 bytes)
//   data        `length` bytes: one Event, a protocol buffer
//   check       4 bytes, masked_crc32c(data)
// with masked_crc32c(x) = rotate_right(crc32c(x), 15) + 0xa282ead8 (mod 2^32), and of the Event
// only
//   1 wall_time (double), 2 step (int64), 3 file_version ("brain.Event:2", in the first record),
//   5 summary: 1 value: 1 tag, 2 simple_value (float), 8 tensor (a text), 9 metadata.
// Sources: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto,
// tensorflow/core/framework/summary.proto; CRC-32C: RFC 3720, appendix B.4.
//
//   CANDOR_TRY(EventFile file, EventFile::open("run/events.out.tfevents.candor"));
//   CANDOR_CHECK(file.scalars(1, {{"loss", 0.5}}, wall_time_now()));
//
// Values are floats in the file: about 7 digits. Thread safety: one thread at a time. Cost: one
// write call a step.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candor/align/metrics.h"
#include "candor/base/result.h"

namespace candor::align {

/// CRC-32C (Castagnoli), bit-reflected, initial and final xor all ones. "123456789" -> 0xe3069283.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);
[[nodiscard]] std::uint32_t masked_crc32c(std::string_view bytes);

/// Seconds since 1970.
[[nodiscard]] double wall_time_now();

/// A record with its length and checks.
[[nodiscard]] std::string event_record(std::string_view event);
/// The Event of a step's scalars, of a text, and of the file's first record.
[[nodiscard]] std::string scalar_event(double wall_time, std::uint64_t step,
                                       std::span<const Metric> values);
[[nodiscard]] std::string text_event(double wall_time, std::uint64_t step, std::string_view tag,
                                     std::string_view text);
[[nodiscard]] std::string version_event(double wall_time);

class EventFile {
 public:
  /// Opens for appending; a new file gets its first record. A last record that was cut short is cut
  /// off. Errors: io; corrupt for a wrong check or length before that.
  static Result<EventFile> open(std::string path);

  Status scalars(std::uint64_t step, std::span<const Metric> values, double wall_time);
  Status text(std::uint64_t step, std::string_view tag, std::string_view text, double wall_time);
  /// Cuts the file before the first record of a later step. Errors: as open.
  Status truncate_after(std::uint64_t step);

 private:
  explicit EventFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace candor::align
