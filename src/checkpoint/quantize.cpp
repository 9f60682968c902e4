#include "candor/checkpoint/quantize.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "candor/base/text.h"
#include "candor/checkpoint/half.h"

namespace candor::checkpoint {
namespace {

Error beyond(ElementType type, float value, std::string_view expected) {
  return Error{ErrorCode::out_of_range, number_text(static_cast<double>(value))}
      .expecting("a number that " + std::string(format_of(type).name) + " can hold (" +
                 std::string(expected) + ")")
      .way("write f32, or look for what made the number so large");
}

void put_bits(std::uint16_t bits, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(bits & 0xffU);
  out[1] = static_cast<std::uint8_t>(bits >> 8U);
}

Status quantize_f16(std::span<const float> values, std::uint8_t* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t bits = half_of_float(values[i]);
    if ((bits & 0x7fffU) == 0x7c00U && std::isfinite(values[i]))
      return beyond(ElementType::f16, values[i], "up to 65504");
    put_bits(bits, out + 2 * i);
  }
  return {};
}

Status quantize_bf16(std::span<const float> values, std::uint8_t* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t bits = bfloat16_of_float(values[i]);
    if ((bits & 0x7fffU) == 0x7f80U && std::isfinite(values[i]))
      return beyond(ElementType::bf16, values[i], "up to 3.3895e38");
    put_bits(bits, out + 2 * i);
  }
  return {};
}

// As the format's reference: the inverse is of the unrounded d. A d that rounds to zero makes every
// value zero, whatever q.
Status quantize_q8_0_block(std::span<const float> values, std::uint8_t* out) {
  float largest = 0.0F;
  for (const float value : values) {
    if (!std::isfinite(value)) return beyond(ElementType::q8_0, value, "finite");
    largest = std::max(largest, std::abs(value));
  }
  const float d = largest / 127.0F;
  const std::uint16_t bits = half_of_float(d);
  if ((bits & 0x7fffU) == 0x7c00U) return beyond(ElementType::q8_0, largest, "up to 8319008");
  const float inverse = bits != 0 ? 1.0F / d : 0.0F;
  put_bits(bits, out);
  for (std::size_t j = 0; j < 32; ++j) {
    const float q = std::clamp(std::round(values[j] * inverse), -127.0F, 127.0F);
    out[2 + j] = static_cast<std::uint8_t>(static_cast<std::int8_t>(q));
  }
  return {};
}

}  // namespace

Status quantize(ElementType type, std::span<const float> values, std::span<std::uint8_t> bytes) {
  const ElementFormat& format = format_of(type);
  assert(values.size() % format.values == 0);
  assert(bytes.size() == values.size() / format.values * format.bytes);
  if (values.empty()) return {};
  if (type == ElementType::f16) return quantize_f16(values, bytes.data());
  if (type == ElementType::bf16) return quantize_bf16(values, bytes.data());
  if (type == ElementType::f32) {
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return {};
  }
  assert(type == ElementType::q8_0);
  for (std::size_t i = 0; i < values.size() / format.values; ++i)
    CANDOR_CHECK(quantize_q8_0_block(values.subspan(i * format.values, format.values),
                                     bytes.data() + i * format.bytes));
  return {};
}

}  // namespace candor::checkpoint
