#include "candor/game/game.h"

#include <algorithm>
#include <limits>

#include "candor/base/math.h"
#include "candor/base/parallel.h"
#include "candor/base/text.h"
#include "candor/payment/payment_rule.h"
#include "game/platform_desk.h"
#include "game/roster.h"

namespace candor::game {
namespace {

constexpr std::uint64_t platform_stream = 11;

double square(double x) {
  return x * x;
}

Status check_part(double value, std::string_view field) {
  if (value > 0.0 && value <= 1.0) return {};
  return Error{ErrorCode::out_of_range, number_text(value)}
      .in_field(field)
      .expecting("a number in (0,1]")
      .way("1 means always");
}

Status check(const Game& game) {
  const bool believe = std::all_of(game.players.begin(), game.players.end(),
                                   [](const Player& player) { return player.belief != nullptr; });
  const bool one_rule = bool{game.platform.open} != bool{game.platform.asking};
  if (game.players.empty() || !believe || game.slots == 0 || !one_rule) {
    return Error{ErrorCode::invalid_argument, "a game that cannot be played"}
        .in_field("players, slots and platform")
        .expecting(
            "players with a belief model each, at least one slot, and one weight rule: open or "
            "asking")
        .way("see candor/game/game.h");
  }
  for (const Player& player : game.players)
    CANDOR_CHECK(check_part(player.availability, "availability"));
  CANDOR_CHECK(check_part(game.platform.audited, "audited"));
  return game.world.check();
}

std::vector<Member> members_of(const Game& game) {
  std::vector<Member> members;
  members.reserve(game.players.size());
  for (const Player& player : game.players) members.push_back({player.strategy, player.party});
  return members;
}

// One game from its first slot to its last.
class GameRun {
 public:
  GameRun(const Game& game, std::unique_ptr<payment::PaymentRule> payment,
          std::unique_ptr<PlatformDesk> desk, std::unique_ptr<Roster> roster)
      : game_(game),
        payment_(std::move(payment)),
        desk_(std::move(desk)),
        roster_(std::move(roster)),
        random_(game.seed, platform_stream),
        available_(std::make_unique<bool[]>(game.players.size())),
        honest_loss_(game.players.size(), 0.0) {
    result_.player.resize(game.players.size());
  }

  GameResult play() && {
    for (std::uint32_t slot = 0; slot < game_.slots; ++slot) play(slot);
    finish();
    return std::move(result_);
  }

 private:
  void play(std::uint32_t number) {
    const World world = game_.world.world(game_.seed, number);
    const bool audited = random_.uniform() < game_.platform.audited;
    roster_->open_slot(number, audited);
    for (std::uint32_t i = 0; i < game_.players.size(); ++i) {
      const Player& player = game_.players[i];
      roster_->believe(i, player.belief->belief(world, game_.seed, WorkerId{i}));
      available_[i] = random_.uniform() < player.availability;
    }
    const DeskSlot slot = desk_->select(
        {available_.get(), game_.players.size()},
        [this](WorkerId worker) { return roster_->answers(worker); }, random_);
    result_.redraws += slot.redraws;
    if (!slot.worker.empty()) collect(slot, world, audited);
  }

  void collect(const DeskSlot& slot, const World& world, bool audited) {
    const auto oracle = [&](WorkerId self, double belief) {
      return desk_->oracle(slot, self, belief, roster_->memory());
    };
    report_.clear();
    for (const WorkerId worker : slot.worker) report_.push_back(roster_->report(worker, oracle));
    const double pooled = pool(slot);
    const double draw = random_.uniform();
    const double label = game_.platform.drawn_label ? draw_report(slot, draw) : pooled;
    sway(label);
    if (audited) {
      settle(slot, world.outcome, pooled);
    } else {
      desk_->release(slot);
    }
    const std::vector<double> weight = desk_->weights();
    for (std::size_t i = 0; i < weight.size(); ++i) earn(i, Motive::total_weight, weight[i]);
    if (audited) roster_->observe({world.slot, label, world.outcome}, slot.worker, report_, weight);
  }

  [[nodiscard]] double pool(const DeskSlot& slot) const {
    double label = 0.0;
    for (std::size_t j = 0; j < report_.size(); ++j) label += slot.share[j] * report_[j];
    return label;
  }

  [[nodiscard]] double draw_report(const DeskSlot& slot, double draw) const {
    std::size_t j = 0;
    for (double passed = slot.share[0]; passed <= draw && j + 1 < report_.size();)
      passed += slot.share[++j];
    return report_[j];
  }

  void settle(const DeskSlot& slot, double outcome, double pooled) {
    loss_.clear();
    for (std::size_t j = 0; j < report_.size(); ++j) {
      loss_.push_back(square(report_[j] - outcome));
      PlayerResult& player = result_.player[slot.worker[j].index()];
      player.loss += loss_[j];
      ++player.answers;
      result_.drawn_loss += slot.share[j] * loss_[j];
    }
    result_.pooled_loss += square(pooled - outcome);
    for (std::size_t i = 0; i < honest_loss_.size(); ++i)
      honest_loss_[i] += square(roster_->belief(i).probability - outcome);
    ++result_.settled;
    desk_->settle(slot, loss_);
    pay(slot);
  }

  void pay(const DeskSlot& slot) {
    std::vector<double> share(loss_.size());
    std::vector<double> part(loss_.size());
    desk_->pay_share(slot, share);
    payment_->parts({loss_, share}, part);
    for (std::size_t j = 0; j < part.size(); ++j) {
      earn(slot.worker[j].index(), Motive::pay, part[j]);
      result_.paid += part[j];
    }
  }

  void sway(double label) {
    for (std::size_t i = 0; i < game_.players.size(); ++i)
      earn(i, Motive::sway, -square(label - roster_->belief(i).probability));
  }

  void earn(std::size_t worker, Motive motive, double amount) {
    result_.player[worker].earned.at(static_cast<std::size_t>(motive)) += amount;
  }

  void finish() {
    const std::vector<double> weight = desk_->weights();
    result_.best_honest_loss = *std::min_element(honest_loss_.begin(), honest_loss_.end());
    result_.best_reported_loss = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < weight.size(); ++i) {
      PlayerResult& player = result_.player[i];
      player.weight = weight[i];
      earn(i, Motive::final_weight, weight[i]);
      earn(i, Motive::next_weight, player.of(Motive::total_weight));
      if (player.answers == result_.settled)
        result_.best_reported_loss = std::min(result_.best_reported_loss, player.loss);
      for (const Motive motive : all_motives)
        player.utility += game_.players[i].utility.of(motive) * player.of(motive);
    }
    share_side_payments();
  }

  // The members of a ring divide what they have got.
  void share_side_payments() {
    for (std::size_t first = 0; first < game_.players.size(); ++first) {
      if (roster_->leader(first) != first) continue;
      if (party_of(game_.players[first].strategy) != Party::ring) continue;
      double total = 0.0;
      double members = 0.0;
      const auto in_ring = [&](std::size_t i) { return roster_->leader(i) == first; };
      for (std::size_t i = first; i < game_.players.size(); ++i) {
        total += in_ring(i) ? result_.player[i].utility : 0.0;
        members += in_ring(i) ? 1.0 : 0.0;
      }
      for (std::size_t i = first; i < game_.players.size(); ++i)
        if (in_ring(i)) result_.player[i].utility = total / members;
    }
  }

  const Game& game_;
  std::unique_ptr<payment::PaymentRule> payment_;
  std::unique_ptr<PlatformDesk> desk_;
  std::unique_ptr<Roster> roster_;
  RandomStream random_;
  std::unique_ptr<bool[]> available_;  // [N]
  std::vector<double> honest_loss_;    // [N] of beliefs, over settled slots
  std::vector<double> report_;         // of those who answer the present slot
  std::vector<double> loss_;
  GameResult result_;
};

}  // namespace

Result<GameResult> play_game(const Game& game) {
  CANDOR_CHECK(check(game));
  CANDOR_TRY(auto payment, payment::make_payment_rule(game.platform.payment));
  CANDOR_TRY(auto desk, make_desk(game.platform, game.players.size(), *payment));
  const Told told{game.slots, game.platform.step_size, game.platform.publishes_weights,
                  game.platform.publishes_reports};
  CANDOR_TRY(auto roster, Roster::create(members_of(game), game.seed, told));
  return GameRun(game, std::move(payment), std::move(desk), std::move(roster)).play();
}

Result<std::vector<GameResult>> play_seeds(const Game& game, std::uint64_t first_seed,
                                           std::size_t seeds, std::size_t threads) {
  std::vector<std::optional<Result<GameResult>>> played(seeds);
  for_each_block(seeds, threads, [&](std::size_t block) {
    Game own = game;
    own.seed = first_seed + block;
    played[block] = play_game(own);
  });
  std::vector<GameResult> results;
  for (auto& one : played) {
    if (!one->ok()) return std::move(*one).error();
    results.push_back(std::move(*one).value());
  }
  return results;
}

}  // namespace candor::game
