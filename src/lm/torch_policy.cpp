#include "lm/torch_policy.h"

#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "lm/exceptions.h"
#include "lm/lora.h"
#include "lm/mixed_precision.h"
#include "lm/model_io.h"
#include "lm/whole_folder.h"

namespace candor::lm {

namespace {

using policy::Sequence;
using policy::Token;
using torch::Tensor;

template <class Integer>
Tensor whole_numbers(std::span<const Integer> values, const torch::Device& device) {
  const std::vector<std::int64_t> wide(values.begin(), values.end());
  return torch::tensor(wide, torch::kLong).to(device);
}

std::vector<float> to_floats(const Tensor& tensor) {
  const Tensor flat = tensor.to(torch::kCPU, torch::kFloat).contiguous();
  const float* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

class TransformerDecoder final : public Decoder {
 public:
  TransformerDecoder(Transformer network, Runtime runtime)
      : network_(std::move(network)), runtime_(runtime) {}

  Result<std::vector<float>> next(std::span<const Token> tokens, std::size_t columns,
                                  std::span<const std::size_t> first) override {
    return without_exceptions([&]() -> Result<std::vector<float>> {
      const torch::NoGradGuard no_gradient;
      const MixedPrecisionGuard precision(runtime_.precision, runtime_.device);
      const torch::Device device = network_->options().device();
      const auto rows = static_cast<std::int64_t>(first.size());
      const Tensor input =
          whole_numbers(tokens, device).view({rows, static_cast<std::int64_t>(columns)});
      const bool padded = std::any_of(first.begin(), first.end(), [](auto f) { return f != 0; });
      const Tensor begin = padded ? whole_numbers(first, device) : Tensor();
      const Tensor last = network_->hidden(input, begin, &cache_).select(1, -1);
      return to_floats(network_->logits(last));
    });
  }

  Status keep(std::span<const std::size_t> rows) override {
    return without_exceptions([&]() -> Status {
      const torch::NoGradGuard no_gradient;
      const Tensor index = whole_numbers(rows, network_->options().device());
      for (std::size_t layer = 0; layer < cache_.key.size(); ++layer) {
        cache_.key[layer] = cache_.key[layer].index_select(0, index);
        cache_.value[layer] = cache_.value[layer].index_select(0, index);
      }
      return {};
    });
  }

 private:
  Transformer network_;
  Runtime runtime_;
  KeyValueCache cache_;
};

// [A, vocabulary]: what the network says where each answer token is predicted, and nowhere else.
Tensor logits_at_answers(Transformer network, const PaddedBatch& batch) {
  const Tensor hidden = network->hidden(batch.tokens).flatten(0, 1);
  return network->logits(hidden.index_select(0, batch.place));
}

ScoredNetwork scored(const Transformer& network, const Runtime& runtime, bool trained) {
  return {.network = network,
          .trained = trained ? trained_parameters(*network) : std::vector<TrainedParameter>{},
          .score =
              [network](const PaddedBatch& batch) {
                return sum_of_log_probabilities(logits_at_answers(network, batch), batch);
              },
          .runtime = runtime};
}

Result<Transformer> with_adapter(Transformer network, const ModelOptions& options) {
  if (!options.adapter) return network;
  CANDOR_CHECK(add_adapters(network, *options.adapter));
  return network;
}

Result<const LogitPolicy*> of_this_library(const policy::Policy& policy) {
  const auto* ours = dynamic_cast<const LogitPolicy*>(&policy);
  if (ours != nullptr) return ours;
  return Error{ErrorCode::unsupported, "a policy that is no transformer"}.expecting(
      "one made by load_policy or create_policy");
}

std::unique_ptr<policy::Policy> trained_policy(Transformer network, const Runtime& runtime) {
  return std::make_unique<TorchPolicy>(std::move(network), runtime, true);
}

}  // namespace

Result<std::unique_ptr<Decoder>> TransformerLogits::decoder() {
  return std::unique_ptr<Decoder>(std::make_unique<TransformerDecoder>(network_, runtime_));
}

Result<std::vector<float>> TransformerLogits::answer_logits(std::span<const Sequence> sequences) {
  return without_exceptions([&]() -> Result<std::vector<float>> {
    const torch::NoGradGuard no_gradient;
    const MixedPrecisionGuard precision(runtime_.precision, runtime_.device);
    std::vector<std::size_t> all(sequences.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const PaddedBatch batch = pad(sequences, all, network_->options().device());
    return to_floats(logits_at_answers(network_, batch));
  });
}

TorchPolicy::TorchPolicy(Transformer network, const Runtime& runtime, bool trained)
    : scorer_(scored(network, runtime, trained)), logits_(network, runtime) {}

Result<std::vector<Sequence>> TorchPolicy::generate(std::span<const std::vector<Token>> prompts,
                                                    const policy::GenerateOptions& options,
                                                    std::uint64_t seed) {
  return lm::generate(logits_, prompts, options, seed);
}

Result<std::unique_ptr<policy::Policy>> TorchPolicy::frozen_copy() const {
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Policy>> {
    CANDOR_TRY(Transformer copy, lm::frozen_copy(scorer_.network()));
    return std::unique_ptr<policy::Policy>(
        std::make_unique<TorchPolicy>(std::move(copy), scorer_.runtime(), false));
  });
}

Result<std::shared_ptr<LogitModel>> TorchPolicy::frozen_logits() const {
  return without_exceptions([&]() -> Result<std::shared_ptr<LogitModel>> {
    CANDOR_TRY(Transformer copy, lm::frozen_copy(scorer_.network()));
    return std::shared_ptr<LogitModel>(
        std::make_shared<TransformerLogits>(std::move(copy), scorer_.runtime()));
  });
}

Result<checkpoint::ModelTensors> TorchPolicy::tensors() const {
  return without_exceptions([&] { return lm::model_tensors(scorer_.network()); });
}

Status TorchPolicy::save_model(const std::string& folder) const {
  if (!has_adapters(scorer_.network())) return save_merged(*this, folder);
  return write_folder(folder, [&](const std::string& path) {
    return without_exceptions([&]() -> Status {
      CANDOR_TRY(const checkpoint::AdapterTensors adapters, adapter_tensors(scorer_.network()));
      return checkpoint::write_adapter(path, adapters);
    });
  });
}

Result<Transformer> load_network(const std::string& path, const ModelOptions& options,
                                 const Runtime& runtime) {
  CANDOR_TRY(const std::unique_ptr<checkpoint::ModelSource> source, checkpoint::open_model(path));
  CANDOR_TRY(Transformer network, load_model(*source, runtime.device));
  return with_adapter(std::move(network), options);
}

Result<Transformer> create_network(const checkpoint::ModelConfig& config, std::uint64_t seed,
                                   const ModelOptions& options, const Runtime& runtime) {
  CANDOR_TRY(Transformer network, new_model(config, seed, runtime.device));
  return with_adapter(std::move(network), options);
}

Result<std::unique_ptr<policy::Policy>> load_policy(const std::string& path,
                                                    const ModelOptions& options) {
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Policy>> {
    CANDOR_TRY(const Runtime runtime, runtime_of(options));
    CANDOR_TRY(Transformer network, load_network(path, options, runtime));
    return trained_policy(std::move(network), runtime);
  });
}

Result<std::unique_ptr<policy::Policy>> create_policy(const checkpoint::ModelConfig& config,
                                                      std::uint64_t seed,
                                                      const ModelOptions& options) {
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Policy>> {
    CANDOR_TRY(const Runtime runtime, runtime_of(options));
    CANDOR_TRY(Transformer network, create_network(config, seed, options, runtime));
    return trained_policy(std::move(network), runtime);
  });
}

Result<std::unique_ptr<policy::Policy>> load_policy_with_adapter(const std::string& path,
                                                                 const std::string& adapter_folder,
                                                                 const ModelOptions& options) {
  if (options.adapter)
    return Error{ErrorCode::invalid_argument, "an adapter in the options and one in a folder"}
        .in_file(adapter_folder)
        .expecting("one of the two")
        .way("leave options.adapter empty");
  return without_exceptions([&]() -> Result<std::unique_ptr<policy::Policy>> {
    CANDOR_TRY(const Runtime runtime, runtime_of(options));
    CANDOR_TRY(Transformer network, load_network(path, options, runtime));
    CANDOR_TRY(const checkpoint::AdapterTensors adapters, checkpoint::read_adapter(adapter_folder));
    CANDOR_CHECK(put_adapters(network, adapters));
    return trained_policy(std::move(network), runtime);
  });
}

Result<checkpoint::ModelTensors> model_tensors(const policy::Policy& policy) {
  CANDOR_TRY(const LogitPolicy* ours, of_this_library(policy));
  return ours->tensors();
}

Status save_merged(const policy::Policy& policy, const std::string& folder,
                   checkpoint::FileType type) {
  CANDOR_TRY(const checkpoint::ModelTensors tensors, model_tensors(policy));
  return write_folder(folder, [&](const std::string& path) {
    return checkpoint::write_model_folder(path, tensors, type);
  });
}

}  // namespace candor::lm
