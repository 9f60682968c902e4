// Constructors of the strategies of candor/game/strategy.h, by group. A parameter is the text in
// the parentheses, empty for the default.
#pragma once

#include <memory>
#include <string_view>

#include "candor/game/strategy.h"

namespace candor::game {

using StrategyPtr = std::unique_ptr<Strategy>;
using MakeStrategy = Result<StrategyPtr> (*)(std::string_view parameter);

// simple_strategies.cpp: these look at the belief and the clock only.
Result<StrategyPtr> make_truthful(std::string_view parameter);
Result<StrategyPtr> make_exaggerating(std::string_view parameter);
Result<StrategyPtr> make_hedging(std::string_view parameter);
Result<StrategyPtr> make_always_wrong(std::string_view parameter);
Result<StrategyPtr> make_constant(std::string_view parameter);
Result<StrategyPtr> make_random(std::string_view parameter);
Result<StrategyPtr> make_side_biased(std::string_view parameter);
Result<StrategyPtr> make_sleeper(std::string_view parameter);
Result<StrategyPtr> make_drifter(std::string_view parameter);
Result<StrategyPtr> make_gold_memoriser(std::string_view parameter);
Result<StrategyPtr> make_no_show(std::string_view parameter);

// social_strategies.cpp: these look at other workers.
Result<StrategyPtr> make_herding(std::string_view parameter);
Result<StrategyPtr> make_copying(std::string_view parameter);
Result<StrategyPtr> make_agreement_seeking(std::string_view parameter);
Result<StrategyPtr> make_ring(std::string_view parameter);
Result<StrategyPtr> make_sybil(std::string_view parameter);

// planning_strategies.cpp: these look ahead.
Result<StrategyPtr> make_best_responding(std::string_view parameter);
Result<StrategyPtr> make_forward_looking(std::string_view parameter);

/// The parameter as a number in [low, high], or `standard` if it is empty. Errors: out_of_range.
Result<double> number_in(std::string_view parameter, double standard, double low, double high);
/// Refuses any parameter.
Status no_parameter(std::string_view parameter);

}  // namespace candor::game
