#include "candor/learning/asked_crowd.h"

#include <cassert>
#include <cmath>
#include <unordered_set>

#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

WorkerId id_at(std::size_t index) {
  return WorkerId{static_cast<std::uint32_t>(index)};
}

}  // namespace

bool AskedCrowd::is_admitted(WorkerId worker) const {
  return worker.index() < account_.size() && account_[worker.index()].first_weight > 0.0;
}

bool AskedCrowd::is_present(WorkerId worker) const {
  return worker.index() < account_.size() && account_[worker.index()].place != away;
}

double AskedCrowd::scale() const {
  return tree_.total() > 0.0 ? present_weight_ / tree_.total() : 1.0;
}

double AskedCrowd::weight(WorkerId worker) const {
  if (worker.index() >= account_.size()) return 0.0;
  return is_present(worker) ? tree_[worker.index()] * scale()
                            : account_[worker.index()].away_weight;
}

double AskedCrowd::part(WorkerId worker) const {
  return is_present(worker) ? tree_[worker.index()] / tree_.total() : 0.0;
}

std::vector<double> AskedCrowd::weights() const {
  std::vector<double> weights(account_.size());
  const double now = scale();
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = account_[i].place == away ? account_[i].away_weight : tree_[i] * now;
  return weights;
}

double AskedCrowd::first_weight(WorkerId worker) const {
  return worker.index() < account_.size() ? account_[worker.index()].first_weight : 0.0;
}

// The present weights as they are, with scale 1; `weight` of those away goes to their accounts.
void AskedCrowd::rebuild(std::span<const double> weight) {
  std::vector<double> held(weight.begin(), weight.end());
  for (std::size_t i = 0; i < held.size(); ++i) {
    if (account_[i].place != away) continue;
    account_[i].away_weight = weight[i];
    held[i] = 0.0;
  }
  tree_.assign(held);
  present_weight_ = tree_.total();
}

// Takes a part of everyone's free weight; returns what was taken. It counts against the first
// weights, so that the regret bounds stay true.
double AskedCrowd::make_room(double mass) {
  if (admitted_ == 0) return mass;
  never_changed_ = false;
  std::vector<double> weight = weights();
  double taken = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    if (!(weight[i] > 0.0)) continue;
    const double before = weight[i];
    const double own = mass * std::max(0.0, before - account_[i].staked);
    weight[i] = std::max(before - own, smallest_weight);
    taken += own;
    account_[i].first_weight =
        std::max(account_[i].first_weight * (weight[i] / before), smallest_weight);
  }
  rebuild(weight);
  return taken;
}

void AskedCrowd::enter(WorkerId worker) {
  account_[worker.index()].place = static_cast<std::uint32_t>(present_.size());
  present_.push_back(worker);
  order_.arrive(worker);
}

void AskedCrowd::admit(std::span<const WorkerId> cohort, double mass) {
  assert(!cohort.empty() && mass > 0.0 && mass <= 1.0);
  const double each = make_room(mass) / static_cast<double>(cohort.size());
  std::vector<double> weight = weights();
  for (const WorkerId id : cohort) {
    assert(!is_admitted(id) && "a worker is admitted once");
    if (id.index() >= account_.size()) {
      account_.resize(id.index() + 1);
      weight.resize(id.index() + 1);
    }
    account_[id.index()].first_weight = weight[id.index()] = each;
    enter(id);
  }
  rebuild(weight);
  admitted_ += cohort.size();
}

void AskedCrowd::leave(WorkerId worker) {
  if (!is_present(worker)) return;
  const double kept = scale();
  Account& account = account_[worker.index()];
  account.away_weight = weight(worker);
  tree_.set(worker.index(), 0.0);
  account_[present_.back().index()].place = account.place;
  std::swap(present_[account.place], present_.back());
  present_.pop_back();
  account.place = away;
  order_.leave(worker);
  present_weight_ = tree_.total() * kept;  // not by subtraction: it may be tiny beside who left
  never_changed_ = false;
}

void AskedCrowd::come_back(WorkerId worker) {
  if (!is_admitted(worker) || is_present(worker)) return;
  const double kept = bring_in_range(scale());
  Account& account = account_[worker.index()];
  tree_.set(worker.index(), account.away_weight / kept);
  present_weight_ = tree_.total() * kept;
  enter(worker);
}

WorkerId AskedCrowd::draw_by_weight(RandomStream& random) const {
  assert(!present_.empty());
  return id_at(tree_.find(random.uniform() * tree_.total()));
}

WorkerId AskedCrowd::draw_equally(RandomStream& random) const {
  assert(!present_.empty());
  return present_[random.below(present_.size())];
}

// Floyd's method (Bentley and Floyd, CACM 1987) over the places of present_ without the leader's.
std::vector<WorkerId> AskedCrowd::with_others(WorkerId leader, std::size_t count,
                                              RandomStream& random) const {
  assert(is_present(leader) && count >= 1 && count <= present_.size());
  std::vector<WorkerId> chosen{leader};
  chosen.reserve(count);
  const std::size_t skipped = account_[leader.index()].place;
  std::unordered_set<std::size_t> taken;
  const auto is_taken = [&](std::size_t place) {
    if (count > 16) return taken.contains(place);
    const auto is_it = [&](WorkerId id) { return id == present_[place]; };
    return std::any_of(chosen.begin(), chosen.end(), is_it);
  };
  for (std::size_t j = present_.size() - count; j < present_.size() - 1; ++j) {
    const auto past_leader = [&](std::size_t k) { return k < skipped ? k : k + 1; };
    std::size_t place = past_leader(random.below(j + 1));
    if (is_taken(place)) place = past_leader(j);
    if (count > 16) taken.insert(place);
    chosen.push_back(present_[place]);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace candor::learning
