#include "train_model.h"

#include <fmt/format.h>

#include <string_view>

#include "candor/checkpoint/model_source.h"
#include "candor/lm/adapter_target.h"
#include "candor/tokenizer/bpe_trainer.h"
#include "json_lines.h"

namespace candor::app {
namespace {

Result<std::shared_ptr<const tokenizer::Tokenizer>> make_tokenizer(std::size_t vocabulary,
                                                                   const TrainFile& data) {
  tokenizer::BpeTrainingOptions options;
  options.vocabulary = vocabulary;
  options.begin_token = options.end_token;  // as GPT-2: a text begins where another ended
  CANDOR_TRY(auto made, tokenizer::train_bpe(data.texts(), options));
  note(fmt::format("made a vocabulary of {} tokens from the data", made->vocabulary()));
  return std::shared_ptr<const tokenizer::Tokenizer>(std::move(made));
}

Result<ModelPlan> plan_new_model(const TrainOptions& options, const TrainFile& data) {
  ModelPlan plan;
  CANDOR_TRY(const std::string json, read_bytes(options.new_config));
  CANDOR_TRY(plan.config, checkpoint::parse_config(json, options.new_config));
  if (options.tokenizer.empty()) {
    CANDOR_TRY(plan.tokenizer, make_tokenizer(plan.config.vocabulary, data));
    plan.config.vocabulary = plan.tokenizer->vocabulary();
  } else {
    CANDOR_TRY(plan.tokenizer, read_tokenizer("", options.tokenizer));
  }
  plan.config.begin_token = plan.tokenizer->begin();
  plan.config.end_tokens.clear();
  if (const auto end = plan.tokenizer->end()) plan.config.end_tokens = {*end};
  return plan;
}

// Whether a matrix, "...self_attn.q_proj.weight", is that of a linear layer that gets an adapter:
// of a block, or the output layer.
bool is_adapted(std::string_view name, const std::vector<std::string>& targets) {
  if (!name.ends_with(".weight")) return false;
  const std::string_view layer = name.substr(0, name.size() - std::string_view(".weight").size());
  const bool in_block = name.find(".layers.") != name.npos || name.find(".h.") != name.npos;
  return (in_block || layer == "lm_head") && lm::is_target(layer, targets);
}

std::size_t adapter_parameters(const lm::AdapterOptions& adapter,
                               const checkpoint::ModelConfig& config) {
  std::size_t count = 0;
  for (const checkpoint::TensorShape& tensor : checkpoint::tensors_of(config))
    if (tensor.shape.size() == 2 && is_adapted(tensor.name, adapter.targets))
      count += adapter.rank * (tensor.shape[0] + tensor.shape[1]);
  return count;
}

}  // namespace

Result<ModelPlan> plan_model(const TrainOptions& options, const TrainFile& data) {
  if (!options.new_config.empty()) return plan_new_model(options, data);
  ModelPlan plan;
  CANDOR_TRY(plan.config, read_model_config(options.model));
  CANDOR_TRY(plan.tokenizer, read_tokenizer(options.model, options.tokenizer));
  return plan;
}

Result<TrainedModel> TrainedModel::create(const TrainOptions& options, const ModelPlan& plan) {
  TrainedModel made;
  const lm::ModelOptions how = options.model_options();
  const bool is_new = !options.new_config.empty();
  if (options.training() == Training::rewards) {
    CANDOR_TRY(made.reward_, is_new ? lm::create_reward_model(plan.config, options.seed, how)
                                    : lm::load_reward_model(options.model, how));
  } else if (!options.adapter.empty()) {
    CANDOR_TRY(made.policy_, lm::load_policy_with_adapter(options.model, options.adapter, how));
  } else {
    CANDOR_TRY(made.policy_, is_new ? lm::create_policy(plan.config, options.seed, how)
                                    : lm::load_policy(options.model, how));
  }
  return made;
}

Result<std::string> TrainedModel::save(const TrainOptions& options, const ModelPlan& plan) const {
  const bool adapter = policy_ && (options.lora > 0 || !options.adapter.empty());
  const std::string folder = options.out + (adapter ? "/adapter" : "/model");
  CANDOR_CHECK(policy_ ? policy_->save_model(folder) : lm::save_reward_model(*reward_, folder));
  if (!adapter) CANDOR_CHECK(plan.tokenizer->save(folder));
  return folder;
}

std::size_t trained_parameters(const TrainOptions& options, const checkpoint::ModelConfig& config) {
  const lm::ModelOptions how = options.model_options();
  return how.adapter ? adapter_parameters(*how.adapter, config) : config.parameters();
}

}  // namespace candor::app
