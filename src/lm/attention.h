// lm/attention.h
// Causal self-attention with grouped heads, rotary positions where the network has them, and a
// cache of keys and values.
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>
#include <torch/version.h>

#include <cstdint>

#include "candor/checkpoint/model_config.h"
#include "lm/linear.h"

// LibTorch 2 brings attention as one operation that never writes the scores to memory.
#define CANDOR_FUSED_ATTENTION (TORCH_VERSION_MAJOR >= 2)

namespace candor::lm {

/// What every layer needs to know of a batch; computed once for all of them.
/// `mask` is added to the scores: 0 where a token (row) may attend to another (column), -inf where
/// not. A token may attend to itself and to earlier ones that are not padding.
struct Surroundings {
  torch::Tensor
      cosine;          ///< [batch or 1, 1, time, head_width/2]; undefined without rotary positions
  torch::Tensor sine;  ///< likewise
  torch::Tensor mask;  ///< [batch or 1, 1, time, past + time]; see attend() for undefined
};

/// One layer's part of a cache. Both undefined at first.
struct LayerCache {
  torch::Tensor* key = nullptr;  ///< [batch, kv_heads, time, head_width]
  torch::Tensor* value = nullptr;
};

class AttentionImpl : public torch::nn::Module {
 public:
  explicit AttentionImpl(const checkpoint::ModelConfig& config);
  /// x [batch, time, width] -> the same shape. cache: null tensors, or where keys and values go.
  torch::Tensor forward(const torch::Tensor& x, const Surroundings& around, LayerCache cache);

 private:
  struct Heads {
    torch::Tensor query;  // [batch, heads, time, head_width]
    torch::Tensor key;    // [batch, kv_heads, time, head_width]
    torch::Tensor value;
  };
  Heads project(const torch::Tensor& x);
  torch::Tensor split(const torch::Tensor& x, std::int64_t heads) const;

  std::int64_t heads_;
  std::int64_t kv_heads_;
  std::int64_t head_width_;
  Linear fused_ = nullptr;  // gpt2: q, k and v in one
  Linear query_ = nullptr;
  Linear key_ = nullptr;
  Linear value_ = nullptr;
  Linear out_ = nullptr;
};
TORCH_MODULE(Attention);

/// softmax(query key^T / sqrt(head_width) + mask) value: [batch, heads, time, head_width].
/// Query head h uses key and value head h / (heads / kv_heads).
/// Undefined mask: a single query that sees all keys, or (fused attention only) as many queries as
/// keys, each seeing the keys up to its own.
torch::Tensor attend(const torch::Tensor& query, const torch::Tensor& key,
                     const torch::Tensor& value, const torch::Tensor& mask);

/// Each head's first half (x) and second half (y), turned: x cos - y sin, y cos + x sin.
torch::Tensor rotate(const torch::Tensor& heads, const torch::Tensor& cosine,
                     const torch::Tensor& sine);

}  // namespace candor::lm
