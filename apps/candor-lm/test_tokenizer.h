// Small vocabularies for tests, made on the spot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candor/checkpoint/model_config.h"
#include "candor/tokenizer/bpe_trainer.h"

namespace candor::app {

/// Bytes, a few merges, "<|endoftext|>" (0) that begins and ends texts, and more special tokens
/// after it.
inline std::shared_ptr<const tokenizer::Tokenizer> small_tokenizer(
    std::vector<std::string> more_specials = {}, bool begins = true) {
  tokenizer::BpeTrainingOptions options;
  options.vocabulary = 270;
  options.special_tokens.insert(options.special_tokens.end(), more_specials.begin(),
                                more_specials.end());
  if (begins) options.begin_token = options.end_token;
  const std::vector<std::string> texts = {"the cat sat on the mat, the hat sat on the cat"};
  auto made = tokenizer::train_bpe(texts, options);
  return made.ok() ? std::shared_ptr<const tokenizer::Tokenizer>(std::move(made).value()) : nullptr;
}

inline checkpoint::ModelConfig small_config(std::size_t vocabulary = 300) {
  checkpoint::ModelConfig config;
  config.vocabulary = vocabulary;
  config.context = 16;
  config.end_tokens = {0};
  return config;
}

}  // namespace candor::app
