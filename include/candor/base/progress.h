// candor/base/progress.h
// A progress line on stderr: done, rate, time left. Silent where stderr is not a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace candor {

/// "replay  61%  4.1M reports  1.9M/s  2 s left", rewritten in place at most ten times a second.
/// Thread safety: one thread at a time. Cost of advance(): a comparison, save ten times a second.
class Progress {
 public:
  /// total: how many units there are in all (0: unknown, no percentage or time left is shown).
  Progress(std::string label, std::string unit, std::uint64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  ///< erases the line

  /// `done` units are finished; never fewer than at the last call.
  void advance(std::uint64_t done);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done);

  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  std::uint64_t next_look_ = 0;
  Clock::time_point start_;
  Clock::time_point last_drawn_;
  bool shown_ = false;
  bool enabled_;
};

}  // namespace candor
