#include "lm/attention.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

namespace candor::lm {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// out = x turned by the angles whose cosines and sines are given. Writes into `out`, so that the
// caller chooses its layout in memory.
void turn(const Tensor& x, const Tensor& cosine, const Tensor& sine, Tensor out) {
  const std::int64_t half = x.size(-1) / 2;
  const Tensor first = x.narrow(-1, 0, half);
  const Tensor second = x.narrow(-1, half, half);
  out.narrow(-1, 0, half).copy_(first).mul_(cosine).addcmul_(second, sine, -1.0);
  out.narrow(-1, half, half).copy_(second).mul_(cosine).addcmul_(first, sine);
}

// A turn is orthogonal: the gradient is turned back by the same angles, and nothing of the size of
// the heads has to be kept.
struct Rotate : torch::autograd::Function<Rotate> {
  static Tensor forward(AutogradContext* context, const Tensor& heads, const Tensor& cosine,
                        const Tensor& sine) {
    context->save_for_backward({cosine, sine});
    Tensor out = at::empty(heads.sizes(), heads.options());
    turn(heads, cosine.to(heads.scalar_type()), sine.to(heads.scalar_type()), out);
    return out;
  }

  // The result lies in memory as [batch, time, heads, head_width], as the projections before it do.
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor& g = gradients[0];
    Tensor out = at::empty({g.size(0), g.size(2), g.size(1), g.size(3)}, g.options());
    out = out.transpose(1, 2);
    turn(g, saved[0].to(g.scalar_type()), saved[1].to(g.scalar_type()).neg(), out);
    return {out, Tensor(), Tensor()};
  }
};

// mask [batch or 1, 1, time, all], repeated for the query heads that share a key head:
// [batch * kv_heads, group * time, all].
Tensor mask_for(const Tensor& mask, std::int64_t batch, std::int64_t kv_heads, std::int64_t group) {
  const std::int64_t rows = mask.size(0);
  const std::int64_t kv_rows = rows == 1 ? 1 : kv_heads;
  const std::int64_t time = mask.size(2);
  const std::int64_t all = mask.size(3);
  return mask.unsqueeze(2)
      .expand({rows, kv_rows, group, time, all})
      .reshape({rows * kv_rows, group * time, all})
      .expand({batch * kv_heads, group * time, all});
}

#if CANDOR_FUSED_ATTENTION
// The heads of keys or values, repeated so that there is one for each query head.
Tensor repeated(const Tensor& heads, std::int64_t group) {
  if (group == 1) return heads;
  const std::int64_t kv_heads = heads.size(1);
  return heads.unsqueeze(2)
      .expand({heads.size(0), kv_heads, group, heads.size(2), heads.size(3)})
      .reshape({heads.size(0), kv_heads * group, heads.size(2), heads.size(3)});
}
#endif

// The tokens that fit behind one another in the memory of a cached tensor.
std::int64_t room_of(const Tensor& cached) {
  return cached.stride(1) / cached.stride(2);
}

Tensor with_room_for(const Tensor& cached, std::int64_t time) {
  Tensor room =
      at::empty({cached.size(0), cached.size(1), 2 * time, cached.size(3)}, cached.options());
  room.narrow(2, 0, cached.size(2)).copy_(cached);
  return room;
}

// The memory doubles whenever it is full, so that a token added is a token copied, not all of them.
void append(Tensor* cached, Tensor& now) {
  if (cached == nullptr) return;
  if (!cached->defined()) {
    *cached = now;
    return;
  }
  const std::int64_t past = cached->size(2);
  const std::int64_t time = past + now.size(2);
  if (room_of(*cached) < time) *cached = with_room_for(*cached, time);
  *cached = cached->as_strided({cached->size(0), cached->size(1), time, cached->size(3)},
                               cached->strides());
  cached->narrow(2, past, now.size(2)).copy_(now);
  now = *cached;
}

}  // namespace

Tensor rotate(const Tensor& heads, const Tensor& cosine, const Tensor& sine) {
  return Rotate::apply(heads, cosine, sine);
}

#if CANDOR_FUSED_ATTENTION
Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask) {
  const std::int64_t group = query.size(1) / key.size(1);
  const bool causal = !mask.defined() && query.size(2) > 1;
  c10::optional<Tensor> added;
  if (mask.defined()) added = mask.to(query.scalar_type());
  return at::scaled_dot_product_attention(query, repeated(key, group), repeated(value, group),
                                          added, 0.0, causal);
}
#else
// Query heads of one group lie beside each other in memory, so that a group is one matrix with the
// key head that it shares: nothing is copied for it.
Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask) {
  const std::int64_t batch = query.size(0);
  const std::int64_t time = query.size(2);
  const std::int64_t width = query.size(3);
  const std::int64_t kv_heads = key.size(1);
  const std::int64_t group = query.size(1) / kv_heads;
  const std::int64_t all = key.size(2);
  const Tensor q = query.reshape({batch * kv_heads, group * time, width});
  const Tensor k = key.reshape({batch * kv_heads, all, width}).transpose(1, 2);
  const Tensor v = value.reshape({batch * kv_heads, all, width});
  const double scale = 1.0 / std::sqrt(static_cast<double>(width));
  const Tensor scores = mask.defined()
                            ? at::baddbmm(mask_for(mask, batch, kv_heads, group), q, k, 1.0, scale)
                            : at::bmm(q * scale, k);
  return at::bmm(at::softmax(scores, -1), v).view({batch, kv_heads * group, time, width});
}
#endif

AttentionImpl::AttentionImpl(const checkpoint::ModelConfig& config)
    : heads_(static_cast<std::int64_t>(config.heads)),
      kv_heads_(static_cast<std::int64_t>(config.kv_heads)),
      head_width_(static_cast<std::int64_t>(config.head_width)) {
  const auto width = static_cast<std::int64_t>(config.width);
  const std::int64_t all_heads = heads_ * head_width_;
  if (config.architecture == checkpoint::Architecture::gpt2) {
    fused_ = register_module("c_attn", Linear(width, 3 * all_heads, true));
    out_ = register_module("c_proj", Linear(all_heads, width, true));
    return;
  }
  const bool biased = config.architecture == checkpoint::Architecture::qwen2;
  query_ = register_module("q_proj", Linear(width, all_heads, biased));
  key_ = register_module("k_proj", Linear(width, kv_heads_ * head_width_, biased));
  value_ = register_module("v_proj", Linear(width, kv_heads_ * head_width_, biased));
  out_ = register_module("o_proj", Linear(all_heads, width, false));
}

Tensor AttentionImpl::split(const Tensor& x, std::int64_t heads) const {
  return x.view({x.size(0), x.size(1), heads, head_width_}).transpose(1, 2);
}

AttentionImpl::Heads AttentionImpl::project(const Tensor& x) {
  if (fused_.is_empty()) {
    return {split(query_->forward(x), heads_), split(key_->forward(x), kv_heads_),
            split(value_->forward(x), kv_heads_)};
  }
  const Tensor all = fused_->forward(x);
  const std::int64_t third = all.size(-1) / 3;
  const auto part = [&](std::int64_t i) { return split(all.narrow(-1, i * third, third), heads_); };
  return {part(0), part(1), part(2)};
}

Tensor AttentionImpl::forward(const Tensor& x, const Surroundings& around, LayerCache cache) {
  Heads heads = project(x);
  if (around.cosine.defined()) {
    heads.query = rotate(heads.query, around.cosine, around.sine);
    heads.key = rotate(heads.key, around.cosine, around.sine);
  }
  append(cache.key, heads.key);
  append(cache.value, heads.value);
  const Tensor mixed = attend(heads.query, heads.key, heads.value, around.mask);
  return out_->forward(mixed.transpose(1, 2).reshape({x.size(0), x.size(1), heads_ * head_width_}));
}

}  // namespace candor::lm
