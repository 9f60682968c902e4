// candor/event/chain.h
// The hash chain that makes a ledger tamper-evident: each event's hash covers its bytes and the
// hash before it, so that changing, dropping or reordering any event changes every hash that
// follows.
//
//     hash_n = BLAKE2b-256( hash_{n-1} || JSON bytes of event n ),   hash_0 = 32 zero bytes
//
// Source: BLAKE2b, RFC 7693 (libsodium's crypto_generichash). Thread safety: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace candor::event {

class HashChain {
 public:
  static constexpr std::size_t hex_digits = 64;

  /// Moves on by one event and returns its hash, in lower-case hexadecimal.
  std::string extend(std::string_view event_json);

 private:
  std::array<unsigned char, 32> last_{};
};

}  // namespace candor::event
