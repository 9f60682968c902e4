#include "candor/dataset/csv.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "candor/dataset/name_table.h"
#include "dataset/table_errors.h"

namespace candor::dataset {

Result<CsvReader> CsvReader::open(Window window) {
  CsvReader reader(std::move(window));
  CANDOR_CHECK(reader.read_header());
  return reader;
}

Status CsvReader::read_header() {
  CANDOR_TRY(const bool found, read_record());
  if (!found) return empty_table(file());
  CANDOR_CHECK(check_text());
  NameTable names;
  for (const std::string_view name : fields_) {
    header_.emplace_back(name);
    if (names.find_or_add(name) + 1 != header_.size()) {
      return error("two columns of this name", header_.size() - 1)
          .expecting("every column name once")
          .way("rename or drop one of them");
    }
  }
  return {};
}

Result<bool> CsvReader::next() {
  CANDOR_TRY(const bool found, read_record());
  if (!found) return false;
  if (!window_.plain_ascii()) CANDOR_CHECK(check_text());
  if (fields_.size() != header_.size()) CANDOR_CHECK(check_width());
  return true;
}

// One record into fields_, unescaped; false at the end of the file.
Result<bool> CsvReader::read_record() {
  bool at_end = false;
  for (;;) {
    row_ = line_ + 1;
    const Scan result = scan(at_end);
    if (result == Scan::record) break;
    if (result == Scan::text_after_quote) {
      return error("text after a closing quote", fields_.size())
          .expecting("a comma or the end of the line after the closing quote")
          .way("double the quotes inside a quoted field");
    }
    if (result == Scan::blank) continue;
    if (at_end) {
      if (window_.text().empty()) return false;
      row_ = quote_row_;
      return error("a quote that is never closed", fields_.size())
          .expecting("a closing quote")
          .way("close the quote, or double the quotes inside a quoted field");
    }
    auto grown = window_.grow();
    if (!grown.ok()) return std::move(grown).error().at_row(file(), row_);
    at_end = !*grown;
  }
  if (!doubled_.empty()) unescape();
  return true;
}

// Scans one record from the window's begin and consumes it if it is complete.
CsvReader::Scan CsvReader::scan(bool at_end) {
  fields_.clear();
  doubled_.clear();
  newlines_ = 0;
  const char* at = window_.begin();
  const char* const end = window_.end();
  if (at == end) return Scan::incomplete;
  for (;;) {
    const char* start = at;
    const char* stop = nullptr;
    if (*at == '"') {
      stop = scan_quoted(at + 1, end);
      if (stop == nullptr) return Scan::incomplete;
      if (field_doubled_) doubled_.push_back(fields_.size());
      at = stop + 1;
      ++start;
      if (*at == '\r' && (at[1] == '\n' || at + 1 == end)) ++at;
      if (*at != ',' && *at != '\n') return Scan::text_after_quote;
    } else {
      while (*at != ',' && *at != '\n') ++at;
      stop = at;
      if (*at == '\n' && stop != start && stop[-1] == '\r') --stop;
    }
    if (at >= end && !at_end) return Scan::incomplete;
    fields_.emplace_back(start, static_cast<std::size_t>(stop - start));
    if (*at == '\n') break;
    ++at;
  }
  const bool blank = fields_.size() == 1 && fields_[0].empty() && *window_.begin() != '"';
  window_.consume(std::min(at + 1, end));
  line_ += newlines_ + 1;
  return blank ? Scan::blank : Scan::record;
}

// The closing quote of a field that starts at `from`, or nullptr if it lies beyond `end`.
const char* CsvReader::scan_quoted(const char* from, const char* end) {
  field_doubled_ = false;
  quote_row_ = row_ + newlines_;
  for (const char* at = from; at < end;) {
    const auto* quote =
        static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (quote == nullptr) return nullptr;
    newlines_ += static_cast<std::uint64_t>(std::count(at, quote, '\n'));
    if (quote + 1 == end || quote[1] != '"') return quote;
    field_doubled_ = true;
    at = quote + 2;
  }
  return nullptr;
}

// Doubled quotes become single, in place: the record is complete and will not be scanned again.
void CsvReader::unescape() {
  for (const std::size_t index : doubled_) {
    char* const start = window_.end() - (window_.end() - fields_[index].data());
    char* to = start;
    for (std::size_t i = 0; i < fields_[index].size(); ++i) {
      *to++ = fields_[index][i];
      if (fields_[index][i] == '"') ++i;
    }
    fields_[index] = {start, static_cast<std::size_t>(to - start)};
  }
}

Status CsvReader::check_width() const {
  const std::string columns = std::to_string(header_.size());
  return Error{ErrorCode::malformed, std::to_string(fields_.size()) + " fields"}
      .in_field(header_[std::min(fields_.size(), header_.size() - 1)])
      .at_row(file(), row_)
      .expecting(columns + " fields, as in the header")
      .way("correct the row, and quote fields that hold commas");
}

Status CsvReader::check_text() const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].find('\0') != std::string_view::npos) {
      return error("a NUL byte", i).expecting("text").way("write the table as UTF-8 text");
    }
    if (!simdjson::validate_utf8(fields_[i].data(), fields_[i].size())) {
      return error("bytes that are not UTF-8", i)
          .expecting("UTF-8")
          .way("convert the file, for example with iconv -t utf-8");
    }
  }
  return {};
}

std::string CsvReader::field_name(std::size_t index) const {
  if (index < header_.size()) return header_[index];
  return "column " + std::to_string(index + 1);
}

Error CsvReader::error(std::string found, std::size_t field) const {
  return Error{ErrorCode::malformed, std::move(found)}
      .in_field(field_name(field))
      .at_row(file(), row_);
}

}  // namespace candor::dataset
