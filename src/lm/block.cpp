#include "lm/block.h"

namespace candor::lm {
namespace {

bool is_gpt2(const checkpoint::ModelConfig& config) {
  return config.architecture == checkpoint::Architecture::gpt2;
}

}  // namespace

Norm make_norm(const checkpoint::ModelConfig& config) {
  const NormKind kind = is_gpt2(config) ? NormKind::layer : NormKind::root_mean_square;
  return Norm(static_cast<std::int64_t>(config.width), config.norm_epsilon, kind);
}

FeedForwardImpl::FeedForwardImpl(const checkpoint::ModelConfig& config) {
  const auto width = static_cast<std::int64_t>(config.width);
  const auto hidden = static_cast<std::int64_t>(config.hidden);
  if (is_gpt2(config)) {
    up_ = register_module("c_fc", Linear(width, hidden, true));
    down_ = register_module("c_proj", Linear(hidden, width, true));
    return;
  }
  gate_ = register_module("gate_proj", Linear(width, hidden, false));
  up_ = register_module("up_proj", Linear(width, hidden, false));
  down_ = register_module("down_proj", Linear(hidden, width, false));
}

torch::Tensor FeedForwardImpl::forward(const torch::Tensor& x) {
  if (gate_.is_empty()) return down_->forward(at::gelu(up_->forward(x), "tanh"));
  return down_->forward(at::silu(gate_->forward(x)) * up_->forward(x));
}

BlockImpl::BlockImpl(const checkpoint::ModelConfig& config) {
  const bool gpt2 = is_gpt2(config);
  attention_norm_ = register_module(gpt2 ? "ln_1" : "input_layernorm", make_norm(config));
  attention_ = register_module(gpt2 ? "attn" : "self_attn", Attention(config));
  feed_forward_norm_ =
      register_module(gpt2 ? "ln_2" : "post_attention_layernorm", make_norm(config));
  feed_forward_ = register_module("mlp", FeedForward(config));
}

torch::Tensor BlockImpl::forward(const torch::Tensor& x, const Surroundings& around,
                                 LayerCache cache) {
  const torch::Tensor middle = x + attention_->forward(attention_norm_->forward(x), around, cache);
  return middle + feed_forward_->forward(feed_forward_norm_->forward(middle));
}

}  // namespace candor::lm
