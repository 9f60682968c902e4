#include "candor/checkpoint/dequantize.h"

#include <array>
#include <cassert>
#include <cstring>

#include "candor/checkpoint/half.h"

namespace candor::checkpoint {
namespace {

using Byte = std::uint8_t;
using Decode = void (*)(const Byte* block, float* values);

std::uint16_t bits_at(const Byte* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8U);
}
float half_at(const Byte* bytes) {
  return float_of_half(bits_at(bytes));
}
std::uint32_t word_at(const Byte* bytes) {
  return bits_at(bytes) | static_cast<std::uint32_t>(bits_at(bytes + 2)) << 16U;
}
float number(int q) {
  return static_cast<float>(q);
}
int signed_byte(Byte byte) {
  return static_cast<std::int8_t>(byte);
}

// Bits shift .. of a byte, as many as the mask has.
int part(Byte byte, std::size_t shift, unsigned mask) {
  return static_cast<int>((static_cast<unsigned>(byte) >> shift) & mask);
}

// The plain types.

void decode_f32(const Byte* block, float* values) {
  std::memcpy(values, block, sizeof(float));
}
void decode_f16(const Byte* block, float* values) {
  *values = half_at(block);
}
void decode_bf16(const Byte* block, float* values) {
  *values = float_of_bfloat16(bits_at(block));
}
void decode_f64(const Byte* block, float* values) {
  double value = 0.0;
  std::memcpy(&value, block, sizeof value);
  *values = static_cast<float>(value);
}

// Blocks of 32.

void decode_q4_0(const Byte* block, float* values) {
  const float d = half_at(block);
  for (std::size_t j = 0; j < 16; ++j) {
    values[j] = d * number(part(block[2 + j], 0, 15) - 8);
    values[j + 16] = d * number(part(block[2 + j], 4, 15) - 8);
  }
}

void decode_q4_1(const Byte* block, float* values) {
  const float d = half_at(block);
  const float m = half_at(block + 2);
  for (std::size_t j = 0; j < 16; ++j) {
    values[j] = d * number(part(block[4 + j], 0, 15)) + m;
    values[j + 16] = d * number(part(block[4 + j], 4, 15)) + m;
  }
}

// Number j of 32: four bits from a nibble, the fifth from a word of fifth bits.
int five_bits(const Byte* nibbles, std::uint32_t fifth, std::size_t j) {
  const int low = part(nibbles[j % 16], j / 16 * 4, 15);
  return low | static_cast<int>(fifth >> j & 1U) << 4;
}

void decode_q5_0(const Byte* block, float* values) {
  const float d = half_at(block);
  const std::uint32_t fifth = word_at(block + 2);
  for (std::size_t j = 0; j < 32; ++j) values[j] = d * number(five_bits(block + 6, fifth, j) - 16);
}

void decode_q5_1(const Byte* block, float* values) {
  const float d = half_at(block);
  const float m = half_at(block + 2);
  const std::uint32_t fifth = word_at(block + 4);
  for (std::size_t j = 0; j < 32; ++j) values[j] = d * number(five_bits(block + 8, fifth, j)) + m;
}

void decode_q8_0(const Byte* block, float* values) {
  const float d = half_at(block);
  for (std::size_t j = 0; j < 32; ++j) values[j] = number(signed_byte(block[2 + j])) * d;
}

// Blocks of 256. Value i of 2-bit fields lies in byte 32 (i / 128) + i % 32, in its field
// i / 32 % 4; of nibbles in byte 32 (i / 64) + i % 32, in its half i / 32 % 2.

int two_bits(const Byte* bytes, std::size_t i) {
  return part(bytes[i / 128 * 32 + i % 32], i / 32 % 4 * 2, 3);
}
int nibble(const Byte* bytes, std::size_t i) {
  return part(bytes[i / 64 * 32 + i % 32], i / 32 % 2 * 4, 15);
}
// One bit for each value: of byte i % 32, bit i / 32.
int plane_bit(const Byte* bytes, std::size_t i) {
  return part(bytes[i % 32], i / 32, 1);
}

void decode_q2_k(const Byte* block, float* values) {
  const Byte* scales = block;
  const float d = half_at(block + 80);
  const float dmin = half_at(block + 82);
  for (std::size_t i = 0; i < 256; ++i) {
    const float scale = d * number(part(scales[i / 16], 0, 15));
    const float minimum = dmin * number(part(scales[i / 16], 4, 15));
    values[i] = scale * number(two_bits(block + 16, i)) - minimum;
  }
}

// Scale k of 16: four low bits in the first eight bytes, two high bits in the last four.
int scale_q3_k(const Byte* scales, std::size_t k) {
  const int low = part(scales[k % 8], k / 8 * 4, 15);
  const int high = part(scales[8 + k % 4], k / 4 * 2, 3);
  return (low | high << 4) - 32;
}

void decode_q3_k(const Byte* block, float* values) {
  const float d = half_at(block + 108);
  for (std::size_t i = 0; i < 256; ++i) {
    const int q = two_bits(block + 32, i) - (plane_bit(block, i) != 0 ? 0 : 4);
    values[i] = d * number(scale_q3_k(block + 96, i / 16)) * number(q);
  }
}

// Scale and minimum k of 8, six bits each: the first four whole in bytes k and k + 4; of the others
// four bits in byte k + 4, two above the first four's.
struct ScaleAndMinimum {
  float scale;
  float minimum;
};
ScaleAndMinimum six_bits(const Byte* scales, std::size_t k) {
  if (k < 4) return {number(part(scales[k], 0, 63)), number(part(scales[k + 4], 0, 63))};
  const int scale = part(scales[k + 4], 0, 15) | part(scales[k - 4], 6, 3) << 4;
  const int minimum = part(scales[k + 4], 4, 15) | part(scales[k], 6, 3) << 4;
  return {number(scale), number(minimum)};
}

void decode_q4_k(const Byte* block, float* values) {
  const float d = half_at(block);
  const float dmin = half_at(block + 2);
  for (std::size_t k = 0; k < 8; ++k) {
    const ScaleAndMinimum six = six_bits(block + 4, k);
    const float scale = d * six.scale;
    const float minimum = dmin * six.minimum;
    for (std::size_t i = k * 32; i < k * 32 + 32; ++i)
      values[i] = scale * number(nibble(block + 16, i)) - minimum;
  }
}

void decode_q5_k(const Byte* block, float* values) {
  const float d = half_at(block);
  const float dmin = half_at(block + 2);
  for (std::size_t k = 0; k < 8; ++k) {
    const ScaleAndMinimum six = six_bits(block + 4, k);
    const float scale = d * six.scale;
    const float minimum = dmin * six.minimum;
    for (std::size_t i = k * 32; i < k * 32 + 32; ++i) {
      const int q = nibble(block + 48, i) | plane_bit(block + 16, i) << 4;
      values[i] = scale * number(q) - minimum;
    }
  }
}

void decode_q6_k(const Byte* block, float* values) {
  const float d = half_at(block + 208);
  for (std::size_t i = 0; i < 256; ++i) {
    const int low = part(block[i / 128 * 64 + i % 64], i / 64 % 2 * 4, 15);
    const int q = (low | two_bits(block + 128, i) << 4) - 32;
    const float scale = d * number(signed_byte(block[192 + i / 16]));
    values[i] = scale * number(q);
  }
}

constexpr std::array<Decode, 14> decoders{
    decode_f32,  decode_f16,  decode_bf16, decode_f64,  decode_q4_0, decode_q4_1, decode_q5_0,
    decode_q5_1, decode_q8_0, decode_q2_k, decode_q3_k, decode_q4_k, decode_q5_k, decode_q6_k,
};

}  // namespace

void dequantize(ElementType type, std::span<const std::uint8_t> bytes, std::span<float> values) {
  const ElementFormat& format = format_of(type);
  assert(values.size() % format.values == 0);
  assert(bytes.size() == values.size() / format.values * format.bytes);
  if (type == ElementType::f32 && !values.empty()) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return;
  }
  const Decode decode = decoders.at(static_cast<std::size_t>(type));
  const std::size_t blocks = values.size() / format.values;
  for (std::size_t i = 0; i < blocks; ++i)
    decode(bytes.data() + i * format.bytes, values.data() + i * format.values);
}

}  // namespace candor::checkpoint
