// candor/campaign/prompts.h
// Prompts in tokens as a campaign writes them for its policy, for whoever wants answers to the same
// prompts outside of the loop: evaluation, samples.
#pragma once

#include <string>
#include <vector>

#include "candor/campaign/campaign.h"

namespace candor::campaign {

/// Under options.chat_template, cut at the left to leave room for options.generate.max_tokens.
/// Errors: as run_campaign for the tokenizer, the template and max_tokens.
Result<std::vector<std::vector<policy::Token>>> prompt_tokens(
    const policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
    const CampaignOptions& options, const std::vector<std::string>& prompts);

}  // namespace candor::campaign
