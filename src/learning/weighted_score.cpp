#include "candor/learning/weighted_score.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

Status check_share(double share, std::string_view field) {
  if (share >= 0.0 && share < 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(share)}
      .in_field(field)
      .expecting("a share in [0,1)")
      .way("0 turns sharing off; (changes of the best worker) / (slots) is a good start");
}

}  // namespace

Result<std::unique_ptr<WeightedScore>> WeightedScore::create(const WeightedScoreOptions& options) {
  CANDOR_CHECK(check_step_size(options.step_size));
  CANDOR_CHECK(check_share(options.share, "share"));
  CANDOR_CHECK(check_share(options.epoch_share, "epoch share"));
  return std::unique_ptr<WeightedScore>(new WeightedScore(options));
}

// Takes a part of every weight that is not at stake in an open slot; returns what was taken.
double WeightedScore::take_from_all(double part) {
  double taken = 0.0;
  for (Account& account : account_) {
    const double own = part * account.free();
    account.weight -= own;
    taken += own;
  }
  return taken;
}

// What newcomers take from a worker counts against its first weight, so that the bound stays true.
double WeightedScore::make_room(double mass) {
  if (admitted_ == 0) return mass;
  everyone_answered_ = false;  // not from the beginning
  const std::vector<double> before = weights();
  const double taken = take_from_all(mass);
  for (std::size_t i = 0; i < account_.size(); ++i)
    if (before[i] > 0.0) account_[i].first_weight *= account_[i].weight / before[i];
  return taken;
}

void WeightedScore::admit(std::span<const WorkerId> cohort, double mass) {
  const double each = make_room(mass) / static_cast<double>(cohort.size());
  for (const WorkerId id : cohort) {
    assert(!is_admitted(id) && "a worker is admitted once");
    if (id.index() >= account_.size()) account_.resize(id.index() + 1);
    account_[id.index()].weight = each;
    account_[id.index()].first_weight = each;
  }
  admitted_ += cohort.size();
}

std::vector<double> WeightedScore::weights() const {
  std::vector<double> weights(account_.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = account_[i].weight;
  return weights;
}

void WeightedScore::share(std::span<const WorkerId> worker, std::span<double> out) const {
  double total = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    total += out[j] = i < account_.size() ? account_[i].weight : 0.0;
  }
  if (!(total > 0.0)) return share_equally(out);
  for (double& value : out) value /= total;
}

void WeightedScore::wager(std::span<const WorkerId> worker, std::span<double> out) {
  if (options_.doubling) start_epoch_if_due(worker);
  for (std::size_t j = 0; j < worker.size(); ++j) {
    out[j] = 0.0;
    if (worker[j].index() >= account_.size()) continue;
    Account& account = account_[worker[j].index()];
    out[j] = std::min(step_size_ * account.weight, account.free());
    account.staked += out[j];
    account.open_slots += out[j] > 0.0 ? 1 : 0;
  }
}

void WeightedScore::release(std::span<const WorkerId> worker, std::span<const double> wager) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (wager[j] == 0.0) continue;  // perhaps not even admitted then
    Account& account = account_[worker[j].index()];
    assert(account.open_slots > 0 && "a slot is settled or released once");
    --account.open_slots;
    account.staked = account.open_slots == 0 ? 0.0 : std::max(0.0, account.staked - wager[j]);
  }
}

void WeightedScore::settle(std::span<const WorkerId> worker, std::span<const double> wager,
                           std::span<const double> loss) {
  release(worker, wager);
  double total = 0.0;
  double lost = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    total += wager[j];
    lost += wager[j] * loss[j];
  }
  if (worker.size() < 2 || !(total > 0.0)) return;
  const double mean = lost / total;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (worker[j].index() >= account_.size()) continue;
    Account& account = account_[worker[j].index()];
    if (!account.admitted()) continue;
    // Never less than what is at stake elsewhere: there max() can only make up for rounding.
    account.weight =
        std::max({account.weight + wager[j] * (mean - loss[j]), account.staked, smallest_weight});
  }
  if (options_.share > 0.0) share_among(worker);
}

// Only weight that is not at stake elsewhere is shared, so that open slots stay covered.
void WeightedScore::share_among(std::span<const WorkerId> worker) {
  double pot = 0.0;
  double sharing = 0.0;
  for (const WorkerId id : worker) {
    if (id.index() >= account_.size()) continue;
    const double part = options_.share * account_[id.index()].free();
    account_[id.index()].weight -= part;
    pot += part;
    sharing += 1.0;
  }
  for (const WorkerId id : worker)
    if (id.index() < account_.size()) account_[id.index()].weight += pot / sharing;
}

void WeightedScore::start_epoch_if_due(std::span<const WorkerId> worker) {
  if (admitted_ == 0) return;
  const double crowd = static_cast<double>(admitted_);
  const auto answers =
      std::count_if(worker.begin(), worker.end(), [this](WorkerId id) { return is_admitted(id); });
  everyone_answered_ &= static_cast<std::size_t>(answers) == admitted_;
  answers_ += static_cast<double>(answers);
  if (answers_ / crowd < epoch_ends_) return;
  while (answers_ / crowd >= epoch_ends_) epoch_ends_ *= 2.0;
  const double spread = options_.epoch_share > 0.0 ? crowd / options_.epoch_share : crowd;
  step_size_ = std::min(options_.step_size,
                        std::sqrt(portable_log(std::max(spread, 2.0)) / (epoch_ends_ / 2.0)));
  const double pot = take_from_all(options_.epoch_share);
  for (Account& account : account_)
    if (account.admitted()) account.weight += pot / crowd;
}

// Epoch k has 2^k slots and starts from weights >= epoch_share/N, so it adds at most
// 2 sqrt(2^k ln(N/epoch_share)) (while eta is capped at 1/2, its length is already less than that;
// a lower cap could cost more, and above .68 the constant of the regret is more than 1).
std::optional<double> WeightedScore::doubling_regret_bound() const {
  if (!everyone_answered_ || options_.epoch_share <= 0.0 || options_.step_size < 0.5 ||
      options_.step_size > 0.68)
    return std::nullopt;
  const double root2 = std::sqrt(2.0);
  const double crowd = static_cast<double>(admitted_);
  const double log_spread = portable_log(crowd / options_.epoch_share);
  return 2.0 * root2 / (root2 - 1.0) * std::sqrt(answers_ / crowd * log_spread);
}

std::optional<double> WeightedScore::regret_bound(WorkerId worker, double slots) const {
  if (!is_admitted(worker)) return std::nullopt;
  if (options_.share > 0.0) return std::nullopt;  // against one worker the share only costs
  if (options_.doubling) return doubling_regret_bound();
  if (step_size_ >= 1.0) return std::nullopt;
  return weighted_score_regret_bound(account_[worker.index()].first_weight, step_size_, slots);
}

}  // namespace candor::learning
