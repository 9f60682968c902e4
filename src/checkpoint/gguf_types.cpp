#include "checkpoint/gguf_types.h"

#include <array>
#include <string_view>
#include <utility>

namespace candor::checkpoint {
namespace {

constexpr std::array<std::pair<ElementType, std::uint32_t>, 14> element_numbers{{
    {ElementType::f32, 0},
    {ElementType::f16, 1},
    {ElementType::q4_0, 2},
    {ElementType::q4_1, 3},
    {ElementType::q5_0, 6},
    {ElementType::q5_1, 7},
    {ElementType::q8_0, 8},
    {ElementType::q2_k, 10},
    {ElementType::q3_k, 11},
    {ElementType::q4_k, 12},
    {ElementType::q5_k, 13},
    {ElementType::q6_k, 14},
    {ElementType::f64, 28},
    {ElementType::bf16, 30},
}};

constexpr std::array<std::string_view, gguf_single_types> type_names{
    "u8", "i8", "u16", "i16", "u32", "i32", "f32", "true or false", "text", "u64", "i64", "f64"};

std::uint32_t single_number_of(std::size_t index) {
  return static_cast<std::uint32_t>(index < gguf_array ? index : index + 1);
}

}  // namespace

std::uint32_t gguf_number_of(ElementType type) {
  for (const auto& [known, number] : element_numbers)
    if (known == type) return number;
  return 0;
}

std::optional<ElementType> gguf_element_of(std::uint32_t number) {
  for (const auto& [type, known] : element_numbers)
    if (known == number) return type;
  return std::nullopt;
}

GgufTypeCode type_code_of(const GgufValue& value) {
  if (value.index() < gguf_single_types) return {single_number_of(value.index())};
  return {gguf_array, single_number_of(value.index() - gguf_single_types)};
}

std::optional<std::size_t> single_index_of(std::uint32_t type) {
  if (type == gguf_array || type > gguf_single_types) return std::nullopt;
  return type < gguf_array ? type : type - 1;
}

std::string kind_of(const GgufValue& value) {
  const bool single = value.index() < gguf_single_types;
  const std::string_view name = type_names.at(value.index() % gguf_single_types);
  return (single ? "" : "array of ") + std::string(name);
}

}  // namespace candor::checkpoint
