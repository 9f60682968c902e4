// checkpoint/byte_reader.h
// A file read from front to back in small pieces.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "checkpoint/input_file.h"

namespace candor::checkpoint {

/// Nothing is allocated for bytes that the file does not have.
class ByteReader {
 public:
  ByteReader(const InputFile& file, std::uint64_t place) : file_(file), place_(place) {}

  [[nodiscard]] std::uint64_t place() const { return place_; }
  [[nodiscard]] std::uint64_t remaining() const { return file_.size() - place_; }
  [[nodiscard]] const InputFile& file() const { return file_; }

  /// Errors of all: malformed where the file ends before; io.
  Status fill(std::span<std::uint8_t> bytes);

  /// A little-endian number.
  template <class T>
  Result<T> number() {
    std::uint8_t bytes[sizeof(T)];
    CANDOR_CHECK(fill(bytes));
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  /// A text behind its length in 64 bits.
  Result<std::string> text();

  /// malformed, unless so many things of at least so many bytes each can still follow.
  Status check_room(std::uint64_t count, std::uint64_t bytes_each, const std::string& what) const;

 private:
  Status refill();

  const InputFile& file_;
  std::uint64_t place_;
  std::vector<std::uint8_t> window_;
  std::uint64_t window_start_ = 0;
};

}  // namespace candor::checkpoint
