// align/fingerprint.h
// A 64-bit hash of training data (FNV-1a), to tell two data sets apart; not against forgery.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "candor/align/preference_pair.h"

namespace candor::align {

class Fingerprint {
 public:
  void add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) {
      hash_ = (hash_ ^ (number & 0xffU)) * 0x100000001b3U;
      number >>= 8U;
    }
  }
  void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
  void add(std::string_view text) {
    add(std::uint64_t{text.size()});
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  void add(const policy::Sequence& sequence) {
    add(std::uint64_t{sequence.prompt_length});
    add(std::uint64_t{sequence.tokens.size()});
    for (const policy::Token token : sequence.tokens) add(static_cast<std::uint64_t>(token));
  }
  void add(const std::optional<PairScores>& scores) {
    add(std::uint64_t{scores.has_value()});
    if (scores) add(scores->a);
    if (scores) add(scores->b);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace candor::align
