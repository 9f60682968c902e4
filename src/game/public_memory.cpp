#include "game/public_memory.h"

#include <algorithm>

namespace candor::game {
namespace {

constexpr std::ptrdiff_t remembered = 64;

}  // namespace

PublicMemory::PublicMemory(std::size_t workers)
    : last_report_(workers, 0.5),
      weight_(workers, 1.0 / static_cast<double>(workers)),
      under_a_(workers),
      under_b_(workers) {}

void PublicMemory::observe(const PastSlot& settled, std::span<const WorkerId> worker,
                           std::span<const double> report, std::span<const double> weight) {
  if (past_.size() == 2 * remembered) past_.erase(past_.begin(), past_.begin() + remembered);
  past_.push_back(settled);
  std::vector<Mean>& seen = settled.outcome >= 0.5 ? under_a_ : under_b_;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    last_report_[worker[j].index()] = report[j];
    seen[worker[j].index()].total += report[j];
    seen[worker[j].index()].count += 1.0;
  }
  std::copy(weight.begin(), weight.end(), weight_.begin());
}

std::vector<double> PublicMemory::expected(const std::vector<Mean>& seen, double unknown) const {
  std::vector<double> report;
  report.reserve(seen.size());
  for (const Mean& mean : seen)
    report.push_back(mean.count > 0.0 ? mean.total / mean.count : unknown);
  return report;
}

SlotView PublicMemory::view_of(WorkerId self, double belief, bool drawn_label) const {
  const double alike = belief * belief + (1.0 - belief) * (1.0 - belief);
  return {self,       belief, weight_, expected(under_a_, alike), expected(under_b_, 1.0 - alike),
          drawn_label};
}

}  // namespace candor::game
