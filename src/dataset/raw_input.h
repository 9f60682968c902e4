// dataset/raw_input.h
// The undecoded bytes of a file or of a string. Thread safety: one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::dataset {

class RawInput {
 public:
  static Result<RawInput> open(const std::string& path);
  static RawInput from_memory(std::string name, std::string bytes);

  RawInput(RawInput&& other) noexcept;
  RawInput& operator=(RawInput&& other) noexcept;
  ~RawInput();

  /// Fills `out` from the front; fewer bytes than asked only at the end.
  Result<std::size_t> read(std::span<char> out);
  /// The first bytes, at most 4, without taking them.
  Result<std::string_view> magic();

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Bytes taken by read().
  [[nodiscard]] std::uint64_t taken() const { return taken_; }

 private:
  RawInput(std::string name, std::string bytes, int descriptor)
      : name_(std::move(name)), bytes_(std::move(bytes)), descriptor_(descriptor) {}
  Result<std::size_t> read_more(std::span<char> out);
  [[nodiscard]] Error system_error(std::string_view action) const;

  std::string name_;
  std::string bytes_;  // what is handed out before the descriptor is read
  std::size_t position_ = 0;
  int descriptor_ = -1;
  std::uint64_t taken_ = 0;
};

}  // namespace candor::dataset
