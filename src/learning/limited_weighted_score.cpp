#include "candor/learning/limited_weighted_score.h"

#include <cassert>
#include <cmath>

#include "candor/base/math.h"

namespace candor::learning {
namespace {

// (m-1)/(N-1): how likely one who does not lead is asked.
double chance_of_others(std::size_t asks, std::size_t present) {
  return static_cast<double>(asks - 1) / static_cast<double>(present - 1);
}

double sets_of(std::size_t chosen, std::size_t from) {
  double sets = 1.0;
  for (std::size_t k = 0; k < chosen; ++k)
    sets = sets * static_cast<double>(from - k) / static_cast<double>(k + 1);
  return sets;
}

// The next set of `places` out of 0 .. n-1 in lexicographic order; false after the last.
bool next_set(std::vector<std::size_t>& places, std::size_t n) {
  std::size_t j = places.size();
  while (j > 0 && places[j - 1] == n - places.size() + j - 1) --j;
  if (j == 0) return false;
  ++places[j - 1];
  for (; j < places.size(); ++j) places[j] = places[j - 1] + 1;
  return true;
}

}  // namespace

Result<std::unique_ptr<LimitedWeightedScore>> LimitedWeightedScore::create(
    Selection selection, const AskingOptions& options) {
  std::unique_ptr<LimitedWeightedScore> rule(new LimitedWeightedScore(selection, options));
  const AskingLimits several{2, std::numeric_limits<std::size_t>::max(), false};
  const AskingLimits one{1, 1, true};
  CANDOR_CHECK(check_asking_options(
      options, selection == Selection::leader_and_others ? several : one, rule->name()));
  return rule;
}

std::string_view LimitedWeightedScore::name() const {
  return selection_ == Selection::leader_and_others ? "lf" : "wsu-ux";
}

double LimitedWeightedScore::gamma(std::size_t present) const {
  if (options_.exploration > 0.0) return options_.exploration;
  return std::min(0.5, std::sqrt(options_.step_size * static_cast<double>(present)));
}

double LimitedWeightedScore::probability(WorkerId worker) const {
  if (!crowd_.is_present(worker)) return 0.0;
  if (selection_ == Selection::mixed) return mixed_probability(worker, gamma(present()));
  if (present() <= options_.asks) return 1.0;
  const double part = crowd_.part(worker);
  return part + (1.0 - part) * chance_of_others(options_.asks, present());
}

Asks LimitedWeightedScore::with_probabilities(std::vector<WorkerId> asked) const {
  Asks asks{std::move(asked), {}};
  for (const WorkerId id : asks.worker) asks.probability.push_back(probability(id));
  return asks;
}

Asks LimitedWeightedScore::draw(RandomStream& random) const {
  if (selection_ == Selection::mixed) return draw_one(gamma(present()), random);
  if (present() <= options_.asks) return with_probabilities(present_in_order());
  const WorkerId leader = crowd_.draw_by_weight(random);
  return with_probabilities(crowd_.with_others(leader, options_.asks, random));
}

std::vector<AskingRule::Possible> LimitedWeightedScore::sets_of_asks() const {
  const std::vector<WorkerId> order = present_in_order();
  std::vector<std::size_t> places(options_.asks);
  for (std::size_t k = 0; k < places.size(); ++k) places[k] = k;
  std::vector<Possible> all;
  do {
    std::vector<WorkerId> asked;
    double leads = 0.0;  // that somebody in this set leads
    for (const std::size_t place : places) {
      asked.push_back(order[place]);
      leads += crowd_.part(order[place]);
    }
    all.push_back({with_probabilities(std::move(asked)),
                   leads / sets_of(options_.asks - 1, order.size() - 1)});
  } while (next_set(places, order.size()));
  return all;
}

std::vector<AskingRule::Possible> LimitedWeightedScore::law() const {
  assert(present() <= 12);
  if (selection_ == Selection::mixed) return CrowdRule::law();
  if (present() == 0) return {};
  if (present() <= options_.asks) return {{with_probabilities(present_in_order()), 1.0}};
  return sets_of_asks();
}

Stakes LimitedWeightedScore::stake(std::span<const WorkerId> asked, double lottery) {
  Stakes stakes = open_stakes(asked, lottery);
  for (const WorkerId id : asked) {
    stakes.claim.push_back(crowd_.part(id));
    stakes.stake.push_back(
        put_at_stake(id, options_.step_size * crowd_.weight(id) / probability(id)));
  }
  return stakes;
}

void LimitedWeightedScore::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                                  std::span<const double> loss) {
  crowd_.settle(asked, stakes, loss);
}

// With x_i the bracket of the update, ln(1 + eta x) >= eta x - (eta x)^2 for eta x >= -.68, and
// E x_i^2 <= 1/q_i + sum_j p_j^2 / q_j.
std::optional<double> LimitedWeightedScore::regret_bound(WorkerId worker, double slots) const {
  if (!crowd_.is_admitted(worker)) return std::nullopt;
  const double eta = options_.step_size;
  const double crowd = static_cast<double>(crowd_.admitted());
  const double asks = static_cast<double>(options_.asks);
  const double start = portable_log(1.0 / crowd_.first_weight(worker)) / eta;
  if (selection_ == Selection::mixed) {
    const double mix = gamma(crowd_.admitted());
    if (eta * crowd > 0.68 * mix) return std::nullopt;
    return start + slots * (eta * (crowd / mix + 1.0 / (1.0 - mix)) + mix);
  }
  const double least = asks >= crowd ? 1.0 : (asks - 1.0) / (crowd - 1.0);
  if (eta > 0.68 * least) return std::nullopt;
  return start + eta * slots * (asks >= crowd ? 1.0 : 1.0 / least + crowd / asks);
}

}  // namespace candor::learning
