#include "lm/torch_reward_model.h"

#include <torch/utils.h>

#include <filesystem>
#include <utility>

#include "candor/checkpoint/safetensors.h"
#include "candor/lm/reward_model.h"
#include "lm/exceptions.h"
#include "lm/model_io.h"
#include "lm/torch_policy.h"
#include "lm/whole_folder.h"

namespace candor::lm {

namespace {

using torch::Tensor;

constexpr const char* head_file = "/reward_head.safetensors";

RewardHead zero_head(const Transformer& network) {
  const auto width = static_cast<std::int64_t>(network->config().width);
  const torch::TensorOptions options = network->options().requires_grad(false);
  return {.weight = torch::zeros({width}, options).requires_grad_(true),
          .bias = torch::zeros({1}, options).requires_grad_(true)};
}

std::vector<TrainedParameter> trained_of(const Transformer& network, const RewardHead& head) {
  std::vector<TrainedParameter> trained = trained_parameters(*network);
  for (const auto& [name, value] :
       {std::pair("reward_head.weight", head.weight), std::pair("reward_head.bias", head.bias)})
    trained.push_back({.name = name, .value = value, .first_moment = {}, .second_moment = {}});
  return trained;
}

// The language model's output layer gets no gradient here, so it is not trained.
void freeze_output_layer(const Transformer& network) {
  for (const auto& item : network->named_parameters())
    if (item.key().starts_with("lm_head.")) item.value().set_requires_grad(false);
}

Tensor rewards(Transformer network, const RewardHead& head, const PaddedBatch& batch) {
  const Tensor hidden = network->hidden(batch.tokens).flatten(0, 1);
  const Tensor last = hidden.index_select(0, batch.last).to(torch::kDouble);
  return torch::mv(last, head.weight.to(torch::kDouble)) + head.bias.to(torch::kDouble);
}

ScoredNetwork scored(const Transformer& network, const RewardHead& head, const Runtime& runtime) {
  freeze_output_layer(network);
  return {
      .network = network,
      .trained = trained_of(network, head),
      .score = [network, head](const PaddedBatch& batch) { return rewards(network, head, batch); },
      .runtime = runtime};
}

void fill(Tensor& parameter, const std::vector<float>& values) {
  const torch::NoGradGuard no_gradient;
  parameter.copy_(torch::tensor(values));
}

Status read_head(const std::string& folder, RewardHead& head) {
  const std::string path = folder + head_file;
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return {};  // a language model: the head stays zero
  CANDOR_TRY(const auto file, checkpoint::SafetensorsFile::open(path));
  const auto width = static_cast<std::size_t>(head.weight.numel());
  CANDOR_TRY(const std::vector<float> weight,
             file.read(checkpoint::TensorShape{"weight", {width}}));
  CANDOR_TRY(const std::vector<float> bias, file.read(checkpoint::TensorShape{"bias", {1}}));
  fill(head.weight, weight);
  fill(head.bias, bias);
  return {};
}

std::vector<float> to_floats(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kCPU).contiguous();
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

Status write_head(const std::string& folder, const RewardHead& head) {
  const std::vector<float> weight = to_floats(head.weight);
  const std::vector<float> bias = to_floats(head.bias);
  const std::vector<checkpoint::NamedTensor> tensors = {
      {.tensor = {"weight", {weight.size()}}, .values = weight},
      {.tensor = {"bias", {1}}, .values = bias}};
  return checkpoint::write_safetensors(folder + head_file, tensors, checkpoint::ElementType::f32,
                                       {{"format", "candor reward head 1"}});
}

}  // namespace

TorchRewardModel::TorchRewardModel(const Transformer& network, RewardHead head,
                                   const Runtime& runtime)
    : head_(std::move(head)), scorer_(scored(network, head_, runtime)) {}

Result<std::unique_ptr<policy::Scorer>> load_reward_model(const std::string& path,
                                                          const ModelOptions& options) {
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Scorer>> {
    CANDOR_TRY(const Runtime runtime, runtime_of(options));
    CANDOR_TRY(const Transformer network, load_network(path, options, runtime));
    RewardHead head = zero_head(network);
    CANDOR_CHECK(read_head(path, head));
    return std::unique_ptr<policy::Scorer>(
        std::make_unique<TorchRewardModel>(network, std::move(head), runtime));
  });
}

Result<std::unique_ptr<policy::Scorer>> create_reward_model(const checkpoint::ModelConfig& config,
                                                            std::uint64_t seed,
                                                            const ModelOptions& options) {
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Scorer>> {
    CANDOR_TRY(const Runtime runtime, runtime_of(options));
    CANDOR_TRY(const Transformer network, create_network(config, seed, options, runtime));
    return std::unique_ptr<policy::Scorer>(
        std::make_unique<TorchRewardModel>(network, zero_head(network), runtime));
  });
}

Status save_reward_model(const policy::Scorer& reward, const std::string& folder) {
  const auto* ours = dynamic_cast<const TorchRewardModel*>(&reward);
  if (ours == nullptr)
    return Error{ErrorCode::unsupported, "a scorer that is no reward model"}.expecting(
        "one made by load_reward_model or create_reward_model");
  return without_exceptions([&]() -> Status {
    CANDOR_TRY(const checkpoint::ModelTensors tensors, model_tensors(ours->network()));
    return write_folder(folder, [&](const std::string& path) -> Status {
      CANDOR_CHECK(write_head(path, ours->head()));
      return checkpoint::write_model_folder(path, tensors, checkpoint::FileType::f32);
    });
  });
}

}  // namespace candor::lm
