// The family of fixed distortions that a ledger's reports are put through; ledger_audit.h lists
// them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candor/scoring/loss_rule.h"

namespace candor::audit {

struct Distortion {
  enum class Kind : std::uint8_t { scale, all_in, toward, flip, always, even, copy };
  Kind kind = Kind::even;
  double amount = 0.0;     // scale: k; toward: s
  std::size_t answer = 0;  // toward, always
  std::string name;
};

/// In the order in which they are shown; `answers` are the names.
[[nodiscard]] std::vector<Distortion> distortion_family(const std::vector<std::string>& answers);

/// report <- the distorted report [K]; others is the mean report of the others in the slot [K].
void distort(const Distortion& distortion, std::span<const double> others,
             const scoring::LossRule& loss, std::span<double> report);

}  // namespace candor::audit
