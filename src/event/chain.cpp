#include "candor/event/chain.h"

#include <sodium.h>

namespace candor::event {

std::string HashChain::extend(std::string_view event_json) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, last_.size());
  crypto_generichash_update(&state, last_.data(), last_.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(event_json.data()),
                            event_json.size());
  crypto_generichash_final(&state, last_.data(), last_.size());
  std::string hex(hex_digits + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), last_.data(), last_.size());
  hex.pop_back();
  return hex;
}

}  // namespace candor::event
