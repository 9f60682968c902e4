#include "candor/learning/log_barrier.h"

#include <algorithm>
#include <cassert>

#include "candor/base/math.h"

namespace candor::learning {
namespace {

double square(double x) {
  return x * x;
}

}  // namespace

Result<std::unique_ptr<LogBarrier>> LogBarrier::create(const AskingOptions& options) {
  CANDOR_CHECK(check_asking_options(options, {1, 1, false}, "log-barrier"));
  return std::unique_ptr<LogBarrier>(new LogBarrier(options));
}

Stakes LogBarrier::stake(std::span<const WorkerId> asked, double lottery) {
  double squares = 0.0;
  for (const WorkerId id : crowd_.present_workers()) squares += square(crowd_.part(id));
  Stakes stakes = open_stakes(asked, lottery);
  for (const WorkerId id : asked) {
    stakes.claim.push_back(square(crowd_.part(id)) / squares);
    stakes.stake.push_back(put_at_stake(id, options_.step_size * crowd_.weight(id)));
  }
  return stakes;
}

// Those not asked and here since divide in proportion to the square of weight. Squares of part /
// (largest part), so that not all of them underflow.
LogBarrier::Others LogBarrier::others_than(WorkerId asked, std::uint64_t arrivals) const {
  Others others;
  double largest = 0.0;
  for (const WorkerId id : crowd_.present_workers()) {
    const bool shares = id != asked && crowd_.is_here_since(id, arrivals);
    others.share.push_back(shares ? crowd_.part(id) : 0.0);
    largest = std::max(largest, others.share.back());
  }
  others.any = largest > 0.0;
  if (!others.any) return others;
  double total = 0.0;
  for (double& part : others.share) total += part = square(part / largest);
  for (double& part : others.share) part /= total;
  others.squares = total * square(largest);
  return others;
}

// The weights of those present after `asked` lost `lost` in all and the others got `rest`.
std::vector<double> LogBarrier::moved(WorkerId asked, const Others& others, double lost,
                                      double rest) const {
  const std::span<const WorkerId> present = crowd_.present_workers();
  std::vector<double> weight(present.size());
  for (std::size_t k = 0; k < weight.size(); ++k)
    weight[k] = crowd_.weight(present[k]) + (present[k] == asked ? -lost : rest * others.share[k]);
  return weight;
}

void LogBarrier::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                        std::span<const double> loss) {
  if (asked.empty()) return;
  assert(asked.size() == 1);
  const WorkerId worker = asked[0];
  crowd_.take_back(asked, stakes.stake);
  const double pot = stakes.stake[0] * loss[0];
  if (!(pot > 0.0)) return;
  const bool is_here = crowd_.is_present(worker);
  const Others others = others_than(worker, stakes.arrivals);
  const double own = square(crowd_.part(worker));
  const double now = is_here ? others.squares / (others.squares + own) : 1.0;
  const double rest = pot * unclaimed(stakes.claim, now);
  const double lost = pot - stakes.claim[0] * pot;
  double total = crowd_.present_weight();
  if (is_here != others.any) total += is_here ? -lost : rest;
  crowd_.assign_present(moved(worker, others, lost, rest), total);
  if (!is_here) crowd_.add_to_absent(worker, -lost);
  if (!others.any) crowd_.add_to_all_others(asked, rest);
}

// Mirror descent with -sum ln w_j from equal weights, against (1 - 1/T) of the worker and 1/T of
// the rest.
std::optional<double> LogBarrier::regret_bound(WorkerId worker, double slots) const {
  const double eta = options_.step_size;
  if (!crowd_.is_admitted(worker) || !crowd_.never_changed() || eta > 0.5 || slots < 1.0)
    return std::nullopt;
  const double others = static_cast<double>(crowd_.admitted() - 1);
  return others * portable_log(slots) / eta + 2.0 * eta * slots / (1.0 - eta) + 1.0;
}

}  // namespace candor::learning
