// Each layer against the oracle's, and the gradients that are written by hand against differences.
#include <gtest/gtest.h>

#include <functional>

#include "candor/base/random.h"
#include "lm/attention.h"
#include "lm/block.h"
#include "lm/norm.h"
#include "lm/small_models.h"

namespace candor::lm {
namespace {

using small::Architecture;
using small::relative_difference;
using torch::Tensor;

Tensor draws(const std::vector<std::int64_t>& sizes, std::uint64_t seed) {
  RandomStream random(seed);
  Tensor values = torch::empty(sizes, torch::kFloat64);
  for (std::int64_t i = 0; i < values.numel(); ++i) values.data_ptr<double>()[i] = random.normal();
  return values;
}

// d sum(weight f(x)) / dx by autograd, less the same by central differences, element by element.
double gradient_error(const std::function<Tensor(const Tensor&)>& f, const Tensor& x) {
  const Tensor weight = draws(f(x).sizes().vec(), 99);
  const Tensor leaf = x.clone().requires_grad_(true);
  (f(leaf) * weight).sum().backward();
  const torch::NoGradGuard no_gradient;
  double worst = 0.0;
  Tensor moved = x.clone();
  double* place = moved.data_ptr<double>();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double was = place[i];
    constexpr double step = 1e-5;
    place[i] = was + step;
    const double above = (f(moved) * weight).sum().item<double>();
    place[i] = was - step;
    const double below = (f(moved) * weight).sum().item<double>();
    place[i] = was;
    const double expected = (above - below) / (2.0 * step);
    worst = std::max(worst, std::abs(leaf.grad().view(-1)[i].item<double>() - expected));
  }
  return worst;
}

TEST(Norm, RootMeanSquareOfThreeAndFour) {
  Norm norm(2, 0.0, NormKind::root_mean_square);  // sqrt((9 + 16) / 2) = 5 / sqrt 2
  const Tensor y = norm->forward(torch::tensor({3.0F, 4.0F}).unsqueeze(0));
  EXPECT_NEAR(y[0][0].item<double>(), 0.6 * std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(y[0][1].item<double>(), 0.8 * std::sqrt(2.0), 1e-6);
}

TEST(Norm, BothKindsEqualTheOracle) {
  const Tensor x = draws({5, 7}, 1);
  const Tensor w = draws({7}, 2);
  const Tensor b = draws({7}, 3);
  for (const NormKind kind : {NormKind::layer, NormKind::root_mean_square}) {
    Norm norm(7, 0.1, kind);
    norm->weight.set_data(w);
    if (kind == NormKind::layer) norm->bias.set_data(b);
    const Tensor y = norm->forward(x);
    for (std::int64_t i = 0; i < x.size(0); ++i) {
      const oracle::Vector row = small::values_of(x[i]);
      const oracle::Vector expected =
          kind == NormKind::layer
              ? oracle::layer_norm(row, small::values_of(w), small::values_of(b), 0.1)
              : oracle::root_mean_square_norm(row, small::values_of(w), 0.1);
      EXPECT_LT(relative_difference(y[i], torch::tensor(expected, torch::kFloat64)), 1e-14);
    }
  }
}

TEST(Norm, RootMeanSquareGradientsEqualDifferences) {
  Norm norm(6, 0.1, NormKind::root_mean_square);
  const Tensor x = draws({2, 3, 6}, 4);
  const Tensor w = draws({6}, 5);
  norm->weight.set_data(w);
  EXPECT_LT(gradient_error([&](const Tensor& at) { return norm->forward(at); }, x), 1e-8);
  const auto of_weight = [&](const Tensor& at) {
    norm->weight = at;
    return norm->forward(x);
  };
  EXPECT_LT(gradient_error(of_weight, w), 1e-8);
}

TEST(Attention, RotationEqualsTheOracleAndItsGradientDifferences) {
  const checkpoint::ModelConfig config = small::config_of(Architecture::llama);
  const Tensor heads = draws({1, 4, 5, 6}, 6);  // [batch, heads, time, head_width]
  Tensor angles = torch::empty({1, 1, 5, 3}, torch::kFloat64);
  for (int t = 0; t < 5; ++t) {
    for (int i = 0; i < 3; ++i) {
      angles[0][0][t][i] = t * oracle::frequency(config, static_cast<std::size_t>(i));
    }
  }
  const Tensor turned = rotate(heads, angles.cos(), angles.sin());
  for (int t = 0; t < 5; ++t) {
    oracle::Vector expected = small::values_of(heads[0].select(1, t));
    oracle::rotate(config, expected, static_cast<std::size_t>(t));
    EXPECT_LT(relative_difference(turned[0].select(1, t).reshape({-1}),
                                  torch::tensor(expected, torch::kFloat64)),
              1e-14);
  }
  const auto f = [&](const Tensor& at) { return rotate(at, angles.cos(), angles.sin()); };
  EXPECT_LT(gradient_error(f, heads), 1e-8);
}

TEST(Attention, GroupedHeadsEqualTheOracle) {
  checkpoint::ModelConfig config = small::config_of(Architecture::llama);  // 4 heads, 2 for keys
  const Tensor query = draws({1, 4, 5, 6}, 7);
  const Tensor key = draws({1, 2, 5, 6}, 8);
  const Tensor value = draws({1, 2, 5, 6}, 9);
  const auto flat = [](const Tensor& heads) {
    return small::rows_of(heads[0].transpose(0, 1).reshape({heads.size(2), -1}));
  };
  const oracle::Heads all = {flat(query), flat(key), flat(value)};
  const Tensor last = attend(query.narrow(2, 4, 1), key, value, {});  // sees every key
  oracle::Vector expected(24, 0.0);
  for (std::size_t h = 0; h < 4; ++h) oracle::attend(config, all, 4, h, expected);
  EXPECT_LT(relative_difference(last.reshape({-1}), torch::tensor(expected, torch::kFloat64)),
            1e-14);
}

TEST(Block, EqualsTheOracleForEveryKind) {
  for (const checkpoint::ModelConfig& config : small::configs()) {
    checkpoint::ModelConfig shallow = config;
    shallow.layers = 1;
    const Transformer model = small::model_of(shallow, 10);
    const oracle::Parameters parameters = small::parameters_of(model);
    const std::vector<std::int64_t> tokens = small::draw_tokens(config, 6, 11);
    oracle::Matrix x =
        oracle::block(shallow, parameters, 0, oracle::embed(shallow, parameters, tokens));
    const bool gpt2 = config.architecture == Architecture::gpt2;
    for (oracle::Vector& row : x) {
      row = oracle::norm(shallow, parameters, gpt2 ? "transformer.ln_f" : "model.norm", row);
    }
    Transformer same = model;
    EXPECT_LT(relative_difference(same->hidden(small::row(tokens))[0], small::matrix(x)), 1e-12);
  }
}

}  // namespace
}  // namespace candor::lm
