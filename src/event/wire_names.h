// Wire names in the order of the Event variant. They are on disk: never change one.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "candor/event/event.h"

namespace candor::event {

inline constexpr std::array<std::string_view, 15> wire_names{
    "campaign.opened",  "worker.joined", "worker.left",   "worker.returned",  "slot.opened",
    "answers.written",  "workers.asked", "worker.missed", "report.submitted", "slot.pooled",
    "outcome.revealed", "slot.settled",  "slot.expired",  "policy.published", "campaign.closed"};
static_assert(wire_names.size() == std::variant_size_v<Event>);

}  // namespace candor::event
