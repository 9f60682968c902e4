// The part of AskedCrowd that moves weight when slots are settled.
#include <cassert>
#include <cmath>

#include "candor/learning/asked_crowd.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

constexpr int most_scale = 24;  // binary digits that weights held by scale may be off 1

}  // namespace

double unclaimed(std::span<const double> claim, double now) {
  double claimed = 0.0;
  for (const double part : claim) claimed += part;
  const double frozen = std::max(0.0, 1.0 - claimed);
  const double rounding =
      4.0 * static_cast<double>(claim.size() + 2) * std::numeric_limits<double>::epsilon();
  return std::abs(frozen - now) <= rounding ? now : frozen;
}

double AskedCrowd::free(WorkerId worker) const {
  return std::max(0.0, weight(worker) - account_[worker.index()].staked);
}

void AskedCrowd::put_at_stake(WorkerId worker, double stake) {
  Account& account = account_[worker.index()];
  account.staked += stake;
  account.open_slots += stake > 0.0 ? 1 : 0;
}

void AskedCrowd::take_back(std::span<const WorkerId> worker, std::span<const double> stake) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (stake[j] == 0.0) continue;
    Account& account = account_[worker[j].index()];
    assert(account.open_slots > 0 && "a slot is settled or released once");
    --account.open_slots;
    account.staked = account.open_slots == 0 ? 0.0 : std::max(0.0, account.staked - stake[j]);
  }
}

// What is at stake elsewhere is covered; where this is more than `weight`, it is by rounding only.
double AskedCrowd::floored(WorkerId worker, double weight) const {
  return std::max({weight, account_[worker.index()].staked, smallest_weight});
}

// A scale that is too far from 1 would carry u out of the range of doubles. By a power of two, no
// bit of any weight changes.
double AskedCrowd::bring_in_range(double scale) {
  const int digits = std::ilogb(scale);
  if (std::abs(digits) <= most_scale) return scale;
  tree_.multiply(std::ldexp(1.0, digits));
  return std::ldexp(scale, -digits);
}

void AskedCrowd::add_to_absent(WorkerId worker, double change) {
  double& weight = account_[worker.index()].away_weight;
  weight = floored(worker, weight + change);
}

void AskedCrowd::add_to_all_others(std::span<const WorkerId> except, double amount) {
  std::vector<SetAside> sharing;
  double total = 0.0;
  for (std::size_t i = 0; i < account_.size(); ++i) {
    const WorkerId id{static_cast<std::uint32_t>(i)};
    if (!is_admitted(id)) continue;
    if (std::find(except.begin(), except.end(), id) != except.end()) continue;
    sharing.push_back({id, weight(id)});
    total += sharing.back().weight;
  }
  const double now = scale();
  bool within = true;
  for (const auto& [id, before] : sharing) {
    const double after = before + amount * (before / total);
    if (is_present(id)) {
      tree_.set(id.index(), after / now);
      within = false;
    } else {
      account_[id.index()].away_weight = after;
    }
  }
  if (!within) present_weight_ = tree_.total() * now;
}

// Those who arrived later than that, unless they are out already (as the asked are: what is in has
// more than 0).
std::vector<AskedCrowd::SetAside> AskedCrowd::take_out_newcomers(std::uint64_t arrivals,
                                                                 double scale) {
  std::vector<SetAside> newcomers;
  for (const WorkerId id : order_.after(arrivals)) {
    if (!(tree_[id.index()] > 0.0)) continue;
    newcomers.push_back({id, tree_[id.index()] * scale});
    tree_.set(id.index(), 0.0);
  }
  return newcomers;
}

void AskedCrowd::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                        std::span<const double> loss) {
  take_back(asked, stakes.stake);
  std::vector<double> before(asked.size());
  double pot = 0.0;
  double of_asked = 0.0;
  for (std::size_t j = 0; j < asked.size(); ++j) {
    before[j] = weight(asked[j]);
    of_asked += before[j];
    pot += stakes.stake[j] * loss[j];
  }
  if (!(pot > 0.0)) return;
  const double now = scale();
  for (const WorkerId id : asked)
    if (is_present(id)) tree_.set(id.index(), 0.0);
  const std::vector<SetAside> newcomers = take_out_newcomers(stakes.arrivals, now);
  const double of_others = tree_.total() * now;  // right also where it is tiny beside of_asked
  const double rest = pot * unclaimed(stakes.claim, of_others / (of_others + of_asked));
  const bool others_are_here = of_others > 0.0;
  const double next = bring_in_range(others_are_here ? now * (1.0 + rest / of_others) : now);
  bool within = others_are_here || rest == 0.0;  // nothing moved between the present and the absent
  for (const SetAside& newcomer : newcomers)
    tree_.set(newcomer.worker.index(), newcomer.weight / next);
  for (std::size_t j = 0; j < asked.size(); ++j) {
    const double change = stakes.claim[j] * pot - stakes.stake[j] * loss[j];
    if (is_present(asked[j])) {
      tree_.set(asked[j].index(), floored(asked[j], before[j] + change) / next);
    } else {
      add_to_absent(asked[j], change);
      within = false;
    }
  }
  if (!within) present_weight_ = tree_.total() * next;
  if (!others_are_here && rest > 0.0) add_to_all_others(asked, rest);
}

void AskedCrowd::assign_present(std::span<const double> weight, double total) {
  assert(weight.size() == present_.size());
  std::vector<double> held(account_.size());
  for (std::size_t k = 0; k < weight.size(); ++k)
    held[present_[k].index()] = floored(present_[k], weight[k]);
  tree_.assign(held);
  present_weight_ = total;
}

}  // namespace candor::learning
