// What the others say about a slot, where "the others" leave out a pair and whoever is suspected.
#pragma once

#include "defence/pair_sweep.h"

namespace candor::defence {

class SlotPanel {
 public:
  static constexpr std::uint32_t tenths = 10;
  static constexpr std::uint32_t no_stratum = AnswerSheet::no_answer;

  SlotPanel(const AnswerSheet& sheet, const Suspects& suspects, bool by_difficulty);

  /// Strata are numbered 0 .. strata()-1.
  [[nodiscard]] std::uint32_t strata() const;

  struct Judged {
    std::uint32_t stratum = no_stratum;  // no_stratum: nothing to be right about
    std::uint32_t reference = 0;         // what counts as right
  };
  /// One slot as it is for a pair that answered it so; scratch has room for K counts.
  [[nodiscard]] Judged judge(std::uint32_t slot, AnswerSheet::Lean first, AnswerSheet::Lean second,
                             std::vector<std::uint32_t>& scratch) const;

 private:
  const AnswerSheet& sheet_;
  const Suspects& suspects_;
  bool by_difficulty_;
  std::vector<std::uint32_t> count_;  // [slots, K] unsuspected workers who leaned to each answer
};

}  // namespace candor::defence
