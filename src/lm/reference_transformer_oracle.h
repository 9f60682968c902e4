// lm/reference_transformer_oracle.h
// The same networks, slowly and readably: plain loops in double precision over the parameters as they
// stand in files, one sequence at a time, no tensor library. What transformer.h is tested against.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "candor/checkpoint/model_config.h"

namespace candor::lm::oracle {

using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;  // [row][column]
using checkpoint::Architecture;
using checkpoint::ModelConfig;

/// Parameters by canonical name, row-major.
using Parameters = std::map<std::string, Vector>;

/// y[o] = sum_i w[o][i] x[i] + b[o]; `in_by_out` matrices (gpt2's) are stored as w[i][o].
inline Vector linear(const Parameters& p, const std::string& name, const Vector& x,
                     bool in_by_out) {
  const Vector& w = p.at(name + ".weight");
  const std::size_t in = x.size();
  const std::size_t out = w.size() / in;
  Vector y(out, 0.0);
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i)
      y[o] += (in_by_out ? w[i * out + o] : w[o * in + i]) * x[i];
  }
  if (const auto bias = p.find(name + ".bias"); bias != p.end()) {
    for (std::size_t o = 0; o < out; ++o) y[o] += bias->second[o];
  }
  return y;
}

inline Vector layer_norm(const Vector& x, const Vector& w, const Vector& b, double epsilon) {
  const auto n = static_cast<double>(x.size());
  double mean = 0.0;
  for (const double v : x) mean += v / n;
  double variance = 0.0;
  for (const double v : x) variance += (v - mean) * (v - mean) / n;
  Vector y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = (x[i] - mean) / std::sqrt(variance + epsilon) * w[i] + b[i];
  }
  return y;
}

inline Vector root_mean_square_norm(const Vector& x, const Vector& w, double epsilon) {
  double square = 0.0;
  for (const double v : x) square += v * v / static_cast<double>(x.size());
  Vector y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] / std::sqrt(square + epsilon) * w[i];
  return y;
}

inline Vector norm(const ModelConfig& c, const Parameters& p, const std::string& name,
                   const Vector& x) {
  const Vector& w = p.at(name + ".weight");
  if (c.architecture != Architecture::gpt2) return root_mean_square_norm(x, w, c.norm_epsilon);
  return layer_norm(x, w, p.at(name + ".bias"), c.norm_epsilon);
}

inline double gelu(double x) {
  const double inner = std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1.0 + std::tanh(inner));
}
inline double silu(double x) {
  return x / (1.0 + std::exp(-x));
}

/// The turn of pair i from one position to the next.
inline double frequency(const ModelConfig& c, std::size_t i) {
  const double plain =
      std::pow(c.rope_base, -2.0 * static_cast<double>(i) / static_cast<double>(c.head_width));
  const checkpoint::RopeScaling& s = c.rope_scaling;
  if (s.kind == checkpoint::RopeScaling::Kind::none) return plain;
  if (s.kind == checkpoint::RopeScaling::Kind::linear) return plain / s.factor;
  const double length = 2.0 * std::numbers::pi / plain;
  const auto original = static_cast<double>(s.original_context);
  if (length < original / s.high_frequency_factor) return plain;
  if (length > original / s.low_frequency_factor) return plain / s.factor;
  const double smooth = (original / length - s.low_frequency_factor) /
                        (s.high_frequency_factor - s.low_frequency_factor);
  return (1.0 - smooth) * plain / s.factor + smooth * plain;
}

/// Turns every head of a vector of heads, as token number `position`.
inline void rotate(const ModelConfig& c, Vector& heads, std::size_t position) {
  const std::size_t half = c.head_width / 2;
  for (std::size_t start = 0; start < heads.size(); start += c.head_width) {
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = static_cast<double>(position) * frequency(c, i);
      const double a = heads[start + i];
      const double b = heads[start + half + i];
      heads[start + i] = a * std::cos(angle) - b * std::sin(angle);
      heads[start + half + i] = b * std::cos(angle) + a * std::sin(angle);
    }
  }
}

struct Heads {
  Matrix query, key, value;  // [time][heads * head_width]
};

inline Heads project(const ModelConfig& c, const Parameters& p, const std::string& layer,
                     const Matrix& x) {
  Heads heads;
  for (std::size_t t = 0; t < x.size(); ++t) {
    if (c.architecture == Architecture::gpt2) {
      const Vector all = linear(p, layer + ".attn.c_attn", x[t], true);
      const auto part = [&](std::size_t i) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * c.width);
        return Vector(begin, begin + static_cast<std::ptrdiff_t>(c.width));
      };
      heads.query.push_back(part(0));
      heads.key.push_back(part(1));
      heads.value.push_back(part(2));
      continue;
    }
    heads.query.push_back(linear(p, layer + ".self_attn.q_proj", x[t], false));
    heads.key.push_back(linear(p, layer + ".self_attn.k_proj", x[t], false));
    heads.value.push_back(linear(p, layer + ".self_attn.v_proj", x[t], false));
    rotate(c, heads.query.back(), t);
    rotate(c, heads.key.back(), t);
  }
  return heads;
}

/// What head h of the token at place t takes from the tokens up to it, added into `mixed`.
inline void attend(const ModelConfig& c, const Heads& heads, std::size_t t, std::size_t h,
                   Vector& mixed) {
  const std::size_t d = c.head_width;
  const std::size_t kv = h / (c.heads / c.kv_heads);
  Vector weight(t + 1);
  double total = 0.0;
  for (std::size_t s = 0; s <= t; ++s) {
    double score = 0.0;
    for (std::size_t i = 0; i < d; ++i)
      score += heads.query[t][h * d + i] * heads.key[s][kv * d + i];
    weight[s] = std::exp(score / std::sqrt(static_cast<double>(d)));
    total += weight[s];
  }
  for (std::size_t s = 0; s <= t; ++s) {
    for (std::size_t i = 0; i < d; ++i) {
      mixed[h * d + i] += weight[s] / total * heads.value[s][kv * d + i];
    }
  }
}

inline Matrix attention(const ModelConfig& c, const Parameters& p, const std::string& layer,
                        const Matrix& x) {
  const bool gpt2 = c.architecture == Architecture::gpt2;
  const Heads heads = project(c, p, layer, x);
  Matrix y;
  for (std::size_t t = 0; t < x.size(); ++t) {
    Vector mixed(c.heads * c.head_width, 0.0);
    for (std::size_t h = 0; h < c.heads; ++h) attend(c, heads, t, h, mixed);
    y.push_back(linear(p, layer + (gpt2 ? ".attn.c_proj" : ".self_attn.o_proj"), mixed, gpt2));
  }
  return y;
}

inline Vector feed_forward(const ModelConfig& c, const Parameters& p, const std::string& layer,
                           const Vector& x) {
  if (c.architecture == Architecture::gpt2) {
    Vector inner = linear(p, layer + ".mlp.c_fc", x, true);
    for (double& v : inner) v = gelu(v);
    return linear(p, layer + ".mlp.c_proj", inner, true);
  }
  Vector inner = linear(p, layer + ".mlp.up_proj", x, false);
  const Vector gate = linear(p, layer + ".mlp.gate_proj", x, false);
  for (std::size_t i = 0; i < inner.size(); ++i) inner[i] *= silu(gate[i]);
  return linear(p, layer + ".mlp.down_proj", inner, false);
}

inline void add(Vector& x, const Vector& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
}

/// One layer on a whole sequence [time][width].
inline Matrix block(const ModelConfig& c, const Parameters& p, std::size_t number, Matrix x) {
  const bool gpt2 = c.architecture == Architecture::gpt2;
  const std::string layer = (gpt2 ? "transformer.h." : "model.layers.") + std::to_string(number);
  Matrix normed;
  for (const Vector& row : x) {
    normed.push_back(norm(c, p, layer + (gpt2 ? ".ln_1" : ".input_layernorm"), row));
  }
  const Matrix mixed = attention(c, p, layer, normed);
  for (std::size_t t = 0; t < x.size(); ++t) {
    add(x[t], mixed[t]);
    const std::string name = layer + (gpt2 ? ".ln_2" : ".post_attention_layernorm");
    add(x[t], feed_forward(c, p, layer, norm(c, p, name, x[t])));
  }
  return x;
}

inline Vector row_of(const Vector& table, std::size_t row, std::size_t width) {
  const auto begin = table.begin() + static_cast<std::ptrdiff_t>(row * width);
  return {begin, begin + static_cast<std::ptrdiff_t>(width)};
}

/// Tokens as vectors, with gpt2's learned positions.
inline Matrix embed(const ModelConfig& c, const Parameters& p,
                    const std::vector<std::int64_t>& tokens) {
  const bool gpt2 = c.architecture == Architecture::gpt2;
  const Vector& table = p.at(gpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight");
  Matrix x;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    x.push_back(row_of(table, static_cast<std::size_t>(tokens[t]), c.width));
    if (gpt2) add(x.back(), row_of(p.at("transformer.wpe.weight"), t, c.width));
  }
  return x;
}

/// [time][vocabulary]
inline Matrix logits(const ModelConfig& c, const Parameters& p,
                     const std::vector<std::int64_t>& tokens) {
  const bool gpt2 = c.architecture == Architecture::gpt2;
  Matrix x = embed(c, p, tokens);
  for (std::size_t i = 0; i < c.layers; ++i) x = block(c, p, i, x);
  const std::string table = gpt2 ? "transformer.wte" : "model.embed_tokens";
  Matrix y;
  for (const Vector& row : x) {
    const Vector last = norm(c, p, gpt2 ? "transformer.ln_f" : "model.norm", row);
    y.push_back(linear(p, c.tied_embeddings ? table : "lm_head", last, false));
  }
  return y;
}

}  // namespace candor::lm::oracle
