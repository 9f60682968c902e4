// candor/policy/bigram_policy.h
// A policy over any token sequences, in a table: the next token depends on the one before it.
//
//   ln pi(y | x) = sum_t ln softmax(l[y_{t-1}])[y_t],   y_0 = the prompt's last token
//
// Small enough for exact tests, yet it writes, is trained and is saved as a language model is: what
// the campaign loop is tested with.
//
//   CANDOR_TRY(auto policy, BigramPolicy::create({.vocabulary = 3, .context = 8}));
//   const std::vector<Token> prompt{0};
//   const GenerateOptions options{.max_tokens = 4, .stop = {2}};
//   CANDOR_TRY(auto written, policy->generate(std::span(&prompt, 1), options, 7));
//   // a sequence of at most 4 tokens after the prompt, ended by token 2 or by its length
//
// Thread safety: one thread at a time. Cost of a score: O(tokens x vocabulary).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candor/base/random.h"
#include "candor/policy/parameter_table.h"
#include "candor/policy/policy.h"

namespace candor::policy {

struct BigramShape {
  std::size_t vocabulary = 0;  ///< 1 .. 4096
  std::size_t context = 0;     ///< >= 2
  Optimiser optimiser = Optimiser::adamw;
};

class BigramPolicy final : public Policy {
 public:
  /// All logits 0: every token equally likely. Errors: out_of_range.
  static Result<std::unique_ptr<BigramPolicy>> create(const BigramShape& shape);
  /// What save_model wrote. Errors: not_found, io, corrupt.
  static Result<std::unique_ptr<BigramPolicy>> open(const std::string& folder);

  Result<std::vector<double>> scores(std::span<const Sequence> sequences) override;
  Result<std::vector<double>> forward(std::span<const Sequence> sequences) override;
  Status backward(std::span<const double> derivative) override;
  Result<StepReport> step(const StepOptions& options) override;
  Status save_state(const std::string& folder) const override;
  Status load_state(const std::string& folder) override;

  Result<std::vector<Sequence>> generate(std::span<const std::vector<Token>> prompts,
                                         const GenerateOptions& options,
                                         std::uint64_t seed) override;
  Result<std::unique_ptr<Policy>> frozen_copy() const override;
  /// FOLDER/bigram.json.
  Status save_model(const std::string& folder) const override;
  [[nodiscard]] std::size_t vocabulary() const override { return shape_.vocabulary; }
  [[nodiscard]] std::size_t context() const override { return shape_.context; }

  /// The logits of what follows a token, to be read or set.
  [[nodiscard]] std::span<double> logits(Token previous) {
    return table_.row(static_cast<std::size_t>(previous));
  }

 private:
  explicit BigramPolicy(const BigramShape& shape);
  [[nodiscard]] Status check_tokens(std::span<const Token> tokens) const;
  [[nodiscard]] Sequence write(const std::vector<Token>& prompt, const GenerateOptions& options,
                               RandomStream random) const;

  BigramShape shape_;
  ParameterTable table_;
  std::vector<Sequence> pending_;  // of the last forward
  bool frozen_ = false;
};

}  // namespace candor::policy
