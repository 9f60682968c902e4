// lm/sampling.h
// The next token from a row of logits: temperature, top-k, top-p, and one uniform number.
#pragma once

#include <span>

#include "candor/base/result.h"
#include "candor/policy/policy.h"

namespace candor::lm {

/// Refuses options that make no distribution, naming the option: max_tokens 0, temperature negative
/// or not finite, top_p outside (0,1].
Status check_options(const policy::GenerateOptions& options);

/// One token, drawn from p[v] ~ exp(logits[v] / temperature) over the tokens that are kept:
///   1. top_k: the k largest logits (of equals, the lower number is kept);
///   2. top_p: of those, the fewest likeliest whose share of their probability reaches top_p.
/// `uniform` in [0,1) picks by inverse distribution: kept tokens in rising order of number, the
/// first whose cumulative probability exceeds it. Temperature 0: the largest logit, lowest number
/// of equals; `uniform` is not looked at.
/// Worked: logits {ln 1, ln 2, ln 5}, temperature 1: probabilities 1/8, 2/8, 5/8; uniform .3 gives
/// token 1. With top_k 2: 2/7 and 5/7, so .3 gives token 2. With top_p .6: token 2 alone.
/// Requires: checked options, logits not empty. Errors: out_of_range when the largest logit is not
/// finite or one is NaN (the parameters have diverged). Deterministic: the same bits everywhere.
/// Cost: one exponential a kept token, and with top_k or top_p a selection, O(V).
Result<policy::Token> choose_token(std::span<const float> logits,
                                   const policy::GenerateOptions& options, double uniform);

}  // namespace candor::lm
