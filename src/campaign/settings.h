// The settings that a campaign in a folder was begun with: it goes on with the same, or not at all.
#pragma once

#include <string>

#include "candor/campaign/campaign.h"
#include "candor/event/event.h"

namespace candor::campaign {

/// Everything in the options, and the prompts, that moves the campaign's numbers, as JSON; how many
/// rounds it will have is not among it, so a campaign can be made longer.
std::string settings_text(const CampaignOptions& options, const Task& task);

/// Writes FOLDER/settings.json, or compares with the one that is there; without a ledger beside it
/// nothing has begun yet, and it is replaced. Errors: conflict (the first difference is named), io.
Status keep_settings(const CampaignOptions& options, const Task& task);

/// Errors: conflict where the ledger was opened for another mechanism or name.
Status check_same_opening(const event::CampaignOpened& in_ledger,
                          const event::CampaignOpened& wanted, const std::string& ledger);

}  // namespace candor::campaign
