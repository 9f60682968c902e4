#include "audit/mechanism_subject.h"

#include <array>
#include <cassert>

#include "candor/learning/event_lottery.h"

namespace candor::audit {
namespace {

using mechanism::Mechanism;
using mechanism::PooledSlot;

// For what cannot fail with the arguments given here.
void expect(const Status& status) {
  assert(status.ok());
  (void)status;
}

std::vector<WorkerId> who_answers(const AuditSlot& slot, std::size_t workers) {
  std::vector<WorkerId> worker;
  for (std::uint32_t i = 0; i < workers; ++i)
    if (slot.present.empty() || slot.present[i]) worker.push_back(WorkerId{i});
  return worker;
}

std::vector<double> rows_of(const std::vector<WorkerId>& worker, std::span<const double> report) {
  std::vector<double> rows;
  rows.reserve(2 * worker.size());
  for (const WorkerId id : worker) {
    rows.push_back(report[id.index()]);
    rows.push_back(1.0 - report[id.index()]);
  }
  return rows;
}

// The stretches of [0,1) that shares fill when laid end to end: the middle of each.
std::vector<double> middles(std::span<const double> share) {
  std::vector<double> middle;
  middle.reserve(share.size());
  double reached = 0.0;
  for (const double part : share) {
    middle.push_back(reached + part / 2.0);
    reached += part;
  }
  return middle;
}

const learning::EventLottery& lottery_of(const Mechanism& mechanism) {
  const auto* lottery = dynamic_cast<const learning::EventLottery*>(mechanism.asking_rule());
  assert(lottery != nullptr);
  return *lottery;
}

std::vector<double> wins_of(const Mechanism& mechanism, std::size_t workers) {
  std::vector<double> wins;
  wins.reserve(workers);
  for (std::uint32_t i = 0; i < workers; ++i)
    wins.push_back(static_cast<double>(lottery_of(mechanism).wins(WorkerId{i})));
  return wins;
}

}  // namespace

Result<std::unique_ptr<Subject>> MechanismSubject::create(const MechanismChoice& choice) {
  CANDOR_CHECK(Mechanism::create(choice.spec, 2));
  CANDOR_TRY(auto payment, payment::make_payment_rule(choice.spec.payment));
  return std::unique_ptr<Subject>(new MechanismSubject(choice, std::move(payment)));
}

State MechanismSubject::start(const AuditInstance& instance) const {
  State state{instance.weights, instance.step_size, {}};
  if (choice_.memory == Memory::wins) state.memory.assign(state.weight.size(), 0.0);
  return state;
}

Mechanism MechanismSubject::founded(const State& state) const {
  mechanism::MechanismSpec spec = choice_.spec;
  spec.weighted_score.step_size = state.step_size;
  spec.asking.step_size = state.step_size;
  Result<Mechanism> made = Mechanism::create(spec, 2);
  assert(made.ok());
  for (std::uint32_t i = 0; i < state.weight.size(); ++i) expect(made->join(WorkerId{i}));
  return std::move(made).value();
}

Mechanism MechanismSubject::at(const State& state) const {
  Mechanism mechanism = founded(state);
  if (choice_.memory == Memory::weights) {
    expect(mechanism.start_from(state.weight));
  } else {
    mechanism.open_slot();
    replay(mechanism, state);
  }
  return mechanism;
}

// Memory::slots: for each past slot the outcome, then every report.
void MechanismSubject::replay(Mechanism& mechanism, const State& state) const {
  const std::size_t n = state.weight.size();
  if (choice_.memory == Memory::wins) {
    for (std::size_t i = 0; i < n; ++i)
      for (auto k = static_cast<std::size_t>(state.memory[i]); k > 0; --k) give_win(mechanism, i);
    return;
  }
  for (std::size_t k = 0; k < state.memory.size(); k += n + 1) {
    const std::vector<WorkerId> all = who_answers({}, n);
    const auto pooled =
        mechanism.pool(all, rows_of(all, std::span(state.memory).subspan(k + 1, n)), 0.0);
    assert(pooled.ok());
    const std::array<double, 2> row{state.memory[k], 1.0 - state.memory[k]};
    const auto settled = mechanism.settle(*pooled, row);
    assert(settled.ok());
    (void)settled;
  }
}

// An event lottery's number decides, in turn, who of the leaders asked was drawn as the leader (if
// not everyone is asked), which ticket is drawn, and whether it is handed on. Everyone is present
// here, so the leaders are those with weight.
std::size_t MechanismSubject::leaders_asked(const Mechanism& mechanism,
                                            const learning::Asks& asks) {
  if (asks.worker.size() == mechanism.asking_rule()->present()) return 1;
  std::size_t leaders = 0;
  for (const WorkerId id : asks.worker) leaders += mechanism.weight_rule().weight(id) > 0.0 ? 1 : 0;
  return leaders;
}

// When all who are asked are wrong, the holder of the drawn ticket wins.
void MechanismSubject::give_win(Mechanism& mechanism, std::size_t worker) {
  const double n = static_cast<double>(mechanism.asking_rule()->present());
  const auto possible = mechanism.asking_rule()->law().front();
  const auto leaders = static_cast<double>(leaders_asked(mechanism, possible.asks));
  auto asked = mechanism.ask(possible.asks, (static_cast<double>(worker) + 0.5) / n / leaders);
  assert(asked.ok());
  std::vector<double> wrong;
  for (std::size_t j = 0; j < possible.asks.worker.size(); ++j) {
    wrong.push_back(0.0);
    wrong.push_back(1.0);
  }
  const auto pooled = mechanism.pool(std::move(asked).value(), wrong, 0.0);
  const std::array<double, 2> outcome{1.0, 0.0};
  const auto settled = mechanism.settle(*pooled, outcome);
  assert(settled.ok());
  (void)settled;
}

std::vector<MechanismSubject::Chance> MechanismSubject::chances(const State& state,
                                                                const AuditSlot& slot,
                                                                Reports report,
                                                                double outcome) const {
  const Mechanism mechanism = at(state);
  std::vector<Chance> chances;
  if (mechanism.asking_rule() != nullptr) {
    for (auto& possible : mechanism.asking_rule()->law()) {
      const Chance asked{possible.probability, possible.asks.worker, possible.asks, 0.0};
      if (choice_.memory != Memory::wins) {
        chances.push_back(asked);
        continue;
      }
      for (Chance& one : lotteries(state, asked, report, outcome))
        chances.push_back(std::move(one));
    }
    return chances;
  }
  const std::vector<WorkerId> worker = who_answers(slot, report.size());
  if (choice_.spec.output == mechanism::Output::pooled) return {{1.0, worker, {}, 0.0}};
  std::vector<double> share(worker.size());
  mechanism.weight_rule().share(worker, share);
  const std::vector<double> middle = middles(share);
  for (std::size_t j = 0; j < share.size(); ++j)
    if (share[j] > 0.0) chances.push_back({share[j], worker, {}, middle[j]});
  return chances;
}

// Leader l of those asked is drawn with 1/L, ticket k with 1/N.
std::vector<MechanismSubject::Chance> MechanismSubject::lotteries(const State& state,
                                                                  const Chance& asked,
                                                                  Reports report,
                                                                  double outcome) const {
  const Mechanism mechanism = at(state);
  const std::size_t leaders = leaders_asked(mechanism, asked.asks);
  const std::size_t tickets = state.weight.size();
  std::vector<Chance> chances;
  for (std::size_t l = 0; l < leaders; ++l)
    for (std::size_t k = 0; k < tickets; ++k)
      add_handings(state, asked, {l * tickets + k, leaders * tickets}, report, outcome, chances);
  return chances;
}

// The ticket is handed to an asked worker j with chance a_j s_j, or stays.
void MechanismSubject::add_handings(const State& state, const Chance& asked, Part drawn,
                                    Reports report, double outcome,
                                    std::vector<Chance>& chances) const {
  const auto number = static_cast<double>(drawn.number);
  const auto parts = static_cast<double>(drawn.parts);
  Mechanism mechanism = at(state);
  const auto staked = mechanism.ask(asked.asks, (number + 0.5) / parts);
  assert(staked.ok());
  std::vector<double> part;
  part.reserve(asked.worker.size() + 1);
  double kept = 1.0;
  for (std::size_t j = 0; j < asked.worker.size(); ++j) {
    const double error = report[asked.worker[j].index()] - outcome;
    part.push_back(staked->stakes.stake[j] * (1.0 - error * error));
    kept -= part.back();
  }
  part.push_back(std::max(kept, 0.0));
  const std::vector<double> middle = middles(part);
  for (std::size_t j = 0; j < part.size(); ++j) {
    if (part[j] < 1e-15) continue;
    Chance one = asked;
    one.probability *= part[j] / parts;
    one.draw = (number + middle[j]) / parts;
    chances.push_back(std::move(one));
  }
}

// As Mechanism pays, in real numbers.
std::vector<double> MechanismSubject::parts(const Mechanism& mechanism, const PooledSlot& pooled,
                                            const mechanism::Settlement& settled,
                                            std::size_t workers) const {
  std::vector<double> share(pooled.worker.size());
  mechanism.weight_rule().share(pooled.worker, share);
  if (mechanism.asking_rule() != nullptr)
    for (std::size_t j = 0; j < share.size(); ++j)
      share[j] = mechanism.weight_rule().weight(pooled.worker[j]);
  std::vector<double> part(share.size());
  payment_->parts({settled.loss, share}, part);
  std::vector<double> pay(workers, 0.0);
  for (std::size_t j = 0; j < part.size(); ++j) pay[pooled.worker[j].index()] = part[j];
  return pay;
}

Ending MechanismSubject::run(const State& state, const Chance& chance, Reports report,
                             double outcome) const {
  Mechanism mechanism = at(state);
  const std::vector<double> rows = rows_of(chance.worker, report);
  const Result<PooledSlot> pooled = [&]() -> Result<PooledSlot> {
    if (mechanism.asking_rule() == nullptr) return mechanism.pool(chance.worker, rows, chance.draw);
    CANDOR_TRY(mechanism::AskedWorkers asked, mechanism.ask(chance.asks, chance.draw));
    return mechanism.pool(std::move(asked), rows, chance.draw);
  }();
  assert(pooled.ok());
  const std::array<double, 2> row{outcome, 1.0 - outcome};
  const auto settled = mechanism.settle(*pooled, row);
  assert(settled.ok());
  Ending ending;
  ending.probability = chance.probability;
  ending.state.weight = mechanism.weight_rule().weights();
  ending.state.step_size = state.step_size;
  if (choice_.memory == Memory::wins) ending.state.memory = wins_of(mechanism, report.size());
  ending.pay = parts(mechanism, *pooled, *settled, report.size());
  ending.label = pooled->label[0];
  return ending;
}

void MechanismSubject::remember(Ending& ending, const State& before, Reports report,
                                double outcome) const {
  if (choice_.memory != Memory::slots) return;
  ending.state.memory = before.memory;
  ending.state.memory.push_back(outcome);
  ending.state.memory.insert(ending.state.memory.end(), report.begin(), report.end());
}

std::vector<Ending> MechanismSubject::play(const State& state, const AuditSlot& slot,
                                           std::span<const double> report, double outcome) const {
  std::vector<Ending> endings;
  for (const Chance& chance : chances(state, slot, report, outcome)) {
    endings.push_back(run(state, chance, report, outcome));
    remember(endings.back(), state, report, outcome);
  }
  return endings;
}

Shape MechanismSubject::shape(game::Motive motive, std::size_t, std::size_t) const {
  switch (motive) {
    case game::Motive::pay:
      return choice_.affine || choice_.spec.payment != "by-weight" ? Shape::quadratic
                                                                   : Shape::other;
    case game::Motive::sway:
      return choice_.linear_label ? Shape::quadratic : Shape::other;
    default:
      return choice_.affine ? Shape::quadratic : Shape::other;
  }
}

}  // namespace candor::audit
