#include "candor/learning/m_set.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

Error no_such_set(std::size_t chosen) {
  return Error{ErrorCode::out_of_range, std::to_string(chosen)}
      .in_field("chosen")
      .expecting("at least 1 worker to choose, and no more than there are")
      .way("choose fewer workers a slot");
}

}  // namespace

Result<std::unique_ptr<MSet>> MSet::create(const MSetOptions& options) {
  CANDOR_CHECK(check_step_size(options.step_size));
  if (options.chosen == 0) return no_such_set(0);
  return std::unique_ptr<MSet>(new MSet(options));
}

// Takes a part of all weight, but none that an open slot may cost; returns what was taken.
double MSet::take_from_all(double part) {
  double taken = 0.0;
  for (Account& account : account_) {
    const double own = part * std::max(0.0, account.weight - account.staked);
    account.weight -= own;
    taken += own;
  }
  return taken;
}

// Fewer than m workers cannot hold a mass of 1 under the cap: what is missing goes to those who
// come next.
void MSet::admit(std::span<const WorkerId> cohort, double mass) {
  const double size = static_cast<double>(cohort.size());
  const double missing = std::max(0.0, 1.0 - sum(weights()));
  const double wanted = std::clamp(size * cap_ - missing, 0.0, mass);
  const double each = std::min(cap_, (missing + take_from_all(wanted)) / size);
  for (const WorkerId id : cohort) {
    if (id.index() >= account_.size()) account_.resize(id.index() + 1);
    assert(!account_[id.index()].admitted && "a worker is admitted once");
    account_[id.index()] = {.weight = each, .admitted = true};
  }
}

std::vector<double> MSet::weights() const {
  std::vector<double> weights(account_.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = account_[i].weight;
  return weights;
}

void MSet::share(std::span<const WorkerId> worker, std::span<double> out) const {
  double total = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    total += out[j] = i < account_.size() ? account_[i].weight : 0.0;
  }
  if (!(total > 0.0)) return share_equally(out);
  for (double& value : out) value /= total;
}

double MSet::next_wager(const Account& account) const {
  const double room = std::max(0.0, cap_ - account.weight - account.staked);
  const double free = std::max(0.0, account.weight - account.staked);
  const double full =
      options_.step_size * account.weight * std::max(0.0, 1.0 - account.weight / cap_);
  return std::min({full, free, room});
}

void MSet::wager(std::span<const WorkerId> worker, std::span<double> out) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    out[j] = 0.0;
    if (worker[j].index() >= account_.size()) continue;
    Account& account = account_[worker[j].index()];
    out[j] = next_wager(account);
    account.staked += out[j];
    account.open_slots += out[j] > 0.0 ? 1 : 0;
  }
}

void MSet::release(std::span<const WorkerId> worker, std::span<const double> wager) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (wager[j] == 0.0) continue;  // perhaps not even admitted then
    Account& account = account_[worker[j].index()];
    assert(account.open_slots > 0 && "a slot is settled or released once");
    --account.open_slots;
    account.staked = account.open_slots == 0 ? 0.0 : std::max(0.0, account.staked - wager[j]);
  }
}

void MSet::settle(std::span<const WorkerId> worker, std::span<const double> wager,
                  std::span<const double> loss) {
  release(worker, wager);
  double total = 0.0;
  double lost = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    total += wager[j];
    lost += wager[j] * loss[j];
  }
  if (!(total > 0.0)) return;
  const double mean = lost / total;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (wager[j] == 0.0) continue;
    Account& account = account_[worker[j].index()];
    // The bounds can only make up for rounding: stakes elsewhere stay covered on both sides.
    const double low = std::max(account.staked, smallest_weight);
    const double high = std::max(low, cap_ - account.staked);
    account.weight = std::clamp(account.weight + wager[j] * (mean - loss[j]), low, high);
  }
}

std::vector<WorkerId> MSet::choose(double point) const {
  assert(point >= 0.0 && point < 1.0);
  std::vector<WorkerId> chosen;
  const double m = static_cast<double>(options_.chosen);
  double reached = 0.0;
  for (std::size_t i = 0; i < account_.size() && chosen.size() < options_.chosen; ++i) {
    if (!account_[i].admitted) continue;
    reached += account_[i].weight * m;
    // The last piece ends at m, whatever was rounded.
    const bool last = i + 1 == account_.size();
    if (last || reached - static_cast<double>(chosen.size()) > point)
      chosen.push_back(WorkerId{static_cast<std::uint32_t>(i)});
  }
  return chosen;
}

double set_regret_bound(std::size_t workers, const MSetOptions& options, double slots) {
  const double eta = options.step_size;
  if (eta >= 1.0) return std::numeric_limits<double>::infinity();
  const double c = (-portable_log(1.0 - eta) - eta) / (eta * eta);
  const double m = static_cast<double>(options.chosen);
  const double spread = portable_log(static_cast<double>(workers) / m) + 1.0;
  return m * (spread / eta + 2.0 * std::max(0.5, c) * eta * slots);
}

Result<double> step_size_for_m_set(std::size_t workers, std::size_t chosen, double slots) {
  if (chosen == 0 || chosen > workers) return no_such_set(chosen);
  if (!(slots > 0.0)) {
    return Error{ErrorCode::out_of_range, number_text(slots)}
        .in_field("horizon")
        .expecting("more than 0 slots a worker")
        .way("state how many slots a worker will answer");
  }
  const double ratio = static_cast<double>(workers) / static_cast<double>(chosen);
  return std::min(0.5, std::sqrt((portable_log(ratio) + 1.0) / (2.0 * slots)));
}

}  // namespace candor::learning
