// candor/dataset/window.h
// A stretch of a ByteSource that a parser can look at as one piece of memory: what has not been
// consumed yet, growing at the end as the parser asks for more.
//
//   begin ........ end '\n' padding
//
// The byte at `end` is always a newline, so that a scan for the end of a line needs no second test;
// `padding` bytes after it may be read. Used by CsvReader and JsonlReader.
//
// Memory: the longest record, rounded up, plus one block; records over `longest_record` are
// refused. Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/byte_source.h"

namespace candor::dataset {

class Window {
 public:
  static constexpr std::size_t padding = 64;
  static constexpr std::size_t longest_record = std::size_t{64} << 20U;

  /// Loads the first bytes and skips a UTF-8 byte order mark.
  static Result<Window> open(ByteSource source);

  [[nodiscard]] char* begin() { return buffer_.data() + begin_; }
  [[nodiscard]] char* end() { return buffer_.data() + end_; }
  [[nodiscard]] std::string_view text() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// Drops everything before `to`, which lies in [begin, end].
  void consume(const char* to) { begin_ = static_cast<std::size_t>(to - buffer_.data()); }

  /// Loads more, at least as much again as there is; false at the end of the input. Pointers into
  /// the window are invalid afterwards. Errors: the source's; malformed if a record exceeds the
  /// limit.
  Result<bool> grow();

  /// True if no byte of the window is NUL or above 0x7f, so that nothing needs to be validated.
  [[nodiscard]] bool plain_ascii() const { return plain_ascii_; }
  [[nodiscard]] const std::string& name() const { return source_.name(); }

 private:
  explicit Window(ByteSource source) : source_(std::move(source)) {}
  void append(std::string_view block);
  void close_up();

  ByteSource source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool plain_ascii_ = true;
};

}  // namespace candor::dataset
