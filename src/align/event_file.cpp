#include "candor/align/event_file.h"

#include <chrono>
#include <optional>
#include <utility>

#include "align/append_file.h"
#include "align/proto.h"

namespace candor::align {
namespace {

constexpr std::size_t header_size = 12;    // length and its check
constexpr std::size_t footer_size = 4;     // the data's check
constexpr std::uint64_t string_type = 7;   // DT_STRING
constexpr std::uint64_t tensor_class = 2;  // DATA_CLASS_TENSOR

ProtoWriter event_of(double wall_time, std::uint64_t step) {
  ProtoWriter event;
  event.double_field(1, wall_time).varint_field(2, step);
  return event;
}

std::string text_tensor(std::string_view text) {
  const std::string dimension = ProtoWriter().varint_field(1, 1).bytes();
  const std::string shape = ProtoWriter().bytes_field(2, dimension).bytes();
  return ProtoWriter()
      .varint_field(1, string_type)
      .bytes_field(2, shape)
      .bytes_field(8, text)
      .bytes();
}

std::string text_metadata() {
  const std::string plugin = ProtoWriter().bytes_field(1, "text").bytes();
  return ProtoWriter().bytes_field(1, plugin).varint_field(4, tensor_class).bytes();
}

struct Record {
  std::string_view event;
  std::size_t size = 0;  // of the whole record
};

Error corrupt(const std::string& path, std::size_t offset) {
  return Error{ErrorCode::corrupt, "a wrong check of the record at byte " + std::to_string(offset)}
      .in_file(path)
      .expecting("records as TensorBoard's writers make them")
      .way("move the file away");
}

// The record at the start of `rest`; nothing where it was cut short.
Result<std::optional<Record>> record_at(std::string_view rest, const std::string& path,
                                        std::size_t offset) {
  if (rest.size() < header_size) return std::optional<Record>();
  if (from_little_endian(rest.substr(8, 4)) != masked_crc32c(rest.substr(0, 8)))
    return corrupt(path, offset);
  const std::uint64_t length = from_little_endian(rest.substr(0, 8));
  rest.remove_prefix(header_size);
  if (rest.size() < footer_size || length > rest.size() - footer_size)
    return std::optional<Record>();
  const std::string_view event = rest.substr(0, length);
  if (from_little_endian(rest.substr(length, footer_size)) != masked_crc32c(event))
    return corrupt(path, offset);
  return std::optional(Record{event, header_size + length + footer_size});
}

// How many bytes of whole records come before the first of a step above `last`, or before the end.
Result<std::size_t> whole_records(std::string_view bytes, const std::string& path,
                                  std::uint64_t last) {
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    CANDOR_TRY(const auto record, record_at(bytes.substr(offset), path, offset));
    if (!record || varint_of(record->event, 2).value_or(0) > last) break;
    offset += record->size;
  }
  return offset;
}

Status keep_until(const std::string& path, std::uint64_t last) {
  CANDOR_TRY(const std::string bytes, bytes_of(path));
  CANDOR_TRY(const std::size_t kept, whole_records(bytes, path, last));
  return kept < bytes.size() ? cut_to(path, kept) : Status{};
}

}  // namespace

double wall_time_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

std::string event_record(std::string_view event) {
  const std::string length = little_endian(event.size(), 8);
  std::string record = length + little_endian(masked_crc32c(length), 4);
  record += event;
  return record + little_endian(masked_crc32c(event), 4);
}

std::string scalar_event(double wall_time, std::uint64_t step, std::span<const Metric> values) {
  ProtoWriter summary;
  for (const Metric& metric : values) {
    ProtoWriter value;
    value.bytes_field(1, metric.name).float_field(2, static_cast<float>(metric.value));
    summary.bytes_field(1, value.bytes());
  }
  return event_of(wall_time, step).bytes_field(5, summary.bytes()).bytes();
}

std::string text_event(double wall_time, std::uint64_t step, std::string_view tag,
                       std::string_view text) {
  ProtoWriter value;
  value.bytes_field(1, tag).bytes_field(8, text_tensor(text)).bytes_field(9, text_metadata());
  const std::string summary = ProtoWriter().bytes_field(1, value.bytes()).bytes();
  return event_of(wall_time, step).bytes_field(5, summary).bytes();
}

std::string version_event(double wall_time) {
  return ProtoWriter().double_field(1, wall_time).bytes_field(3, "brain.Event:2").bytes();
}

Result<EventFile> EventFile::open(std::string path) {
  EventFile file(std::move(path));
  CANDOR_CHECK(keep_until(file.path_, UINT64_MAX));
  CANDOR_TRY(const std::string bytes, bytes_of(file.path_));
  if (bytes.empty())
    CANDOR_CHECK(append_to(file.path_, event_record(version_event(wall_time_now()))));
  return file;
}

Status EventFile::scalars(std::uint64_t step, std::span<const Metric> values, double wall_time) {
  return append_to(path_, event_record(scalar_event(wall_time, step, values)));
}

Status EventFile::text(std::uint64_t step, std::string_view tag, std::string_view text,
                       double wall_time) {
  return append_to(path_, event_record(text_event(wall_time, step, tag, text)));
}

Status EventFile::truncate_after(std::uint64_t step) {
  return keep_until(path_, step);
}

}  // namespace candor::align
