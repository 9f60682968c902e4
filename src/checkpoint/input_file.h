// checkpoint/input_file.h
// A file read at chosen places. Plain reads rather than a mapping: a file that shrinks meanwhile is
// an error, not a signal.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "candor/base/result.h"

namespace candor::checkpoint {

/// Thread safety: const methods from any thread.
class InputFile {
 public:
  /// Errors: not_found; io; unsupported for what is no regular file.
  static Result<InputFile> open(const std::string& path);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// Fills `bytes` from the place on. Errors: malformed where the file ends before; io.
  Status read_at(std::uint64_t place, std::span<std::uint8_t> bytes) const;

 private:
  InputFile(std::string path, int file, std::uint64_t size)
      : path_(std::move(path)), file_(file), size_(size) {}

  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

/// The whole of a small text file. Errors: as above; malformed where it is over `limit` bytes.
Result<std::string> read_text(const std::string& path, std::uint64_t limit);

}  // namespace candor::checkpoint
