// lm/small_models.h
// For tests: small networks of every kind with parameters far from any special value, and their
// parameters in the form that the oracle reads.
#pragma once

#include <string>
#include <vector>

#include "candor/base/random.h"
#include "lm/reference_transformer_oracle.h"
#include "lm/transformer.h"

namespace candor::lm::small {

using checkpoint::Architecture;
using checkpoint::ModelConfig;
using checkpoint::RopeScaling;

inline ModelConfig config_of(Architecture architecture) {
  const bool gpt2 = architecture == Architecture::gpt2;
  return {.architecture = architecture,
          .vocabulary = 23,
          .context = 24,
          .width = 24,
          .layers = 2,
          .heads = 4,
          .kv_heads = gpt2 ? 4U : 2U,
          .head_width = 6,
          .hidden = 20,
          .norm_epsilon = 1e-5,
          .rope_base = 50.0,
          .rope_scaling = {},
          .tied_embeddings = gpt2,
          .begin_token = {},
          .end_tokens = {}};
}

/// Every kind, every way to stretch positions, tied and not.
inline std::vector<ModelConfig> configs() {
  std::vector<ModelConfig> all = {config_of(Architecture::gpt2), config_of(Architecture::llama),
                                  config_of(Architecture::qwen2)};
  ModelConfig tied = config_of(Architecture::qwen2);
  tied.tied_embeddings = true;
  ModelConfig linear = config_of(Architecture::llama);
  linear.rope_scaling = {.kind = RopeScaling::Kind::linear, .factor = 2.5};
  ModelConfig llama3 = config_of(Architecture::llama);
  llama3.kv_heads = 1;
  llama3.rope_scaling = {.kind = RopeScaling::Kind::llama3,
                         .factor = 4.0,
                         .low_frequency_factor = 1.0,
                         .high_frequency_factor = 4.0,
                         .original_context = 48};
  all.insert(all.end(), {tied, linear, llama3});
  return all;
}

/// Normal numbers: 0.3 in matrices, 0.2 around 1 in norms, 0.2 around 0 in biases.
inline void randomise(Transformer& model, std::uint64_t seed) {
  const torch::NoGradGuard no_gradient;
  RandomStream random(seed);
  for (auto& named : model->named_parameters()) {
    torch::Tensor values = torch::empty(named.value().sizes(), torch::kFloat64);
    const bool is_bias = named.key().ends_with(".bias");
    const bool is_matrix = named.value().dim() > 1;
    for (std::int64_t i = 0; i < values.numel(); ++i) {
      const double centre = is_matrix || is_bias ? 0.0 : 1.0;
      values.data_ptr<double>()[i] = centre + (is_matrix ? 0.3 : 0.2) * random.normal();
    }
    named.value().copy_(values);
  }
}

/// In double precision.
inline Transformer model_of(const ModelConfig& config, std::uint64_t seed) {
  Transformer model(config);
  model->to(torch::kFloat64);
  randomise(model, seed);
  return model;
}

inline oracle::Vector values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kFloat64).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

/// As files have them: gpt2's matrices [in, out].
inline oracle::Parameters parameters_of(const Transformer& model) {
  oracle::Parameters parameters;
  const bool gpt2 = model->config().architecture == Architecture::gpt2;
  for (const auto& named : model->named_parameters()) {
    const bool turned =
        gpt2 && named.value().dim() == 2 && named.key().find(".c_") != std::string::npos;
    parameters[named.key()] = values_of(turned ? named.value().t() : named.value());
  }
  return parameters;
}

inline std::vector<std::int64_t> draw_tokens(const ModelConfig& config, std::size_t length,
                                             std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<std::int64_t> tokens(length);
  for (std::int64_t& token : tokens) {
    token = static_cast<std::int64_t>(random.below(config.vocabulary));
  }
  return tokens;
}

/// [1, time]
inline torch::Tensor row(const std::vector<std::int64_t>& tokens) {
  return torch::tensor(tokens, torch::kInt64).unsqueeze(0);
}

inline torch::Tensor matrix(const oracle::Matrix& rows) {
  std::vector<torch::Tensor> all;
  for (const oracle::Vector& values : rows) all.push_back(torch::tensor(values, torch::kFloat64));
  return at::stack(all);
}

inline oracle::Matrix rows_of(const torch::Tensor& tensor) {
  oracle::Matrix rows;
  for (std::int64_t i = 0; i < tensor.size(0); ++i) rows.push_back(values_of(tensor[i]));
  return rows;
}

/// The largest difference, in parts of the largest number expected.
inline double relative_difference(const torch::Tensor& got, const torch::Tensor& expected) {
  const torch::Tensor wide = expected.to(torch::kFloat64);
  const torch::Tensor difference = (got.to(torch::kFloat64) - wide).abs().max();
  return (difference / wide.abs().max()).item<double>();
}

}  // namespace candor::lm::small
