// dataset/decoder.h
// Undecoded bytes in, plain bytes out. Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "candor/base/result.h"
#include "candor/dataset/byte_source.h"
#include "dataset/raw_input.h"

namespace candor::dataset {

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Fills `out` from the front; fewer bytes than asked only at the end. Damaged data give the
  /// bytes before the damage, and the Error at the next call.
  virtual Result<std::size_t> decode(std::span<char> out) = 0;
};

std::unique_ptr<Decoder> plain_decoder(RawInput input);
Result<std::unique_ptr<Decoder>> gzip_decoder(RawInput input);
Result<std::unique_ptr<Decoder>> zstd_decoder(RawInput input);

/// "gzip" or "zstd" data that break off or are damaged.
Error damaged(const RawInput& input, std::string_view format, std::string_view what,
              std::uint64_t bytes_in, std::uint64_t bytes_out);

}  // namespace candor::dataset
