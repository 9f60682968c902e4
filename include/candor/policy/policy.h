// candor/policy/policy.h
// A language model as the campaign sees it: it writes answers and is trained on which were better.
#pragma once

#include <cstdint>
#include <memory>

#include "candor/policy/scorer.h"

namespace candor::policy {

struct GenerateOptions {
  std::size_t max_tokens = 64;  ///< of the answer, end token included; >= 1
  double temperature = 1.0;  ///< >= 0; 0: always the likeliest token (the lowest number of equals)
  std::size_t top_k = 0;     ///< only the k likeliest tokens; 0: all
  double top_p = 1.0;        ///< the fewest tokens that hold this much probability; in (0,1]
  std::vector<Token> stop = {};  ///< tokens that end an answer; they are part of it
};

class Policy : public Scorer {
 public:
  /// One answer for each prompt (each has at least one token), as prompt and answer together.
  /// Answer i is a function of (parameters, prompt i, options, seed, i): draws come from
  /// RandomStream(seed, i), so the same call gives the same answers, and how prompts are batched
  /// changes nothing but rounding.
  /// An answer ends with a stop token, at max_tokens, or where the context is full.
  /// Errors: out_of_range for an option, a token outside the vocabulary, or a prompt that leaves no
  /// room in the context (the lengths are named).
  virtual Result<std::vector<Sequence>> generate(std::span<const std::vector<Token>> prompts,
                                                 const GenerateOptions& options,
                                                 std::uint64_t seed) = 0;

  /// A copy with the same parameters that training this one does not move: the reference policy,
  /// or the policy of the round before. It cannot itself be trained further.
  virtual Result<std::unique_ptr<Policy>> frozen_copy() const = 0;

  /// The model alone, in the form that other programs load (a Hugging Face folder, or a PEFT
  /// adapter folder where an adapter was trained). Whole or absent. Errors: io.
  virtual Status save_model(const std::string& folder) const = 0;

  [[nodiscard]] virtual std::size_t vocabulary() const = 0;
  [[nodiscard]] virtual std::size_t context() const = 0;  ///< longest sequence, in tokens
};

}  // namespace candor::policy
