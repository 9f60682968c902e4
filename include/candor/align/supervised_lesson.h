// candor/align/supervised_lesson.h
// Answers to imitate: supervised warm-up before preferences.
//
//   loss = - sum_i w_i ln pi(answer_i | prompt_i) / sum_i w_i n_i,   n_i = tokens of the answer
//
// over a batch: the mean negative log-likelihood of a token, in nats. The divisor is the batch's,
// not each piece's, so that cutting a batch into pieces changes nothing. Metric: loss.
// Worked: two answers with ln pi = -3 (2 tokens, weight 1) and -4 (1 token, weight 2):
// (3 + 8) / (2 + 2) = 2.75.
#pragma once

#include <memory>
#include <vector>

#include "candor/align/lesson.h"

namespace candor::align {

struct SupervisedExample {
  policy::Sequence sequence;
  double weight = 1.0;    ///< >= 0
  std::string name = {};  ///< for messages; empty: its number
};

class SupervisedLesson final : public Lesson {
 public:
  /// Errors: invalid_argument for no examples; out_of_range for a weight that is negative or not
  /// finite, or an answer without tokens (naming the example).
  static Result<std::unique_ptr<SupervisedLesson>> create(std::vector<SupervisedExample> examples);

  [[nodiscard]] std::size_t size() const override { return example_.size(); }
  [[nodiscard]] std::uint64_t fingerprint() const override;
  [[nodiscard]] std::string label_of(std::uint32_t example) const override;
  [[nodiscard]] double divisor(Examples batch) const override;
  Status learn(policy::Scorer& scorer, Examples piece, double divisor, Tally& tally) const override;
  Status judge(policy::Scorer& scorer, Examples piece, Tally& tally) const override;

 private:
  explicit SupervisedLesson(std::vector<SupervisedExample> examples)
      : example_(std::move(examples)) {}
  [[nodiscard]] std::vector<policy::Sequence> sequences(Examples piece) const;
  Status tally_losses(Examples piece, std::span<const double> score, Tally& tally) const;

  std::vector<SupervisedExample> example_;
};

}  // namespace candor::align
