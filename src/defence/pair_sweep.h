// Goes through every pair of workers who have slots in common, once, and keeps those that agree
// much more than chance.
#pragma once

#include <cstdint>
#include <vector>

#include "candor/defence/answer_sheet.h"
#include "defence/agreement.h"

namespace candor::defence {

/// [workers] Whose answers say nothing about how hard a slot was.
using Suspects = std::vector<bool>;

/// A pair whose agreement is over three standard deviations above that of independent workers.
struct Candidate {
  WorkerId first;
  WorkerId second;
  std::vector<Stratum> strata;  // only those with common slots

  friend bool same_pair(const Candidate& a, const Candidate& b) {
    return a.first == b.first && a.second == b.second;
  }
};

struct Sweep {
  std::size_t tested = 0;             // pairs with enough common slots
  OddsSums odds;                      // over all of them
  std::vector<Candidate> candidates;  // by first, then second
};

/// For each worker the slots it leaned in.
class SlotIndex {
 public:
  struct Place {
    std::uint32_t slot = 0;
    std::uint32_t answer = 0;
  };

  explicit SlotIndex(const AnswerSheet& sheet);
  [[nodiscard]] std::span<const Place> places_of(std::size_t worker) const {
    return std::span(place_).subspan(start_[worker], start_[worker + 1] - start_[worker]);
  }
  [[nodiscard]] const AnswerSheet& sheet() const { return sheet_; }

 private:
  const AnswerSheet& sheet_;
  std::vector<std::size_t> start_;  // [workers + 1] into place_
  std::vector<Place> place_;        // worker by worker
};

struct SweepOptions {
  std::size_t min_common = 20;
  std::size_t threads = 0;
  bool by_difficulty = false;  // whether strata are also alike in how hard the slot was
};

[[nodiscard]] Sweep sweep_pairs(const SlotIndex& index, const Suspects& suspects,
                                const SweepOptions& options);

}  // namespace candor::defence
