#include "candor/game/crowd.h"

#include <algorithm>

#include "candor/base/text.h"
#include "candor/game/slot_oracle.h"
#include "game/roster.h"

namespace candor::game {
namespace {

constexpr std::uint64_t crowd_stream = 3;

WorkerType constant(const char* report) {
  return {.strategy = {"constant", report}};
}

Scenario ten_workers(std::string name, std::string description, std::size_t lying) {
  Scenario scenario = std::move(random_crowd(10, 0.55, 0.95, lying)).value();
  scenario.name = std::move(name);
  scenario.description = std::move(description);
  return scenario;
}

std::vector<Scenario> make_standard_scenarios() {
  Scenario forecasts{"fixed-forecasts",
                     "A is always right; one worker says 1, two say 0.2",
                     1.0,
                     {constant("1"), constant("0.2"), constant("0.2")}};
  const WorkerType coin{.accuracy = 0.5, .strategy = {"exaggerating"}, .group = 0};
  Scenario copied{"copied-coin",
                  "one perfect worker, and two who report the same coin toss",
                  0.5,
                  {{.accuracy = 1.0}, coin, coin}};
  const WorkerType liar{.accuracy = 0.95, .strategy = {"always-wrong"}};
  Scenario liars{"two-liars",
                 "one worker who is right 9 times in 10, and two who are wrong 19 times in 20",
                 0.5,
                 {{.accuracy = 0.9, .strategy = {"exaggerating"}}, liar, liar}};
  return {forecasts, copied, liars,
          ten_workers("strategic-crowd",
                      "ten workers of accuracy 0.55 to 0.95, six of whom report the opposite", 6),
          ten_workers("honest-crowd", "ten honest and independent workers of accuracy 0.55 to 0.95",
                      0)};
}

Status check_range(double low, double high) {
  if (low >= 0.0 && low <= high && high <= 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(low) + ":" + number_text(high)}
      .in_field("--accuracy")
      .expecting("LOW:HIGH with 0 <= LOW <= HIGH <= 1")
      .way("0.55:0.95 is a usual crowd");
}

std::string workers_of_accuracy(std::size_t workers, double low, double high) {
  return std::to_string(workers) + " workers of accuracy " + number_text(low) + " to " +
         number_text(high);
}

Scenario crowd_of(std::vector<WorkerType> workers, double low, double high,
                  const std::string& what) {
  Scenario scenario;
  scenario.name = "random-crowd";
  scenario.description = workers_of_accuracy(workers.size(), low, high) + what;
  scenario.workers = std::move(workers);
  scenario.accuracy_range = {low, high};
  return scenario;
}

}  // namespace

const std::vector<Scenario>& standard_scenarios() {
  static const std::vector<Scenario> scenarios = make_standard_scenarios();
  return scenarios;
}

Result<Scenario> random_crowd(std::size_t workers, double low, double high, std::size_t lying) {
  if (workers == 0 || lying > workers) {
    return Error{ErrorCode::out_of_range,
                 std::to_string(lying) + " liars among " + std::to_string(workers) + " workers"}
        .in_field("--workers, --lying")
        .expecting("at least one worker, and no more liars than workers")
        .way("raise --workers or lower --lying");
  }
  CANDOR_CHECK(check_range(low, high));
  std::vector<WorkerType> types(workers);
  for (std::size_t i = workers - lying; i < workers; ++i) types[i].strategy = {"always-wrong"};
  return crowd_of(std::move(types), low, high, ", " + std::to_string(lying) + " of whom lie");
}

Result<Scenario> strategic_crowd(const std::vector<StrategyCount>& strategies, double low,
                                 double high) {
  CANDOR_CHECK(check_range(low, high));
  std::vector<WorkerType> types;
  std::string what;
  for (std::size_t item = 0; item < strategies.size(); ++item) {
    const StrategyCount& one = strategies[item];
    WorkerType type{.strategy = one.strategy};
    if (party_of(one.strategy) != Party::none) type.party = item;
    types.insert(types.end(), one.workers, type);
    what += (item == 0 ? ": " : ", ") + one.strategy.text() + ":" + std::to_string(one.workers);
  }
  if (!types.empty()) return crowd_of(std::move(types), low, high, what);
  return Error{ErrorCode::out_of_range, "no strategies"}
      .in_field("--strategies")
      .expecting("at least one worker")
      .way("write truthful:10");
}

Result<Crowd> Crowd::create(const Scenario& scenario, std::uint64_t seed, const CrowdTold& told) {
  std::vector<Member> members;
  members.reserve(scenario.workers.size());
  for (const WorkerType& type : scenario.workers) members.push_back({type.strategy, type.party});
  CANDOR_TRY(auto roster, Roster::create(members, seed, {told.horizon, told.step_size}));
  return Crowd(scenario, seed, std::move(roster), told.step_size);
}

Crowd::Crowd(Crowd&&) noexcept = default;
Crowd& Crowd::operator=(Crowd&&) noexcept = default;
Crowd::~Crowd() = default;

Crowd::Crowd(const Scenario& scenario, std::uint64_t seed, std::unique_ptr<Roster> roster,
             double step_size)
    : base_rate_(scenario.base_rate),
      audited_(scenario.audited),
      seed_(seed),
      step_size_(step_size),
      types_(scenario.workers),
      roster_(std::move(roster)),
      random_(seed, crowd_stream) {
  std::size_t groups = 0;
  for (WorkerType& type : types_) {
    if (scenario.accuracy_range) {
      const auto [low, high] = *scenario.accuracy_range;
      type.accuracy = low + (high - low) * random_.uniform();
    }
    if (type.group) groups = std::max(groups, *type.group + 1);
  }
  group_signal_.resize(groups);
}

bool Crowd::signal_says_a(const WorkerType& type, bool outcome_is_a) {
  if (type.group && group_signal_[*type.group]) return *group_signal_[*type.group];
  const bool right = random_.bernoulli(type.accuracy);
  const bool says_a = right == outcome_is_a;
  if (type.group) group_signal_[*type.group] = says_a;
  return says_a;
}

Belief Crowd::belief_of(std::size_t worker, bool outcome_is_a) {
  const WorkerType& type = types_[worker];
  if (type.belief) {
    const double truth = outcome_is_a ? 1.0 : 0.0;
    const World world{slot_, base_rate_, 0.0, outcome_is_a, truth, truth};
    return type.belief->belief(world, seed_, WorkerId{static_cast<std::uint32_t>(worker)});
  }
  const bool says_a = signal_says_a(type, outcome_is_a);
  return leaning(says_a ? type.accuracy : 1.0 - type.accuracy, says_a);
}

std::unique_ptr<SlotOracle> Crowd::oracle_for(WorkerId self, double belief) const {
  if (step_size_ <= 0.0) return nullptr;
  return std::make_unique<WeightedScoreOracle>(roster_->memory().view_of(self, belief, false),
                                               step_size_);
}

const CrowdSlot& Crowd::next() {
  const bool outcome_is_a = random_.bernoulli(base_rate_);
  std::fill(group_signal_.begin(), group_signal_.end(), std::nullopt);
  roster_->open_slot(slot_, uniform_of(seed_, Purpose::platform, 0, slot_) < audited_);
  for (std::size_t i = 0; i < types_.size(); ++i) roster_->believe(i, belief_of(i, outcome_is_a));
  played_ = {outcome_is_a ? 1.0 : 0.0, {}, {}};
  for (std::uint32_t i = 0; i < types_.size(); ++i) {
    if (!roster_->answers(WorkerId{i})) continue;
    played_.worker.push_back(WorkerId{i});
    played_.report.push_back(roster_->report(
        WorkerId{i}, [this](WorkerId self, double belief) { return oracle_for(self, belief); }));
  }
  ++slot_;
  return played_;
}

void Crowd::observe(double label, std::span<const double> weight) {
  roster_->observe({slot_ - 1U, label, played_.outcome}, played_.worker, played_.report, weight);
}

}  // namespace candor::game
