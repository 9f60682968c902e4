// lm/stored_logits.h
// For tests: logits that another implementation computed and that tests/data/lm keeps.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lm/transformer.h"

namespace candor::lm {

struct StoredLogits {
  torch::Tensor tokens;  ///< [rows, time]
  torch::Tensor logits;  ///< [rows, time, vocabulary], double
};

inline StoredLogits read_stored_logits(const std::string& folder) {
  std::ifstream file(folder + "/logits.json");
  const nlohmann::json json = nlohmann::json::parse(file);
  std::vector<std::int64_t> tokens;
  std::vector<double> logits;
  for (const auto& row : json.at("tokens")) {
    for (const auto& token : row) tokens.push_back(token.get<std::int64_t>());
  }
  for (const auto& row : json.at("logits")) {
    for (const auto& place : row) {
      for (const auto& logit : place) logits.push_back(logit.get<double>());
    }
  }
  const auto rows = static_cast<std::int64_t>(json.at("tokens").size());
  const auto time = static_cast<std::int64_t>(tokens.size()) / rows;
  return {torch::tensor(tokens, torch::kInt64).view({rows, time}),
          torch::tensor(logits, torch::kFloat64).view({rows, time, -1})};
}

/// The largest difference of any logit.
inline double difference_from_stored(Transformer& model, const StoredLogits& stored) {
  const torch::Tensor logits = model->logits(model->hidden(stored.tokens)).to(torch::kFloat64);
  return (logits - stored.logits).abs().max().item<double>();
}

}  // namespace candor::lm
