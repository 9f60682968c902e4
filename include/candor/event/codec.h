// candor/event/codec.h
// Events as JSON and back. One event is one object on one line:
//
//   {"v":2,"type":"report.submitted","slot":3,"worker":17,"report":[0.8,0.2]}
//
// "v" is the version of the event's form. A reader understands its own version and all before it
// (older ones are lifted to the newest when read); a newer one is refused, never guessed at.
// Version 2 added asks, payment rules, limits and errors of outcomes; what version 1 meant is what
// their defaults say. Numbers are written as the shortest decimal that reads back as the same
// double, checksums as 16 hexadecimal digits.
//
// Thread safety: pure functions. Cost: about 0.2 us to write, 2 us to read a report.
#pragma once

#include <string>
#include <string_view>

#include "candor/event/event.h"

namespace candor::event {

inline constexpr int codec_version = 2;

/// Appends the event's JSON, without a newline. Names must be valid UTF-8.
void encode(const Event& event, std::string& out);

/// Errors: malformed (not JSON, a member missing or of the wrong type: named), unsupported (a newer
/// version), not_found (an unknown type). Takes any bytes.
[[nodiscard]] Result<Event> decode(std::string_view json);

/// The wire name of an event's type ("slot.opened").
[[nodiscard]] std::string_view type_of(const Event& event);

}  // namespace candor::event
