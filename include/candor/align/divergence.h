// candor/align/divergence.h
// How far a policy has moved from its reference: the metric kl.
//
//   KL(pi || ref) = E_pi[ln pi(y|x) - ln ref(y|x)]
//
// in nats an answer, estimated by the mean over answers that pi wrote. The estimate is unbiased, and can be negative by chance, where answers are
// drawn from pi itself: temperature 1, no top-k, no top-p, and long enough that none is cut (a cut
// answer is scored as the beginning it is, which lowers the figure). Other options are refused.
//
//   CANDOR_TRY(const Estimate kl,
//              divergence(*policy, *reference, prompts, {.max_tokens = 64}, seed));
//   // kl.mean +- kl.standard_error
//
// Worked: pi = ref: every term is 0, so mean 0 with error 0.
// Cost: one answer a prompt, scored by both. Thread safety: as the models'.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/align/metrics.h"
#include "candor/policy/policy.h"

namespace candor::align {

/// Errors: invalid_argument for no prompts; out_of_range for options that change the law of
/// answers; the models'.
[[nodiscard]] Result<Estimate> divergence(policy::Policy& policy, policy::Scorer& reference,
                                          std::span<const std::vector<policy::Token>> prompts,
                                          const policy::GenerateOptions& options,
                                          std::uint64_t seed);

/// sum_y p(y) ln (p(y) / q(y)) over a finite set, 0 ln 0 = 0; infinite where q lacks what p has.
/// Worked: p {1, 0}, q {.5, .5}: ln 2.
[[nodiscard]] double exact_divergence(std::span<const double> p, std::span<const double> q);

}  // namespace candor::align
