#include <utility>

#include "candor/policy/tabular_policy.h"
#include "policy/scorer_errors.h"

namespace candor::policy {

TabularRewardModel::TabularRewardModel(TabularIndex index)
    : index_(std::move(index)),
      table_(index_.shape().prompts.size(), index_.shape().answers.size(),
             index_.shape().optimiser) {}

Result<std::unique_ptr<TabularRewardModel>> TabularRewardModel::create(TabularShape shape) {
  CANDOR_TRY(TabularIndex index, TabularIndex::create(std::move(shape)));
  return std::unique_ptr<TabularRewardModel>(new TabularRewardModel(std::move(index)));
}

Result<std::vector<double>> TabularRewardModel::scores(std::span<const Sequence> sequences) {
  CANDOR_TRY(const std::vector<TabularPlace> places, index_.find_all(sequences));
  std::vector<double> out;
  for (const TabularPlace& place : places) out.push_back(rewards(place.prompt)[place.answer]);
  return out;
}

Result<std::vector<double>> TabularRewardModel::forward(std::span<const Sequence> sequences) {
  CANDOR_TRY(std::vector<double> out, scores(sequences));
  CANDOR_TRY(pending_, index_.find_all(sequences));
  return out;
}

Status TabularRewardModel::backward(std::span<const double> derivative) {
  CANDOR_CHECK(check_derivative(derivative, pending_.size()));
  for (std::size_t i = 0; i < pending_.size(); ++i)
    table_.gradient(pending_[i].prompt)[pending_[i].answer] += derivative[i];
  pending_.clear();
  return {};
}

Result<StepReport> TabularRewardModel::step(const StepOptions& options) {
  return table_.step(options);
}

Status TabularRewardModel::save_state(const std::string& folder) const {
  return table_.save(folder, index_.kind("tabular reward model"));
}

Status TabularRewardModel::load_state(const std::string& folder) {
  pending_.clear();
  return table_.load(folder, index_.kind("tabular reward model"));
}

}  // namespace candor::policy
