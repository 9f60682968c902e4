// Prompts in tokens, as the policy sees them.
#pragma once

#include <string>
#include <vector>

#include "candor/campaign/campaign.h"

namespace candor::campaign {

class PromptEncoder {
 public:
  /// chat_template: "": the begin token, where the vocabulary has one, then the text; a name
  /// (tokenizer/chat_template.h): what a user says, up to where the assistant answers. limit: the
  /// most tokens a prompt may have, >= 2. tokenizer must outlive the encoder. Errors: unsupported
  /// for a template that is not known.
  static Result<PromptEncoder> create(const tokenizer::Tokenizer& tokenizer,
                                      std::string chat_template, std::size_t limit);

  /// A prompt of more than `limit` tokens loses tokens at its left; the first of all stays, since
  /// it is the one that begins a text.
  [[nodiscard]] std::vector<policy::Token> tokens(const std::string& prompt) const;

  /// How many tokens tokens() would cut off.
  [[nodiscard]] std::size_t excess(const std::string& prompt) const;

 private:
  PromptEncoder(const tokenizer::Tokenizer& tokenizer, std::string chat_template, std::size_t limit)
      : tokenizer_(&tokenizer), chat_template_(std::move(chat_template)), limit_(limit) {}
  [[nodiscard]] std::vector<policy::Token> whole(const std::string& prompt) const;

  const tokenizer::Tokenizer* tokenizer_;
  std::string chat_template_;
  std::size_t limit_;
};

/// The encoder of a campaign: prompts leave room for the longest answer. Errors: conflict for a
/// tokenizer with more tokens than the policy, out_of_range for answers that fill the context.
Result<PromptEncoder> encoder_for(const policy::Policy& policy,
                                  const tokenizer::Tokenizer& tokenizer,
                                  const CampaignOptions& options);

}  // namespace candor::campaign
