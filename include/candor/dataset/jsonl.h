// candor/dataset/jsonl.h
// JSON lines: one object a line, handed out as rows of text fields like those of CsvReader.
//
//   CANDOR_TRY(JsonlReader reader, JsonlReader::open(std::move(window), known));
//   {"task_id": 7, "label": "cat"}      ->  header {"task_id", "label"}, fields {"7", "cat"}
//   {"label": "dog", "truth": null}     ->  header {"task_id", "label", "truth"}, fields {"",
//   "dog", ""}
//
// The header holds the keys seen so far for which `known` is true, in order of appearance; it grows
// when a line brings a new one. Other keys are ignored. A missing key and null are the empty field.
// Values become text: strings as they are, true and false by name, integers in decimal, other
// numbers as the shortest decimal that reads back (1.0 -> "1"). Blank lines are skipped.
//
// Errors, all malformed, at the line: not JSON (this includes bytes that are not UTF-8 and integers
// beyond 64 bits), not an object, an array or object under a known key, a known key twice, an
// escaped NUL; a file without any object. Cost: 0.3 microseconds a line of 100 bytes (simdjson).
// Thread safety: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/window.h"

namespace candor::dataset {

class JsonlReader {
 public:
  using KnownKey = std::function<bool(std::string_view)>;

  /// Reads the first object, so that header() is of use before the first next().
  static Result<JsonlReader> open(Window window, KnownKey known);
  JsonlReader(JsonlReader&&) noexcept;
  JsonlReader& operator=(JsonlReader&&) noexcept;
  ~JsonlReader();

  /// Moves to the next object; false after the last. Fields are valid until the next call.
  Result<bool> next();

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  /// Keys of the first object that are not known, for messages.
  [[nodiscard]] const std::vector<std::string>& ignored() const { return ignored_; }
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  [[nodiscard]] std::uint64_t row() const { return line_; }
  [[nodiscard]] std::uint64_t lines() const { return line_; }
  [[nodiscard]] const std::string& file() const { return window_.name(); }

 private:
  class Parser;  // keeps simdjson out of this header

  JsonlReader(Window window, KnownKey known);
  Result<std::string_view> next_line();
  Result<bool> read_object();
  Status parse(std::string_view line);
  std::size_t column_of(std::string_view key);
  Status set_field(std::size_t column, std::string_view text);
  [[nodiscard]] Error error(std::string found) const;

  Window window_;
  KnownKey known_;
  std::unique_ptr<Parser> parser_;
  std::vector<std::string> header_;
  std::vector<std::string> ignored_;
  std::vector<std::string_view> fields_;
  std::vector<char> present_;                 // per column: seen on this line
  std::deque<std::array<char, 32>> numbers_;  // per column: room for a number's text
  std::uint64_t line_ = 0;
  bool first_pending_ = false;  // the first object was read by open()
  bool at_end_ = false;
};

}  // namespace candor::dataset
