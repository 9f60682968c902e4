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
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    const double own = part * free_weight(i);
    weight_[i] -= own;
    taken += own;
  }
  return taken;
}

// What newcomers take from a worker counts against its first weight, so that the bound stays true.
double WeightedScore::make_room(double mass) {
  if (admitted_ == 0) return mass;
  everyone_answered_ = false;  // not from the beginning
  const std::vector<double> before = weight_;
  const double taken = take_from_all(mass);
  for (std::size_t i = 0; i < weight_.size(); ++i)
    if (before[i] > 0.0) first_weight_[i] *= weight_[i] / before[i];
  return taken;
}

void WeightedScore::admit(std::span<const WorkerId> cohort, double mass) {
  const double taken = make_room(mass);
  for (const WorkerId id : cohort) {
    if (id.index() >= weight_.size()) {
      weight_.resize(id.index() + 1, 0.0);
      stake_.resize(id.index() + 1);
      first_weight_.resize(id.index() + 1, 0.0);
    }
    assert(first_weight_[id.index()] == 0.0 && "a worker is admitted once");
    weight_[id.index()] = taken / static_cast<double>(cohort.size());
    first_weight_[id.index()] = weight_[id.index()];
  }
  admitted_ += cohort.size();
}

void WeightedScore::share(std::span<const WorkerId> worker, std::span<double> out) const {
  double total = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    total += out[j] = i < weight_.size() ? weight_[i] : 0.0;
  }
  if (!(total > 0.0)) return share_equally(out);
  for (double& value : out) value /= total;
}

void WeightedScore::wager(std::span<const WorkerId> worker, std::span<double> out) {
  if (options_.doubling) start_epoch_if_due(worker);
  for (std::size_t j = 0; j < worker.size(); ++j) {
    const std::size_t i = worker[j].index();
    out[j] = 0.0;
    if (i >= weight_.size()) continue;
    out[j] = std::min(step_size_ * weight_[i], free_weight(i));
    stake_[i].total += out[j];
    stake_[i].slots += out[j] > 0.0 ? 1 : 0;
  }
}

void WeightedScore::release(std::span<const WorkerId> worker, std::span<const double> wager) {
  for (std::size_t j = 0; j < worker.size(); ++j) {
    if (wager[j] == 0.0) continue;  // perhaps not even admitted then
    Stake& stake = stake_[worker[j].index()];
    assert(stake.slots > 0 && "a slot is settled or released once");
    --stake.slots;
    stake.total = stake.slots == 0 ? 0.0 : std::max(0.0, stake.total - wager[j]);
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
    const std::size_t i = worker[j].index();
    if (i >= weight_.size()) continue;
    // Never less than what is at stake elsewhere: max() can only make up for rounding.
    weight_[i] = std::max(weight_[i] + wager[j] * (mean - loss[j]), stake_[i].total);
  }
  if (options_.share > 0.0) share_among(worker);
}

// Only weight that is not at stake elsewhere is shared, so that open slots stay covered.
void WeightedScore::share_among(std::span<const WorkerId> worker) {
  double pot = 0.0;
  double admitted = 0.0;
  for (const WorkerId id : worker) {
    if (id.index() >= weight_.size()) continue;
    const double part = options_.share * free_weight(id.index());
    weight_[id.index()] -= part;
    pot += part;
    admitted += 1.0;
  }
  for (const WorkerId id : worker)
    if (id.index() < weight_.size()) weight_[id.index()] += pot / admitted;
}

void WeightedScore::start_epoch_if_due(std::span<const WorkerId> worker) {
  if (admitted_ == 0) return;
  const double crowd = static_cast<double>(admitted_);
  const auto answers = std::count_if(worker.begin(), worker.end(), [this](WorkerId id) {
    return id.index() < first_weight_.size() && first_weight_[id.index()] > 0.0;
  });
  everyone_answered_ &= static_cast<std::size_t>(answers) == admitted_;
  answers_ += static_cast<double>(answers);
  if (answers_ / crowd < epoch_ends_) return;
  while (answers_ / crowd >= epoch_ends_) epoch_ends_ *= 2.0;
  const double spread = options_.epoch_share > 0.0 ? crowd / options_.epoch_share : crowd;
  step_size_ = std::min(options_.step_size,
                        std::sqrt(portable_log(std::max(spread, 2.0)) / (epoch_ends_ / 2.0)));
  const double pot = take_from_all(options_.epoch_share);
  for (std::size_t i = 0; i < weight_.size(); ++i)
    if (first_weight_[i] > 0.0) weight_[i] += pot / crowd;
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
  if (worker.index() >= weight_.size() || first_weight_[worker.index()] <= 0.0) return std::nullopt;
  if (options_.share > 0.0) return std::nullopt;  // against one worker the share only costs
  if (options_.doubling) return doubling_regret_bound();
  return weighted_score_regret_bound(first_weight_[worker.index()], step_size_, slots);
}

}  // namespace candor::learning
