// candor/policy/tabular_policy.h
// The smallest policy there is: a few prompts, a few whole answers, one logit for each pair of
// them.
//
//   pi(answer y | prompt x) = exp(l[x][y]) / sum_z exp(l[x][z])
//
// Everything about it can be computed exactly, in double precision, so theorems about objectives,
// self-play and sampling are tested on it, and no test needs a neural network.
//
//   CANDOR_TRY(auto policy, TabularPolicy::create({.prompts = {{0}}, .answers = {{1}, {2}, {3}}}));
//   policy->logits(0)[2] = portable_log(2.0);      // probabilities 1/4, 1/4, 1/2
//   const Sequence third{.tokens = {0, 3}, .prompt_length = 1};
//   CANDOR_TRY(auto score, policy->scores(std::span(&third, 1)));      // ln 1/2
//
// As a Policy: answers are drawn whole (draw.h with answers in the place of tokens), so max_tokens
// must be at least the longest answer's, and stop tokens have no effect.
// Thread safety: one thread at a time. Cost of a score: O(answers), and finding prompt and answer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "candor/policy/parameter_table.h"
#include "candor/policy/policy.h"

namespace candor::policy {

struct TabularShape {
  std::vector<std::vector<Token>> prompts;  ///< >= 1, each with a token, all different
  std::vector<std::vector<Token>>
      answers;  ///< >= 1, each with a token, all different; of any prompt
  Optimiser optimiser = Optimiser::adamw;
};

/// Where a sequence stands in the table.
struct TabularPlace {
  std::size_t prompt = 0;
  std::size_t answer = 0;
};

/// Shape, look-up and files of the two tabular classes below.
class TabularIndex {
 public:
  static Result<TabularIndex> create(TabularShape shape);
  /// Errors: out_of_range for a prompt or an answer that the table has not.
  [[nodiscard]] Result<TabularPlace> find(const Sequence& sequence) const;
  [[nodiscard]] Result<std::vector<TabularPlace>> find_all(std::span<const Sequence> list) const;
  [[nodiscard]] Result<std::size_t> find_prompt(std::span<const Token> prompt) const;
  [[nodiscard]] Sequence sequence(TabularPlace place) const;
  [[nodiscard]] const TabularShape& shape() const { return shape_; }
  /// For state files: class name, prompts, answers.
  [[nodiscard]] std::string kind(const std::string& name) const;

 private:
  explicit TabularIndex(TabularShape shape);
  TabularShape shape_;
  std::map<std::vector<Token>, std::size_t> prompt_;
  std::map<std::vector<Token>, std::size_t> answer_;
};

class TabularPolicy final : public Policy {
 public:
  /// All logits 0: uniform. Errors: invalid_argument for a shape that is none.
  static Result<std::unique_ptr<TabularPolicy>> create(TabularShape shape);
  /// What save_model wrote. Errors: not_found, io, corrupt.
  static Result<std::unique_ptr<TabularPolicy>> open(const std::string& folder);

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
  /// FOLDER/tabular.json.
  Status save_model(const std::string& folder) const override;
  [[nodiscard]] std::size_t vocabulary() const override;  ///< largest token of the shape, plus 1
  [[nodiscard]] std::size_t context() const override;     ///< longest prompt plus longest answer

  /// The logits of a prompt, to be read or set.
  [[nodiscard]] std::span<double> logits(std::size_t prompt) { return table_.row(prompt); }
  [[nodiscard]] std::span<const double> logits(std::size_t prompt) const {
    return table_.row(prompt);
  }
  [[nodiscard]] std::vector<double> probabilities(std::size_t prompt) const;
  [[nodiscard]] const TabularShape& shape() const { return index_.shape(); }
  [[nodiscard]] Sequence sequence(std::size_t prompt, std::size_t answer) const {
    return index_.sequence({prompt, answer});
  }

 private:
  explicit TabularPolicy(TabularIndex index);
  TabularIndex index_;
  ParameterTable table_;
  std::vector<TabularPlace> pending_;  // of the last forward
  bool frozen_ = false;
};

/// A reward model of the same kind: reward of (prompt, answer) is a table's entry. All 0 at first.
///   CANDOR_TRY(auto model, TabularRewardModel::create({.prompts = {{0}}, .answers = {{1}, {2}}}));
///   model->rewards(0)[1] = 3;       // score of prompt {0}, answer {2}
class TabularRewardModel final : public Scorer {
 public:
  static Result<std::unique_ptr<TabularRewardModel>> create(TabularShape shape);

  Result<std::vector<double>> scores(std::span<const Sequence> sequences) override;
  Result<std::vector<double>> forward(std::span<const Sequence> sequences) override;
  Status backward(std::span<const double> derivative) override;
  Result<StepReport> step(const StepOptions& options) override;
  Status save_state(const std::string& folder) const override;
  Status load_state(const std::string& folder) override;

  [[nodiscard]] std::span<double> rewards(std::size_t prompt) { return table_.row(prompt); }
  [[nodiscard]] Sequence sequence(std::size_t prompt, std::size_t answer) const {
    return index_.sequence({prompt, answer});
  }

 private:
  explicit TabularRewardModel(TabularIndex index);
  TabularIndex index_;
  ParameterTable table_;
  std::vector<TabularPlace> pending_;
};

}  // namespace candor::policy
