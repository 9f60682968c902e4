// checkpoint/allocation_watch.h
// The test program's operator new remembers the largest request.
#pragma once

#include <cstddef>

namespace candor::checkpoint {

void forget_largest_request();
/// Bytes of the largest single request for memory since then.
[[nodiscard]] std::size_t largest_request();

}  // namespace candor::checkpoint
