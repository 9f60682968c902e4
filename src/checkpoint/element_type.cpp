#include "candor/checkpoint/element_type.h"

#include <array>

namespace candor::checkpoint {
namespace {

constexpr std::array<ElementFormat, 14> formats{{
    {"F32", 1, 4},
    {"F16", 1, 2},
    {"BF16", 1, 2},
    {"F64", 1, 8},
    {"Q4_0", 32, 18},
    {"Q4_1", 32, 20},
    {"Q5_0", 32, 22},
    {"Q5_1", 32, 24},
    {"Q8_0", 32, 34},
    {"Q2_K", 256, 84},
    {"Q3_K", 256, 110},
    {"Q4_K", 256, 144},
    {"Q5_K", 256, 176},
    {"Q6_K", 256, 210},
}};

}  // namespace

const ElementFormat& format_of(ElementType type) {
  return formats.at(static_cast<std::size_t>(type));
}

std::optional<ElementType> element_type_of(std::string_view name) {
  for (std::size_t i = 0; i < formats.size(); ++i)
    if (formats.at(i).name == name) return static_cast<ElementType>(i);
  return std::nullopt;
}

}  // namespace candor::checkpoint
