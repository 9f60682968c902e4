#include "lm/linear.h"

#include <cassert>

namespace candor::lm {

LinearImpl::LinearImpl(std::int64_t in, std::int64_t out, bool with_bias) {
  weight = register_parameter("weight", torch::zeros({out, in}));
  if (with_bias) bias = register_parameter("bias", torch::zeros({out}));
}

torch::Tensor LinearImpl::forward(const torch::Tensor& x) {
  const torch::Tensor y = at::linear(x, weight, bias);
  if (!has_adapter() || merged()) return y;
  return at::add(y, at::linear(at::linear(x, lora_a), lora_b), scale);
}

void LinearImpl::add_adapter(std::int64_t rank, double adapter_scale) {
  assert(!has_adapter());
  const torch::TensorOptions like = weight.options().requires_grad(false);
  lora_a = register_parameter("lora_A", torch::zeros({rank, weight.size(1)}, like));
  lora_b = register_parameter("lora_B", torch::zeros({weight.size(0), rank}, like));
  scale = adapter_scale;
  weight.set_requires_grad(false);
  if (bias.defined()) bias.set_requires_grad(false);
}

torch::Tensor LinearImpl::merged_weight() const {
  if (!has_adapter() || merged()) return weight.detach();
  const torch::NoGradGuard no_gradient;
  return at::addmm(weight, lora_b, lora_a, 1.0, scale);
}

void LinearImpl::merge() {
  if (!has_adapter() || merged()) return;
  const torch::Tensor with_adapter = merged_weight();
  unmerged_ = weight.detach();
  weight.set_data(with_adapter);
}

void LinearImpl::unmerge() {
  if (!merged()) return;
  weight.set_data(unmerged_.to(weight.options()));
  unmerged_ = torch::Tensor();
}

void LinearImpl::absorb_adapter() {
  if (!has_adapter()) return;
  merge();
  unmerged_ = torch::Tensor();
  lora_a = torch::Tensor();
  lora_b = torch::Tensor();
  parameters_.erase("lora_A");
  parameters_.erase("lora_B");
  weight.set_requires_grad(true);
  if (bias.defined()) bias.set_requires_grad(true);
}

}  // namespace candor::lm
