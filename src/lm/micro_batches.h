// lm/micro_batches.h
// Sequences of many lengths as few padded rectangles.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/policy/sequence.h"

namespace candor::lm {

/// Which rows go through the network together: sorted by length, so that little is padded, and cut
/// where (rows x longest) would pass `token_limit` (a single longer row goes alone). Every row is
/// in exactly one micro-batch; within one, and over all, lengths rise, equals in the caller's
/// order.
/// Worked: lengths {5, 2, 4, 2}, limit 8: {1, 3} (2 x 2), {2} (4), {0} (5): {1, 3, 2} would be 3 x
/// 4. Cost: a sort.
[[nodiscard]] std::vector<std::vector<std::size_t>> micro_batches(
    std::span<const std::size_t> lengths, std::size_t token_limit);

/// Refuses a token outside 0 .. vocabulary-1, or more than `context` tokens, naming the row, the
/// number and the limit. `what` names the rows ("sequence").
Status check_tokens(std::span<const policy::Token> tokens, std::size_t row, std::size_t vocabulary,
                    std::size_t context, std::string_view what);

/// check_tokens for a sequence, and a prompt_length from 1 to its number of tokens.
Status check_sequence(const policy::Sequence& sequence, std::size_t row, std::size_t vocabulary,
                      std::size_t context);

}  // namespace candor::lm
