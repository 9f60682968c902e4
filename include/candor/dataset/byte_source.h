// candor/dataset/byte_source.h
// The bytes of a file, decompressed as they are read.
//
// gzip (RFC 1952, several members one after another) and zstd (RFC 8878, several frames) are
// recognised by their first bytes, whatever the file is called. Everything else is handed out as it
// is.
//
//   CANDOR_TRY(ByteSource source, ByteSource::open("crowd.csv.gz"));
//   for (;;) {
//     CANDOR_TRY(const std::string_view block, source.next_block());
//     if (block.empty()) break;      // the end
//     use(block);                    // valid until the next call
//   }
//
// Errors: io (the system refused), malformed (the file is empty), corrupt (compressed data that are
// truncated or damaged; the message says after how many bytes), unsupported (not a regular file:
// tables are read twice, so a pipe will not do). Blocks before the damage are handed out first.
// Memory: five blocks of 1 MiB and the decompressor's window; for zstd at most 128 MiB, larger
// windows are refused. Cost: a compressed file is decompressed in a thread of its own, at most four
// blocks ahead of the reader; the destructor stops and joins it.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::dataset {

class ByteSource {
 public:
  enum class Format : std::uint8_t { plain, gzip, zstd };

  static Result<ByteSource> open(const std::string& path);
  /// The same over bytes in memory, without a second thread; `name` stands for the path in errors.
  static Result<ByteSource> from_memory(std::string name, std::string bytes);

  ByteSource(ByteSource&& other) noexcept;
  ByteSource& operator=(ByteSource&& other) noexcept;
  ~ByteSource();

  /// The next bytes, at most 1 MiB; empty at the end. Valid until the next call.
  Result<std::string_view> next_block();
  /// What next_block() will return, without taking it.
  Result<std::string_view> peek();

  /// The path as the user gave it.
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] Format format() const;

 private:
  class Impl;
  explicit ByteSource(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor::dataset
