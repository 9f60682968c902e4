// candor/align/preference_lesson.h
// Preference pairs under an objective, as a trainer's lesson.
//
//   CANDOR_CHECK(cache_reference(*reference, pairs));
//   CANDOR_TRY(auto lesson, PreferenceLesson::create(std::move(pairs), *objective));
//
// A batch's loss is the mean of its pairs' losses (weights multiply the losses and are not divided
// out). The scorer sees a piece of k pairs as 2k sequences a0, b0, a1, b1, ...
#pragma once

#include <memory>
#include <vector>

#include "candor/align/lesson.h"

namespace candor::align {

class PreferenceLesson final : public Lesson {
 public:
  /// objective must outlive the lesson. Errors: invalid_argument for no pairs, or a pair without
  /// the cached scores that the objective needs; out_of_range for a label outside [0,1], a weight
  /// that is negative or not finite, a margin or cached score that is not finite, an answer without
  /// tokens (each names the pair).
  static Result<std::unique_ptr<PreferenceLesson>> create(std::vector<PreferencePair> pairs,
                                                          const Objective& objective);

  [[nodiscard]] std::size_t size() const override { return pair_.size(); }
  [[nodiscard]] std::uint64_t fingerprint() const override;
  [[nodiscard]] std::string label_of(std::uint32_t example) const override;
  [[nodiscard]] double divisor(Examples batch) const override;
  Status learn(policy::Scorer& scorer, Examples piece, double divisor, Tally& tally) const override;
  Status judge(policy::Scorer& scorer, Examples piece, Tally& tally) const override;

  [[nodiscard]] const std::vector<PreferencePair>& pairs() const { return pair_; }

 private:
  PreferenceLesson(std::vector<PreferencePair> pairs, const Objective& objective)
      : pair_(std::move(pairs)), objective_(objective) {}
  [[nodiscard]] std::vector<policy::Sequence> sequences(Examples piece) const;
  /// Losses from scores a0, b0, a1, ...; derivatives are appended in the same order, where wanted.
  Status tally_losses(Examples piece, std::span<const double> score, Tally& tally,
                      std::vector<double>* derivative) const;

  std::vector<PreferencePair> pair_;
  const Objective& objective_;
};

}  // namespace candor::align
