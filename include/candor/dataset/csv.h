// candor/dataset/csv.h
// Comma-separated values (RFC 4180), row by row, without a copy of the fields.
//
//   CANDOR_TRY(CsvReader reader, CsvReader::open(std::move(window)));
//   reader.header();                          // {"task_id", "label"}
//   for (;;) {
//     CANDOR_TRY(const bool more, reader.next());
//     if (!more) break;
//     use(reader.fields()[0], reader.row());  // views valid until the next call
//   }
//
// Accepted: LF and CRLF, a byte order mark, quoted fields with commas, newlines and doubled quotes,
// a last line without newline, fields of any length up to 64 MiB a record. Blank lines are skipped.
// A quote inside an unquoted field is text. Nothing is trimmed. Worked: `"a ""b"", c",d` has the
// fields `a "b", c` and `d`.
//
// Errors, all malformed, at the line where the record starts: a quote that is never closed, text
// after a closing quote, a number of fields other than the header's, a NUL byte, bytes that are not
// UTF-8, a column named twice; a file without header. A quote that is never closed is reported at
// the line on which it opens. Cost: about 1 ns a byte. Memory: the longest record, at least 2 MiB.
// Thread safety: one thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/window.h"

namespace candor::dataset {

class CsvReader {
 public:
  /// Reads the header.
  static Result<CsvReader> open(Window window);

  /// Moves to the next record; false after the last.
  Result<bool> next();

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  /// The record's fields, as many as the header has.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  /// 1-based line on which the record starts.
  [[nodiscard]] std::uint64_t row() const { return row_; }
  /// Lines read so far; after the last record, the lines of the file.
  [[nodiscard]] std::uint64_t lines() const { return line_; }
  [[nodiscard]] const std::string& file() const { return window_.name(); }

 private:
  enum class Scan : std::uint8_t { record, blank, incomplete, text_after_quote };

  explicit CsvReader(Window window) : window_(std::move(window)) {}
  Scan scan(bool at_end);
  const char* scan_quoted(const char* from, const char* end);
  Result<bool> read_record();
  Status read_header();
  Status check_width() const;
  Status check_text() const;
  void unescape();
  [[nodiscard]] std::string field_name(std::size_t index) const;
  [[nodiscard]] Error error(std::string found, std::size_t field) const;

  Window window_;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::vector<std::size_t> doubled_;  // fields that hold doubled quotes
  std::uint64_t line_ = 0;            // lines consumed
  std::uint64_t row_ = 0;
  std::uint64_t quote_row_ = 0;  // line on which the last quoted field opened
  std::uint64_t newlines_ = 0;   // line ends inside the record being scanned
  bool field_doubled_ = false;
};

}  // namespace candor::dataset
