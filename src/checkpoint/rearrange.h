// checkpoint/rearrange.h
// Orders of rows in which formats differ.
//
// Rotary positions turn pairs of numbers within a head of width d. Hugging Face pairs row j with
// row j + d/2 ("halves"); llama2.c and GGUF files of llama pair row 2j with row 2j + 1 ("pairs"):
//
//     halves row  s d/2 + j   =   pairs row  2j + s,     s in {0, 1}, j < d/2
//
// Worked, one head of width 4: pairs rows a b c d -> halves rows a c b d.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace candor::checkpoint {

/// values: [heads * head_width, row] with head_width even.
[[nodiscard]] std::vector<float> pairs_to_halves(std::span<const float> values, std::size_t heads,
                                                 std::size_t row);
[[nodiscard]] std::vector<float> halves_to_pairs(std::span<const float> values, std::size_t heads,
                                                 std::size_t row);

/// [rows, columns] -> [columns, rows]
[[nodiscard]] std::vector<float> transposed(std::span<const float> values, std::size_t rows,
                                            std::size_t columns);

}  // namespace candor::checkpoint
