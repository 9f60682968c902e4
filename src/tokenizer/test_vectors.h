// Texts and the tokens that the field's reference programs made of them (tests/data/tokenizer).
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "candor/tokenizer/tokenizer.h"

namespace candor::tokenizer {

inline const std::string data_folder = "tests/data/tokenizer/";

inline nlohmann::json read_test_json(const std::string& name) {
  std::ifstream file(data_folder + name);
  return nlohmann::json::parse(file);
}

inline std::unique_ptr<Tokenizer> load_or_fail(const std::string& path) {
  auto loaded = load_tokenizer(path);
  if (!loaded.ok()) {
    ADD_FAILURE() << loaded.error().message();
    return nullptr;
  }
  return std::move(loaded).value();
}

inline std::vector<Token> tokens_of(const nlohmann::json& list) {
  return list.get<std::vector<Token>>();
}

}  // namespace candor::tokenizer
