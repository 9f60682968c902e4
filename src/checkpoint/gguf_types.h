// checkpoint/gguf_types.h
// The numbers that stand for types in a GGUF file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "candor/checkpoint/element_type.h"
#include "candor/checkpoint/gguf.h"

namespace candor::checkpoint {

/// Of a tensor's elements.
[[nodiscard]] std::uint32_t gguf_number_of(ElementType type);
[[nodiscard]] std::optional<ElementType> gguf_element_of(std::uint32_t number);

/// Of metadata values: those of single values count up with the places in GgufValue, with 9, the
/// array, put in between.
constexpr std::uint32_t gguf_array = 9;
constexpr std::size_t gguf_single_types = 12;

struct GgufTypeCode {
  std::uint32_t type = 0;
  std::optional<std::uint32_t> element = {};  ///< of an array
};
[[nodiscard]] GgufTypeCode type_code_of(const GgufValue& value);

/// The place in GgufValue of a single type; empty for the array and unknown numbers.
[[nodiscard]] std::optional<std::size_t> single_index_of(std::uint32_t type);

/// "text", "array of numbers", ... for messages.
[[nodiscard]] std::string kind_of(const GgufValue& value);

}  // namespace candor::checkpoint
