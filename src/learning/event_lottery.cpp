#include "candor/learning/event_lottery.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "candor/base/math.h"
#include "candor/base/text.h"

namespace candor::learning {
namespace {

constexpr double below_one = 1.0 - 0x1p-53;

Status check_part(double value, bool zero_too, std::string_view field, std::string_view expected) {
  const bool right = zero_too ? value >= 0.0 && value < 1.0 : value > 0.0 && value <= 1.0;
  if (right) return {};
  return Error{ErrorCode::out_of_range, number_text(value)}.in_field(field).expecting(expected).way(
      "leave it out: the default suits most crowds");
}

// Uses a uniform number up: which of `count` equal parts of [0,1) it lies in, and where in that
// part.
std::size_t split(double& uniform, std::size_t count) {
  const double scaled = uniform * static_cast<double>(count);
  const std::size_t part = std::min(count - 1, static_cast<std::size_t>(scaled));
  uniform = std::min(below_one, scaled - static_cast<double>(part));
  return part;
}

// `count` different numbers below `bound`, all sets equally likely, in O(count) (Floyd).
std::vector<std::size_t> sample(std::size_t count, std::size_t bound, RandomStream& random) {
  std::vector<std::size_t> drawn;
  std::unordered_set<std::size_t> seen;
  for (std::size_t last = bound - count; last < bound; ++last) {
    const std::size_t candidate = random.below(last + 1);
    drawn.push_back(seen.insert(candidate).second ? candidate : last);
    seen.insert(drawn.back());
  }
  return drawn;
}

double choose(std::size_t n, std::size_t m) {
  double sets = 1.0;
  for (std::size_t j = 1; j <= m; ++j)
    sets *= static_cast<double>(n - m + j) / static_cast<double>(j);
  return sets;
}

}  // namespace

Result<std::unique_ptr<EventLottery>> EventLottery::create(const EventLotteryOptions& options) {
  CANDOR_CHECK(check_part(options.damping, false, "damping", "a number in (0,1]"));
  CANDOR_CHECK(check_part(options.exploration, true, "exploration", "a number in [0,1)"));
  if (options.exploration > 0.0 && options.asks != 1) {
    return Error{ErrorCode::invalid_argument, number_text(options.exploration)}
        .in_field("exploration")
        .expecting("0, unless one worker a slot is asked: the others asked explore anyway")
        .way("leave it out, or ask 1");
  }
  return std::unique_ptr<EventLottery>(new EventLottery(options));
}

// Who is known, who is here -----------------------------------------------------------------------

bool EventLottery::is_admitted(WorkerId worker) const {
  return worker.index() < account_.size() && account_[worker.index()].ticket != away;
}

bool EventLottery::is_present(WorkerId worker) const {
  return is_admitted(worker) && account_[worker.index()].seat != away;
}

std::uint64_t EventLottery::wins(WorkerId worker) const {
  return is_admitted(worker) ? account_[worker.index()].wins : 0;
}

void EventLottery::admit(std::span<const WorkerId> cohort, double /*mass*/) {
  std::uint64_t fewest = order_.empty() ? 0 : std::numeric_limits<std::uint64_t>::max();
  for (const WorkerId id : order_) fewest = std::min(fewest, account_[id.index()].wins);
  for (const WorkerId id : cohort) {
    assert(!is_admitted(id) && "a worker is admitted once");
    if (id.index() >= account_.size()) account_.resize(id.index() + 1);
    account_[id.index()].wins = fewest;
    account_[id.index()].ticket = static_cast<std::uint32_t>(order_.size());
    order_.push_back(id);
    count_leader(fewest);
    come_back(id);
  }
}

void EventLottery::enter_standing(WorkerId worker) {
  Account& account = account_[worker.index()];
  std::vector<WorkerId>& level = standing_[account.wins];
  account.place = static_cast<std::uint32_t>(level.size());
  level.push_back(worker);
}

void EventLottery::quit_standing(WorkerId worker) {
  Account& account = account_[worker.index()];
  const auto found = standing_.find(account.wins);
  std::vector<WorkerId>& level = found->second;
  level[account.place] = level.back();
  account_[level.back().index()].place = account.place;
  level.pop_back();
  if (level.empty()) standing_.erase(found);
}

void EventLottery::come_back(WorkerId worker) {
  if (is_present(worker) || !is_admitted(worker)) return;
  account_[worker.index()].seat = static_cast<std::uint32_t>(present_.size());
  present_.push_back(worker);
  enter_standing(worker);
}

void EventLottery::leave(WorkerId worker) {
  if (!is_present(worker)) return;
  quit_standing(worker);
  std::uint32_t& seat = account_[worker.index()].seat;
  present_[seat] = present_.back();
  account_[present_.back().index()].seat = seat;
  present_.pop_back();
  seat = away;
}

// Somebody has reached so many wins.
void EventLottery::count_leader(std::uint64_t wins) {
  if (wins < most_) return;
  leading_ = wins > most_ ? 1 : leading_ + 1;
  most_ = wins;
}

void EventLottery::give_win(WorkerId worker) {
  const bool here = is_present(worker);
  if (here) quit_standing(worker);
  count_leader(++account_[worker.index()].wins);
  if (here) enter_standing(worker);
}

// Who has the say
// -----------------------------------------------------------------------------------

void EventLottery::share(std::span<const WorkerId> worker, std::span<double> out) const {
  std::uint64_t most = 0;
  for (const WorkerId id : worker) most = std::max(most, wins(id));
  double leaders = 0.0;
  for (std::size_t j = 0; j < worker.size(); ++j) {
    out[j] = is_admitted(worker[j]) && wins(worker[j]) == most ? 1.0 : 0.0;
    leaders += out[j];
  }
  if (leaders == 0.0) return share_equally(out);
  for (double& value : out) value /= leaders;
}

double EventLottery::weight(WorkerId worker) const {
  return is_admitted(worker) && wins(worker) == most_ ? 1.0 / static_cast<double>(leading_) : 0.0;
}

std::vector<double> EventLottery::weights() const {
  std::vector<double> all(account_.size(), 0.0);
  for (const WorkerId id : order_) all[id.index()] = weight(id);
  return all;
}

// Whom to ask
// -----------------------------------------------------------------------------------------

std::size_t EventLottery::asks() const {
  return options_.asks == 0 ? std::numeric_limits<std::size_t>::max() : options_.asks;
}

bool EventLottery::everyone_asked() const {
  return asks() >= present_.size();
}

bool EventLottery::leads(WorkerId worker) const {
  return is_present(worker) && wins(worker) == standing_.rbegin()->first;
}

double EventLottery::exploration() const {
  if (options_.exploration > 0.0) return options_.exploration;
  const double ratio = static_cast<double>(present_.size()) / static_cast<double>(staked_ + 1);
  return std::min(1.0, portable_exp(portable_log(ratio) / 3.0));
}

double EventLottery::probability(WorkerId worker) const {
  if (!is_present(worker)) return 0.0;
  if (everyone_asked()) return 1.0;
  const double crowd = static_cast<double>(present_.size());
  const double leading = leads(worker) ? 1.0 / static_cast<double>(leaders().size()) : 0.0;
  if (options_.asks == 1) return (1.0 - exploration()) * leading + exploration() / crowd;
  const double others = static_cast<double>(options_.asks - 1) / (crowd - 1.0);
  return leading + (1.0 - leading) * others;
}

std::vector<WorkerId> EventLottery::draw_set(RandomStream& random) const {
  if (everyone_asked()) return present_;
  if (options_.asks == 1 && random.bernoulli(exploration()))
    return {present_[random.below(present_.size())]};
  const WorkerId leader = leaders()[random.below(leaders().size())];
  std::vector<WorkerId> asked{leader};
  const std::size_t seat = account_[leader.index()].seat;
  for (const std::size_t other : sample(options_.asks - 1, present_.size() - 1, random))
    asked.push_back(present_[other < seat ? other : other + 1]);
  return asked;
}

Asks EventLottery::draw(RandomStream& random) const {
  Asks asks{draw_set(random), {}};
  for (const WorkerId id : asks.worker) asks.probability.push_back(probability(id));
  return asks;
}

// A leader is drawn with 1/k, then each set of others is as likely as any.
double EventLottery::set_probability(std::span<const WorkerId> asked) const {
  if (everyone_asked()) return 1.0;
  if (options_.asks == 1) return probability(asked[0]);
  const double leading = static_cast<double>(leaders_among(asked).size());
  return leading / static_cast<double>(leaders().size()) /
         choose(present_.size() - 1, options_.asks - 1);
}

std::vector<AskingRule::Possible> EventLottery::law() const {
  assert(present_.size() <= 12 && "every set is listed: meant for small crowds");
  std::vector<WorkerId> crowd = present_;
  std::sort(crowd.begin(), crowd.end());
  const std::size_t m = std::min(asks(), crowd.size());
  std::vector<Possible> sets;
  std::vector<bool> in(crowd.size(), false);
  std::fill(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(m), true);
  do {
    Possible set;
    for (std::size_t j = 0; j < crowd.size(); ++j)
      if (in[j]) set.asks.worker.push_back(crowd[j]);
    for (const WorkerId id : set.asks.worker) set.asks.probability.push_back(probability(id));
    set.probability = m == 0 ? 0.0 : set_probability(set.asks.worker);
    if (set.probability > 0.0) sets.push_back(std::move(set));
  } while (std::prev_permutation(in.begin(), in.end()));
  return sets;
}

// The lottery
// --------------------------------------------------------------------------------------------

std::vector<WorkerId> EventLottery::leaders_among(std::span<const WorkerId> asked) const {
  std::vector<WorkerId> found;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(found),
               [this](WorkerId id) { return leads(id); });
  return found;
}

// For one asked: the chance that it was drawn as explorer, given that it was drawn.
double EventLottery::explored_if_asked(WorkerId worker) const {
  if (everyone_asked() || options_.asks != 1) return 1.0;
  return exploration() / static_cast<double>(present_.size()) / probability(worker);
}

// a_j = d / (n q_j), given who was drawn as the leader. They sum to d at most.
std::vector<double> EventLottery::parts(std::span<const WorkerId> asked, WorkerId leader) const {
  const double crowd = static_cast<double>(present_.size());
  if (everyone_asked()) return std::vector<double>(asked.size(), options_.damping / crowd);
  if (options_.asks == 1) return {options_.damping};
  const double others =
      options_.damping * (crowd - 1.0) / (crowd * static_cast<double>(options_.asks - 1));
  std::vector<double> part(asked.size(), others);
  for (std::size_t j = 0; j < asked.size(); ++j)
    if (asked[j] == leader) part[j] = options_.damping / crowd;
  return part;
}

bool EventLottery::could_draw(std::span<const WorkerId> asked) const {
  if (!is_full_set(asked)) return false;
  if (everyone_asked() || options_.asks == 1) return true;
  return std::any_of(asked.begin(), asked.end(), [this](WorkerId id) { return leads(id); });
}

Stakes EventLottery::stake(std::span<const WorkerId> asked, double lottery) {
  assert(could_draw(asked) && "asked: as drawn, with no win counted in between");
  Stakes stakes{std::vector<double>(asked.size(), 0.0), std::vector<double>(asked.size(), 0.0),
                lottery, 0};
  if (asked.empty()) return stakes;
  double rest = lottery;
  const double explored = explored_if_asked(asked[0]);
  ++staked_;
  if (rest >= explored) return stakes;  // the leader, not exploring: no lottery
  rest = std::min(below_one, rest / explored);
  // Who of the leaders asked was drawn as the leader: each as likely as any other, given who was
  // asked.
  WorkerId leader = asked[0];
  if (!everyone_asked() && options_.asks > 1) {
    const std::vector<WorkerId> possible = leaders_among(asked);
    leader = possible[split(rest, possible.size())];
  }
  std::fill(stakes.claim.begin(), stakes.claim.end(), 1.0 / static_cast<double>(order_.size()));
  stakes.lottery = rest;
  if (is_present(order_[split(rest, order_.size())])) stakes.stake = parts(asked, leader);
  return stakes;
}

void EventLottery::settle(std::span<const WorkerId> asked, const Stakes& stakes,
                          std::span<const double> loss) {
  if (asked.empty() || stakes.claim[0] == 0.0) return;
  const auto tickets = static_cast<std::size_t>(std::lround(1.0 / stakes.claim[0]));
  double rest = stakes.lottery;
  WorkerId winner = order_[split(rest, tickets)];
  double reached = 0.0;
  for (std::size_t j = 0; j < asked.size(); ++j) {
    const double next = reached + stakes.stake[j] * (1.0 - loss[j]);
    if (rest >= reached && rest < next) winner = asked[j];
    reached = next;
  }
  give_win(winner);
}

void EventLottery::add_chances(std::span<const WorkerId> asked, std::span<const double> part,
                               std::span<const double> loss, double times,
                               std::span<double> out) const {
  const double ticket = times / static_cast<double>(order_.size());
  const double here = ticket * static_cast<double>(present_.size());
  double handed = 0.0;
  for (std::size_t j = 0; j < asked.size(); ++j) {
    const double chance = part[j] * (1.0 - loss[j]);
    out[asked[j].index()] += here * chance;
    handed += chance;
  }
  for (const WorkerId id : order_)
    out[id.index()] += ticket * (is_present(id) ? 1.0 - handed : 1.0);
}

std::vector<double> EventLottery::chances(std::span<const WorkerId> asked,
                                          std::span<const double> loss) const {
  std::vector<double> chance(account_.size(), 0.0);
  if (asked.empty()) return chance;
  std::vector<WorkerId> drawn_as_leader{asked[0]};
  if (!everyone_asked() && options_.asks > 1) drawn_as_leader = leaders_among(asked);
  const double each = explored_if_asked(asked[0]) / static_cast<double>(drawn_as_leader.size());
  for (const WorkerId leader : drawn_as_leader)
    add_chances(asked, parts(asked, leader), loss, each, chance);
  return chance;
}

}  // namespace candor::learning
