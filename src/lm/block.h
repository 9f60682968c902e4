// lm/block.h
// One layer of the network: x += attention(norm(x)); x += feed_forward(norm(x)).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "candor/checkpoint/model_config.h"
#include "lm/attention.h"
#include "lm/linear.h"
#include "lm/norm.h"

namespace candor::lm {

/// gpt2: c_proj(gelu(c_fc(x))), gelu in its tanh form. llama, qwen2: down(silu(gate(x)) * up(x)).
class FeedForwardImpl : public torch::nn::Module {
 public:
  explicit FeedForwardImpl(const checkpoint::ModelConfig& config);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  Linear gate_ = nullptr;  // null in gpt2
  Linear up_ = nullptr;
  Linear down_ = nullptr;
};
TORCH_MODULE(FeedForward);

class BlockImpl : public torch::nn::Module {
 public:
  explicit BlockImpl(const checkpoint::ModelConfig& config);
  torch::Tensor forward(const torch::Tensor& x, const Surroundings& around, LayerCache cache);

 private:
  Norm attention_norm_ = nullptr;
  Attention attention_ = nullptr;
  Norm feed_forward_norm_ = nullptr;
  FeedForward feed_forward_ = nullptr;
};
TORCH_MODULE(Block);

/// The norm of this kind of network.
Norm make_norm(const checkpoint::ModelConfig& config);

}  // namespace candor::lm
