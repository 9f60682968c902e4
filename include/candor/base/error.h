// candor/base/error.h
// What can go wrong because of data or a caller, as a value. Programmer errors are assertions; they
// never become an Error.
//
// An Error says four things, in this order: where (file, row, field), what was found, what was
// expected, and the way out. It is printed on one line:
//
//   crowd.csv:17: field "probability": found 1.7; expected a number in [0,1]; correct the row, or
//   drop it
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace candor {

/// The closed list of things that go wrong. Each maps once to a CLI exit status and an HTTP status;
/// new code picks the nearest entry rather than adding one.
enum class ErrorCode : std::uint8_t {
  invalid_argument,  ///< an option or parameter makes no sense          exit 2, HTTP 400
  out_of_range,      ///< a number lies outside its stated range         exit 2, HTTP 422
  malformed,         ///< bytes that do not parse as what they claim     exit 3, HTTP 422
  not_found,         ///< the named thing does not exist                 exit 4, HTTP 404
  conflict,          ///< contradicts what was said or done before       exit 5, HTTP 409
  corrupt,           ///< stored data fails its own integrity check      exit 6, HTTP 500
  io,                ///< the operating system refused                   exit 7, HTTP 503
  unsupported,       ///< understood, but this build or format cannot    exit 8, HTTP 501
};

/// The code's wire name ("invalid_argument"), exit status and HTTP status.
[[nodiscard]] std::string_view name_of(ErrorCode code);
[[nodiscard]] int exit_status_of(ErrorCode code);
[[nodiscard]] int http_status_of(ErrorCode code);

/// One failure. `found`, `expected` and `way_out` are sentence parts without a final full stop; the
/// builder functions return *this, so that an error reads as a sentence where it is made:
///
///   return Error{ErrorCode::out_of_range, "1.7"}
///       .in_field("probability").at_row("crowd.csv", 17)
///       .expecting("a number in [0,1]").way("correct the row, or drop it");
struct Error {
  ErrorCode code = ErrorCode::invalid_argument;
  std::string found;       ///< what was there
  std::string field = {};  ///< column, option or argument; empty if none
  std::string file = {};   ///< path as the user gave it; empty if none
  std::uint64_t row = 0;   ///< 1-based line of the file where the record starts; 0 if none
  std::string expected = {};
  std::string way_out = {};

  Error&& in_field(std::string_view name) &&;
  Error&& at_row(std::string_view path, std::uint64_t line) &&;
  Error&& in_file(std::string_view path) &&;
  Error&& expecting(std::string_view what) &&;
  Error&& way(std::string_view what) &&;

  /// The line shown above. Never ends in a newline; control characters in `found` are escaped and
  /// texts over 80 bytes are shortened, so that a hostile field cannot garble a terminal or a log.
  [[nodiscard]] std::string message() const;
};

}  // namespace candor
