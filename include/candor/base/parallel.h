// candor/base/parallel.h
// Work split into blocks, run on threads. Results are the same for any number of threads as long as a
// block writes only what belongs to it: blocks are fixed by the caller, threads only take them.
#pragma once

#include <cstddef>
#include <functional>

namespace candor {

/// Threads to use when the caller says 0: the machine's hardware threads, at least 1.
[[nodiscard]] std::size_t default_threads();

/// Calls work(block) once for every block in 0 .. blocks-1, on up to `threads` threads (0: all), and
/// returns when all are done. `work` must not throw.
void for_each_block(std::size_t blocks, std::size_t threads,
                    const std::function<void(std::size_t)>& work);

}  // namespace candor
