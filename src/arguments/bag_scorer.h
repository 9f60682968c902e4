// arguments/bag_scorer.h
// For tests: a reward model that adds up one number for each token of the answer.
//
//   r(prompt, answer) = sum over tokens t of the answer of w[t],   w = 0 at first
#pragma once

#include <memory>

#include "candor/policy/parameter_table.h"
#include "candor/policy/scorer.h"

namespace candor::arguments {

class BagScorer final : public policy::Scorer {
 public:
  explicit BagScorer(std::size_t vocabulary) : table_(1, vocabulary, policy::Optimiser::adamw) {}

  Result<std::vector<double>> scores(std::span<const policy::Sequence> sequences) override {
    std::vector<double> score;
    for (const policy::Sequence& sequence : sequences) {
      score.push_back(0.0);
      for (const policy::Token token : sequence.answer())
        score.back() += table_.row(0)[static_cast<std::size_t>(token)];
    }
    return score;
  }
  Result<std::vector<double>> forward(std::span<const policy::Sequence> sequences) override {
    pending_.assign(sequences.begin(), sequences.end());
    return scores(sequences);
  }
  Status backward(std::span<const double> derivative) override {
    for (std::size_t i = 0; i < derivative.size(); ++i)
      for (const policy::Token token : pending_[i].answer())
        table_.gradient(0)[static_cast<std::size_t>(token)] += derivative[i];
    return {};
  }
  Result<policy::StepReport> step(const policy::StepOptions& options) override {
    return table_.step(options);
  }
  Status save_state(const std::string& folder) const override { return table_.save(folder, "bag"); }
  Status load_state(const std::string& folder) override { return table_.load(folder, "bag"); }

 private:
  policy::ParameterTable table_;
  std::vector<policy::Sequence> pending_;
};

}  // namespace candor::arguments
