// candor/policy/draw.h
// One draw from logits under temperature, top-k and top-p.
//
//   1. temperature 0: the likeliest choice, the lowest number of equals; no random number is used.
//   2. logits / temperature;
//   3. top-k: the k likeliest stay (of equals, lower numbers first);
//   4. softmax over what stays; top-p: in falling order, the fewest whose sum reaches top_p stay
//      (Holtzman et al., "The curious case of neural text degeneration", ICLR 2020, section 3.1);
//   5. one uniform number u picks the first choice, in the order of numbers, whose running sum
//      exceeds u times the sum of what stays.
//
// Worked: logits {ln 1, ln 3, ln 6}, temperature 1, top_k 2: probabilities {0, 1/3, 2/3}.
//
// Thread safety: pure functions, but for the stream. Cost: O(K), O(K log K) with top-k or top-p.
#pragma once

#include <span>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/result.h"
#include "candor/policy/policy.h"

namespace candor::policy {

/// Errors: out_of_range, naming the option.
[[nodiscard]] Status check(const GenerateOptions& options);

/// Steps 1 to 4: the probabilities that are drawn from. logits: at least one, finite or -inf, one
/// of them finite.
[[nodiscard]] std::vector<double> draw_probabilities(std::span<const double> logits,
                                                     const GenerateOptions& options);

/// All steps. options have passed check().
[[nodiscard]] std::size_t draw(std::span<const double> logits, const GenerateOptions& options,
                               RandomStream& random);

/// ln softmax(logits), each entry.
[[nodiscard]] std::vector<double> log_softmax(std::span<const double> logits);

}  // namespace candor::policy
