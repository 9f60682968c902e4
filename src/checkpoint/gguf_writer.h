// checkpoint/gguf_writer.h
// The front part of a GGUF file as bytes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candor/checkpoint/gguf.h"

namespace candor::checkpoint {

constexpr std::uint64_t gguf_alignment = 32;

struct GgufPlan {
  TensorShape tensor;  ///< as it stands in the file
  ElementType type;
};

/// n rounded up to the alignment.
[[nodiscard]] std::uint64_t gguf_padded(std::uint64_t n);

/// Everything before the tensors' bytes, padding included; tensors follow in this order, each
/// padded.
[[nodiscard]] std::string gguf_front(const GgufMetadata& metadata,
                                     std::span<const GgufPlan> tensors);

}  // namespace candor::checkpoint
