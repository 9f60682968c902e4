// candor/checkpoint/dequantize.h
// Stored numbers to floats.
//
// ggml's quantised blocks, by their layout in bytes (d, m, dmin: half; all little endian):
//
//   Q4_0  d, 16 bytes           value = d (q - 8);  byte j holds q[j] low and q[j+16] high
//   Q4_1  d, m, 16 bytes        value = d q + m
//   Q5_0  d, 4 bytes, 16 bytes  as Q4_0 with a fifth bit q[j] from bit j of the 4 bytes; d (q - 16)
//   Q5_1  d, m, 4, 16 bytes     value = d q + m
//   Q8_0  d, 32 signed bytes    value = d q
//
// The K types cover 256 numbers with a scale (and a minimum) for each 16 or 32 of them, themselves
// integers of 4 to 8 bits under one d (and dmin) for the block:
//
//   Q2_K  16 x (4-bit scale s, 4-bit min m), 64 bytes of 2-bit q, d, dmin
//         value = d s q - dmin m, s and m for 16 numbers each
//   Q3_K  32 bytes of third bits, 64 bytes of 2-bit q, 16 x 6-bit scale (12 bytes), d
//         value = d (s - 32) (q - 4), s for 16 each
//   Q4_K  d, dmin, 8 x (6-bit scale, 6-bit min) (12 bytes), 128 bytes of 4-bit q
//         value = d s q - dmin m, s and m for 32 each
//   Q5_K  as Q4_K with 32 bytes of fifth bits before the 128
//   Q6_K  128 bytes of 4 low bits, 64 bytes of 2 high bits, 16 signed 8-bit scales, d
//         value = d s (q - 32), s for 16 each
//
// Products are formed in float in the order written, each rounded (no fused multiply-add), so that
// values equal those of the format's reference implementation bit for bit.
// Source: the GGUF specification and block structures of the ggml project (ggml-common.h); tested
// against stored values of the Python package gguf (gguf.quants.dequantize).
#pragma once

#include <cstdint>
#include <span>

#include "candor/checkpoint/element_type.h"

namespace candor::checkpoint {

/// Decodes whole blocks. Requires values.size() * format.bytes == bytes.size() * format.values, and
/// whole blocks. f64 is rounded to the nearest float.
/// Worked: Q8_0 block {d = 0.5, q = 2, -4, 0, ...} -> 1, -2, 0, ...
/// Thread safety: pure. Cost: 0.3 to 2 ns a value.
void dequantize(ElementType type, std::span<const std::uint8_t> bytes, std::span<float> values);

}  // namespace candor::checkpoint
