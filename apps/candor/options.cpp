#include "options.h"

#include <charconv>
#include <cstdint>

namespace candor::app {

std::string whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = code == std::errc{} && end == text.data() + text.size() && number >= 0;
  return good ? std::string() : text + " is not a whole number from 0 to 2^63 - 1";
}

}  // namespace candor::app
