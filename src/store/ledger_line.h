// One line of a ledger file: {"hash":"...","event":{...}}
#pragma once

#include <string>
#include <string_view>

#include "candor/event/chain.h"
#include "candor/event/event.h"

namespace candor::store {

/// Appends the event's line, newline included, and moves the chain on. scratch is overwritten.
void append_line(const event::Event& event, event::HashChain& chain, std::string& scratch,
                 std::string& out);

/// The event of a line (without its newline), its hash checked. Errors: corrupt, malformed,
/// unsupported.
Result<event::Event> check_line(std::string_view line, event::HashChain& chain);

}  // namespace candor::store
