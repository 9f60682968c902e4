#include "mechanism/standard_pools.h"

#include <utility>

#include "candor/learning/exponential_weights.h"
#include "candor/learning/follow_the_best.h"
#include "candor/pooling/bayes_pool.h"
#include "candor/pooling/extremised_pool.h"
#include "candor/pooling/rule_pool.h"
#include "candor/pooling/simple_pools.h"

namespace candor::mechanism {
namespace {

using Pools = std::vector<std::unique_ptr<pooling::LabelPool>>;

void add_unweighted(Pools& pools) {
  using pooling::SimplePool;
  pools.push_back(std::make_unique<SimplePool>("average", pooling::average_pool));
  pools.push_back(std::make_unique<SimplePool>("median", pooling::median_pool));
  pools.push_back(std::make_unique<SimplePool>("trimmed-mean", pooling::trimmed_pool));
  pools.push_back(std::make_unique<SimplePool>("majority", pooling::majority_pool));
}

void add_weighted(Pools& pools, const std::string& weight_rule) {
  using pooling::SimplePool;
  const std::string log_name =
      weight_rule == "weighted-score" ? "weighted-log" : weight_rule + "-log";
  pools.push_back(std::make_unique<SimplePool>(weight_rule, pooling::linear_pool));
  pools.push_back(std::make_unique<SimplePool>(log_name, pooling::log_pool));
  pools.push_back(std::make_unique<pooling::ExtremisedPool>());
  if (weight_rule != "exponential")
    pools.push_back(std::make_unique<pooling::RulePool>(
        std::move(learning::ExponentialWeights::create()).value()));
  if (weight_rule != "follow-the-best")
    pools.push_back(
        std::make_unique<pooling::RulePool>(std::make_unique<learning::FollowTheBest>()));
}

void add_bayes(Pools& pools, std::size_t answers) {
  using pooling::BayesOptions;
  using pooling::BayesPool;
  pools.push_back(std::make_unique<BayesPool>(answers, BayesOptions{}));
  BayesOptions crowd;
  crowd.tables = BayesOptions::Tables::crowd;
  crowd.name = "crowd";
  pools.push_back(std::make_unique<BayesPool>(answers, crowd));
  BayesOptions shrunk;
  shrunk.tables = BayesOptions::Tables::shrunk;
  shrunk.name = "bayes-shrunk";
  shrunk.ties = 1;
  pools.push_back(std::make_unique<BayesPool>(answers, shrunk));
}

}  // namespace

Pools standard_pools(const std::string& weight_rule, std::size_t answers) {
  Pools pools;
  add_unweighted(pools);
  add_weighted(pools, weight_rule);
  add_bayes(pools, answers);
  return pools;
}

}  // namespace candor::mechanism
