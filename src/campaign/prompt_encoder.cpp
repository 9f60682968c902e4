#include "campaign/prompt_encoder.h"

#include <fmt/format.h>

#include <utility>

#include "candor/campaign/prompts.h"
#include "candor/tokenizer/chat_template.h"

namespace candor::campaign {
namespace {

Result<std::vector<policy::Token>> as_chat(const tokenizer::Tokenizer& tokenizer,
                                           const std::string& chat_template,
                                           const std::string& prompt) {
  const tokenizer::ChatMessage message{"user", prompt};
  return tokenizer::encode_chat(tokenizer, chat_template, std::span(&message, 1), true);
}

}  // namespace

Result<PromptEncoder> PromptEncoder::create(const tokenizer::Tokenizer& tokenizer,
                                            std::string chat_template, std::size_t limit) {
  if (!chat_template.empty()) CANDOR_CHECK(as_chat(tokenizer, chat_template, ""));
  return PromptEncoder(tokenizer, std::move(chat_template), limit);
}

std::vector<policy::Token> PromptEncoder::whole(const std::string& prompt) const {
  // One user message under a template that create() has tried: it cannot be refused.
  if (!chat_template_.empty()) return as_chat(*tokenizer_, chat_template_, prompt).value();
  std::vector<policy::Token> tokens;
  if (const auto begin = tokenizer_->begin()) tokens.push_back(*begin);
  const std::vector<policy::Token> text = tokenizer_->encode(prompt);
  tokens.insert(tokens.end(), text.begin(), text.end());
  return tokens;
}

std::vector<policy::Token> PromptEncoder::tokens(const std::string& prompt) const {
  std::vector<policy::Token> tokens = whole(prompt);
  if (tokens.size() <= limit_) return tokens;
  const auto cut = static_cast<std::ptrdiff_t>(tokens.size() - limit_);
  tokens.erase(tokens.begin() + 1, tokens.begin() + 1 + cut);
  return tokens;
}

std::size_t PromptEncoder::excess(const std::string& prompt) const {
  const std::size_t size = whole(prompt).size();
  return size > limit_ ? size - limit_ : 0;
}

Result<PromptEncoder> encoder_for(const policy::Policy& policy,
                                  const tokenizer::Tokenizer& tokenizer,
                                  const CampaignOptions& options) {
  if (tokenizer.vocabulary() > policy.vocabulary()) {
    return Error{ErrorCode::conflict,
                 fmt::format("a tokenizer of {} tokens", tokenizer.vocabulary())}
        .in_field("tokenizer")
        .expecting(fmt::format("at most the {} that the policy knows", policy.vocabulary()))
        .way("use the tokenizer that belongs to the model");
  }
  if (policy.context() < 3 || options.generate.max_tokens > policy.context() - 2) {
    return Error{ErrorCode::out_of_range, std::to_string(options.generate.max_tokens)}
        .in_field("max_tokens")
        .expecting(fmt::format("room for a prompt in the context of {} tokens", policy.context()))
        .way("ask for shorter answers");
  }
  return PromptEncoder::create(tokenizer, options.chat_template,
                               policy.context() - options.generate.max_tokens);
}

Result<std::vector<std::vector<policy::Token>>> prompt_tokens(
    const policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
    const CampaignOptions& options, const std::vector<std::string>& prompts) {
  CANDOR_TRY(const PromptEncoder encoder, encoder_for(policy, tokenizer, options));
  std::vector<std::vector<policy::Token>> tokens;
  for (const std::string& prompt : prompts) tokens.push_back(encoder.tokens(prompt));
  return tokens;
}

}  // namespace candor::campaign
