#include "candor/game/game.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "candor/game/lean_campaign.h"
#include "candor/learning/asking_rules.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/weighted_score.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::game {
namespace {

BeliefModelPtr accurate(double accuracy) {
  return std::move(calibrated_belief(accuracy)).value();
}

Player player(double accuracy, StrategySpec strategy = {}) {
  return {.belief = accurate(accuracy), .strategy = std::move(strategy)};
}

Platform weighted_score(double step_size) {
  Platform platform;
  platform.open = [step_size] {
    return make_rule(learning::WeightedScore::create({.step_size = step_size}));
  };
  platform.step_size = step_size;
  return platform;
}

Platform asking(const char* name, std::size_t asks, double step_size) {
  Platform platform;
  platform.asking = [=] {
    return learning::make_asking_rule(name, {.asks = asks, .step_size = step_size});
  };
  return platform;
}

Game game_of(std::vector<Player> players, Platform platform, std::uint32_t slots) {
  Game game;
  game.players = std::move(players);
  game.platform = std::move(platform);
  game.slots = slots;
  return game;
}

GameResult played(const Game& game) {
  auto result = play_game(game);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? std::move(result).value() : GameResult{};
}

TEST(Game, MatchesTheWorkedExample) {
  Game game = game_of({player(.5, {"constant", "1"}), player(.5, {"constant", "0.2"})},
                      weighted_score(.5), 1);
  game.world.base_rate = 1.0;
  const GameResult result = played(game);
  EXPECT_NEAR(result.player[0].weight, .58, 1e-15);
  EXPECT_NEAR(result.player[1].weight, .42, 1e-15);
  EXPECT_NEAR(result.pooled_loss, .16, 1e-15);
  EXPECT_NEAR(result.drawn_loss, .32, 1e-15);
  EXPECT_EQ(result.player[0].loss, 0.0);
  EXPECT_NEAR(result.player[1].loss, .64, 1e-15);
  EXPECT_EQ(result.best_reported_loss, 0.0);
  EXPECT_NEAR(result.player[0].of(Motive::pay), .58, 1e-15);
  // Base rate 1: everyone believes in A for certain, and the label was .6.
  EXPECT_NEAR(result.player[1].of(Motive::sway), -.16, 1e-15);
  EXPECT_EQ(result.best_honest_loss, 0.0);
  EXPECT_NEAR(result.pooled_regret(), .16, 1e-15);
}

TEST(Game, AddsUpEveryMotive) {
  Game game = game_of({player(.9), player(.7, {"exaggerating"}), player(.6, {"always-wrong"})},
                      weighted_score(.1), 50);
  game.players[0].utility = *Utility::parse("final-weight:2,sway:0.5");
  const GameResult result = played(game);
  double weight = 0;
  double total = 0;
  double pay = 0;
  for (const PlayerResult& one : result.player) {
    EXPECT_EQ(one.answers, 50U);
    EXPECT_EQ(one.of(Motive::final_weight), one.weight);
    EXPECT_EQ(one.of(Motive::next_weight), one.of(Motive::total_weight));
    EXPECT_NEAR(one.of(Motive::pay), one.of(Motive::total_weight), 1e-10);  // pay by weight
    weight += one.weight;
    total += one.of(Motive::total_weight);
    pay += one.of(Motive::pay);
  }
  EXPECT_NEAR(weight, 1.0, 1e-12);
  EXPECT_NEAR(total, 50.0, 1e-10);
  EXPECT_NEAR(pay, result.paid, 1e-10);
  EXPECT_NEAR(result.player[0].utility,
              2 * result.player[0].weight + .5 * result.player[0].of(Motive::sway), 1e-12);
  EXPECT_GT(result.player[0].weight, result.player[1].weight);
  EXPECT_GT(result.player[1].weight, result.player[2].weight);
}

// The dense form, the same campaign to rounding: every fixed strategy, a base rate, noise.
TEST(Game, IsWhatTheLeanCampaignPlays) {
  LeanCampaign lean;
  lean.workers = {{.8, {"truthful"}},     {.7, {"exaggerating"}}, {.9, {"hedging", "0.3"}},
                  {.6, {"always-wrong"}}, {.5, {"exaggerating"}}, {.75, {"constant", "0.4"}},
                  {.65, {"side-biased"}}, {.55, {"lying"}},       {.95, {"truthful"}}};
  for (const WorldModel& world : {WorldModel{.5, 0}, WorldModel{.3, .1}}) {
    lean.world = world;
    lean.slots = 400;
    lean.step_size = .2;
    lean.seed = 17;
    Game game = game_of({}, weighted_score(.2), 400);
    for (const LeanWorker& worker : lean.workers)
      game.players.push_back(player(worker.accuracy, worker.strategy));
    game.world = world;
    game.seed = 17;
    const auto fast = run_lean(lean);
    ASSERT_TRUE(fast.ok()) << fast.error().message();
    const GameResult slow = played(game);
    for (std::size_t i = 0; i < lean.workers.size(); ++i) {
      EXPECT_NEAR(fast->weight[i], slow.player[i].weight, 1e-12);
      EXPECT_NEAR(fast->loss[i], slow.player[i].loss, 1e-10);
    }
    EXPECT_NEAR(fast->pooled_loss, slow.pooled_loss, 1e-10);
    EXPECT_NEAR(fast->drawn_loss, slow.drawn_loss, 1e-10);
    EXPECT_NEAR(fast->best_loss(), slow.best_reported_loss, 1e-10);
  }
}

TEST(Game, GivesTheSameBitsForAnyNumberOfThreads) {
  const Game game = game_of({player(.9), player(.7, {"random"}), player(.6, {"no-show"}),
                             player(.8, {"best-responding", "sway"})},
                            weighted_score(.1), 60);
  const auto one = play_seeds(game, 3, 6, 1);
  const auto many = play_seeds(game, 3, 6, 4);
  ASSERT_TRUE(one.ok() && many.ok());
  for (std::size_t s = 0; s < 6; ++s)
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ((*one)[s].player[i].earned, (*many)[s].player[i].earned);
      EXPECT_EQ((*one)[s].player[i].loss, (*many)[s].player[i].loss);
    }
  EXPECT_NE((*one)[0].pooled_loss, (*one)[1].pooled_loss);
}

// Against weighted-score the best response for weight is the truth itself; against hedge it is not.
TEST(Game, LetsBestRespondersLieOnlyWhereItPays) {
  std::vector<Player> honest{player(.8), player(.7), player(.65)};
  std::vector<Player> responding = honest;
  responding[0].strategy = {"best-responding"};
  const GameResult one = played(game_of(honest, weighted_score(.3), 100));
  const GameResult two = played(game_of(responding, weighted_score(.3), 100));
  EXPECT_EQ(one.player[0].loss, two.player[0].loss);
  Platform hedge;
  hedge.open = [] { return make_rule(learning::ExponentialWeights::create(4.0)); };
  const GameResult three = played(game_of(honest, hedge, 30));
  const GameResult four = played(game_of(responding, hedge, 30));
  EXPECT_NE(three.player[0].loss, four.player[0].loss);
}

TEST(Game, LetsThoseWhoWantToSwayTheLabelLieUnlessItIsDrawn) {
  std::vector<Player> honest{player(.7), player(.7), player(.7)};
  std::vector<Player> swaying = honest;
  swaying[0].strategy = {"best-responding", "sway"};
  Platform platform = weighted_score(.05);
  const GameResult pooled_honest = played(game_of(honest, platform, 200));
  const GameResult pooled = played(game_of(swaying, platform, 200));
  EXPECT_GT(pooled.player[0].of(Motive::sway), pooled_honest.player[0].of(Motive::sway));
  platform.drawn_label = true;
  const GameResult drawn_honest = played(game_of(honest, platform, 200));
  const GameResult drawn = played(game_of(swaying, platform, 200));
  EXPECT_EQ(drawn.player[0].loss, drawn_honest.player[0].loss);
}

TEST(Game, PoolsTheUtilityOfARing) {
  Game game =
      game_of({player(.9), player(.8, {"ring"}), player(.6, {"ring"})}, weighted_score(.1), 100);
  game.players[1].party = game.players[2].party = 7;
  const GameResult result = played(game);
  EXPECT_EQ(result.player[1].loss, result.player[2].loss);  // one report
  EXPECT_EQ(result.player[1].utility, result.player[2].utility);
  EXPECT_NEAR(
      result.player[1].utility,
      (result.player[1].of(Motive::total_weight) + result.player[2].of(Motive::total_weight)) / 2,
      1e-12);
}

// Sybils: k identities with one report and 1/k of the weight each are together what one would be.
TEST(Game, GivesSybilsNothing) {
  Game alone = game_of({player(.6), player(.9)}, weighted_score(.2), 100);
  Game split = game_of({player(.6, {"sybil"}), player(.6, {"sybil"}), player(.9), player(.9)},
                       weighted_score(.2), 100);
  split.players[0].party = split.players[1].party = 0;
  split.players[2].strategy = split.players[3].strategy = {"sybil"};
  split.players[2].party = split.players[3].party = 1;
  alone.players[1].belief = accurate(.9);
  // The same signals: worker 0 leads the first pair; worker 2 leads the second, so give 1 its
  // place.
  alone.players = {player(.6), player(.5, {"constant", "0.5"}), player(.9)};
  split.players.push_back(player(.5, {"constant", "0.5"}));
  split.players.push_back(player(.5, {"constant", "0.5"}));
  const GameResult one = played(alone);
  const GameResult two = played(split);
  EXPECT_NEAR(one.player[0].weight, two.player[0].weight + two.player[1].weight, 1e-12);
  EXPECT_NEAR(one.player[2].weight, two.player[2].weight + two.player[3].weight, 1e-12);
}

TEST(Game, FeedsGoldMemorisersWhatTheyWait) {
  Game game = game_of({player(.9, {"gold-memoriser"}), player(.8)}, weighted_score(.05), 2'000);
  game.platform.audited = .2;
  const GameResult audited = played(game);
  EXPECT_NEAR(static_cast<double>(audited.settled), 400, 72);
  EXPECT_GT(audited.player[0].weight, .5);  // judged only where it is honest
  // Sway: on the other slots it says 1/2, and the label stays far from what it believes.
  game.players[0].strategy = {"truthful"};
  EXPECT_GT(played(game).player[0].of(Motive::sway), audited.player[0].of(Motive::sway));
}

TEST(Game, AsksAFewAndRedrawsForNoShows) {
  std::vector<Player> players(6, player(.8));
  players[0].strategy = {"no-show", "0"};
  players[1].availability = .3;
  const GameResult result = played(game_of(players, asking("lf", 2, .05), 500));
  EXPECT_EQ(result.player[0].answers, 0U);
  EXPECT_GT(result.redraws, 100U);
  std::uint64_t answers = 0;
  double weight = 0;
  for (const PlayerResult& one : result.player) {
    answers += one.answers;
    weight += one.weight;
  }
  EXPECT_EQ(answers, 1'000U);
  EXPECT_NEAR(weight, 1.0, 1e-12);
  EXPECT_LT(result.player[1].answers, result.player[2].answers);
  EXPECT_EQ(result.settled, 500U);
}

TEST(Game, KeepsBestRespondersHonestUnderAskingRules) {
  for (const char* name : {"lf", "log-barrier"}) {
    const std::size_t asks = name == std::string("lf") ? 2 : 1;
    std::vector<Player> honest{player(.8), player(.7), player(.65)};
    const GameResult one = played(game_of(honest, asking(name, asks, .1), 80));
    for (Player& each : honest) each.strategy = {"best-responding"};
    const GameResult two = played(game_of(honest, asking(name, asks, .1), 80));
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(one.player[i].loss, two.player[i].loss) << name;
  }
}

TEST(Game, StaysWithinTheRegretBound) {
  std::vector<Player> players;
  for (const char* strategy : {"truthful", "random", "always-wrong", "herding", "copying",
                               "agreement-seeking", "sleeper", "drifter", "exaggerating"})
    players.push_back(player(.75, {strategy}));
  const double eta = *learning::step_size_for_horizon(players.size(), 1'500);
  const GameResult result = played(game_of(players, weighted_score(eta), 1'500));
  const double bound =
      learning::weighted_score_regret_bound(1.0 / static_cast<double>(players.size()), eta, 1'500);
  EXPECT_LE(result.drawn_loss - result.best_reported_loss, bound);
  EXPECT_LE(result.pooled_loss, result.drawn_loss);
}

TEST(Game, RefusesWhatCannotBePlayed) {
  const auto message = [](const std::function<void(Game&)>& spoil) {
    Game game = game_of({player(.8), player(.7)}, weighted_score(.1), 5);
    spoil(game);
    const auto result = play_game(game);
    return result.ok() ? std::string("accepted") : result.error().message();
  };
  EXPECT_EQ(message([](Game&) {}), "accepted");
  EXPECT_NE(message([](Game& g) { g.players.clear(); }).find("cannot be played"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.players[0].belief = nullptr; }).find("belief model"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.platform.open = nullptr; }).find("one weight rule"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.platform.audited = 0; }).find("audited"), std::string::npos);
  EXPECT_NE(message([](Game& g) { g.players[1].availability = 1.5; }).find("availability"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.players[1].strategy = {"brave"}; }).find("one of truthful"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.platform.payment = "shells"; }).find("by-weight"),
            std::string::npos);
  EXPECT_NE(message([](Game& g) { g.platform = weighted_score(2); }).find("step size"),
            std::string::npos);
}

TEST(LeanCampaign, MatchesTheWorkedExample) {
  LeanCampaign lean;
  lean.workers = {{.5, {"constant", "1"}}, {.5, {"constant", "0.2"}}};
  lean.world.base_rate = 1.0;
  lean.slots = 1;
  lean.step_size = .5;
  const auto result = run_lean(lean);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_NEAR(result->weight[0], .58, 1e-15);
  EXPECT_NEAR(result->pooled_loss, .16, 1e-15);
  EXPECT_NEAR(result->drawn_regret(), .32, 1e-15);
}

TEST(LeanCampaign, RefusesStrategiesThatLookAround) {
  LeanCampaign lean;
  lean.workers = {{.8, {}}, {.8, {"herding"}}};
  EXPECT_NE(run_lean(lean).error().message().find("herding"), std::string::npos);
  lean.workers = {{.8, {}}};
  EXPECT_NE(run_lean(lean).error().message().find("2 workers"), std::string::npos);
  lean.workers = {{.8, {}}, {1.2, {}}};
  EXPECT_NE(run_lean(lean).error().message().find("accuracy"), std::string::npos);
  lean.workers = {{.8, {}}, {.8, {}}};
  lean.step_size = 0;
  EXPECT_NE(run_lean(lean).error().message().find("step size"), std::string::npos);
}

}  // namespace
}  // namespace candor::game
