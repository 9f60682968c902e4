#include "candor/base/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace candor {
namespace {

constexpr std::uint64_t look_every = 1024;  // units between two looks at the clock
constexpr std::chrono::milliseconds draw_every{100};

std::string short_count(double n) {
  std::array<char, 32> text{};
  const char* format = n >= 1e6 ? "%.1fM" : n >= 1e3 ? "%.0fk" : "%.0f";
  const double scaled = n >= 1e6 ? n / 1e6 : n >= 1e3 ? n / 1e3 : n;
  (void)std::snprintf(text.data(), text.size(), format, scaled);
  return text.data();
}

}  // namespace

Progress::Progress(std::string label, std::string unit, std::uint64_t total)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      start_(Clock::now()),
      last_drawn_(start_),
      enabled_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) (void)std::fputs("\r\033[K", stderr);
}

void Progress::advance(std::uint64_t done) {
  if (!enabled_ || done < next_look_) return;
  next_look_ = done + look_every;
  const auto now = Clock::now();
  if (now - last_drawn_ < draw_every) return;
  last_drawn_ = now;
  draw(done);
}

void Progress::draw(std::uint64_t done) {
  const double seconds = std::chrono::duration<double>(last_drawn_ - start_).count();
  const double rate = static_cast<double>(done) / std::max(seconds, 1e-9);
  std::string line = "\r\033[K" + label_;
  if (total_ > 0) line += "  " + std::to_string(100 * std::min(done, total_) / total_) + "%";
  line +=
      "  " + short_count(static_cast<double>(done)) + " " + unit_ + "  " + short_count(rate) + "/s";
  if (total_ > done) {
    const double left = static_cast<double>(total_ - done) / std::max(rate, 1.0);
    line += "  " + std::to_string(static_cast<std::uint64_t>(left) + 1) + " s left";
  }
  (void)std::fputs(line.c_str(), stderr);
  shown_ = true;
}

}  // namespace candor
