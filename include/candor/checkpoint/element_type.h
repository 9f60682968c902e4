// candor/checkpoint/element_type.h
// How the numbers of a stored tensor are laid out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace candor::checkpoint {

/// Plain numbers (little endian), and ggml's quantised blocks (dequantize.h).
enum class ElementType : std::uint8_t {
  f32,
  f16,
  bf16,
  f64,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q2_k,
  q3_k,
  q4_k,
  q5_k,
  q6_k,
};

/// A block is the smallest unit that can be decoded: one number for the plain types, 32 for q4_0 to
/// q8_0, 256 for the K types. Blocks do not cross rows: a row's length is a multiple of `values`.
/// Worked: q8_0 is {"Q8_0", 32, 34}: 32 numbers in 34 bytes.
struct ElementFormat {
  std::string_view name;  ///< as GGUF and safetensors spell it
  std::size_t values;     ///< numbers in a block
  std::size_t bytes;      ///< of a block
};

[[nodiscard]] const ElementFormat& format_of(ElementType type);

/// By that name; empty for one that is not in the list.
[[nodiscard]] std::optional<ElementType> element_type_of(std::string_view name);

}  // namespace candor::checkpoint
