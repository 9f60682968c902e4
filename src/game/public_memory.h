// What everybody has seen of a campaign so far: labels, outcomes, weights, reports. Strategies
// read it through Information.
#pragma once

#include <span>
#include <vector>

#include "candor/game/information.h"
#include "candor/game/slot_oracle.h"

namespace candor::game {

class PublicMemory {
 public:
  explicit PublicMemory(std::size_t workers);

  /// One settled slot: who reported what, and everyone's weight after it [N].
  void observe(const PastSlot& settled, std::span<const WorkerId> worker,
               std::span<const double> report, std::span<const double> weight);

  /// The last settled slots, at least 64 where there were as many, oldest first.
  [[nodiscard]] std::span<const PastSlot> past() const { return past_; }
  [[nodiscard]] std::span<const double> last_report() const { return last_report_; }
  [[nodiscard]] std::span<const double> weights() const { return weight_; }

  /// The slot as worker `self` expects it: every other worker reports its mean of past slots with
  /// the same outcome; one that has not reported under it yet, what a worker as sure as oneself
  /// would on average.
  [[nodiscard]] SlotView view_of(WorkerId self, double belief, bool drawn_label) const;

 private:
  struct Mean {
    double total = 0.0;
    double count = 0.0;
  };
  [[nodiscard]] std::vector<double> expected(const std::vector<Mean>& seen, double unknown) const;

  std::vector<PastSlot> past_;
  std::vector<double> last_report_;
  std::vector<double> weight_;
  std::vector<Mean> under_a_;
  std::vector<Mean> under_b_;
};

}  // namespace candor::game
