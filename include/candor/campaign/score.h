// candor/campaign/score.h
// How well a campaign's labels foresaw its outcomes, beside each of its workers.
//
// The loss of a label or report p for outcome y is (p - y)^2, both as P(A better). A worker is
// compared with the label on the settled slots it answered; regret is the most that any worker
// with at least `least` settled reports was better than the label there, in total (negative: the
// label beat everyone).
//
// Worked: labels .5, .5; outcomes 1, 0; a worker who said .9 and .2: label loss .25 a slot, the
// worker's .01 and .04, regret .5 - .05 = .45.
// Cost: O(reports). Thread safety: pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "candor/campaign/campaign.h"

namespace candor::campaign {

struct WorkerScore {
  std::size_t reports = 0;  ///< settled
  double loss = 0.0;        ///< in total
  double label_loss = 0.0;  ///< of the label, on the same slots
};

struct CampaignScore {
  std::size_t settled = 0;
  double label_loss = 0.0;       ///< in total
  double label_accuracy = 0.0;   ///< share of slots with a certain outcome whose label leans to it;
                                 ///< a label of 1/2 counts half
  std::optional<double> regret;  ///< nothing where no worker has enough reports
  std::vector<WorkerScore> worker;
};

[[nodiscard]] CampaignScore score(const std::vector<SlotState>& slots, std::size_t workers,
                                  std::size_t least = 20);

}  // namespace candor::campaign
