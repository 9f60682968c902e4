#include "candor/dataset/read_options.h"

#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace candor::dataset {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 3> kinds{
    {{"forecasts", Kind::forecasts}, {"pairwise", Kind::pairwise}, {"labels", Kind::labels}}};
constexpr std::array<std::pair<std::string_view, Ties>, 2> ties{
    {{"split", Ties::split}, {"answer", Ties::answer}}};
constexpr std::string_view shuffle_prefix = "shuffle:";

Error bad_option(std::string_view option, std::string_view found, std::string_view values) {
  return Error{ErrorCode::invalid_argument, std::string(found)}
      .in_field(option)
      .expecting(values)
      .way("give one of these, or leave the option out");
}

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t seed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seed;
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kinds.at(static_cast<std::size_t>(kind)).first;
}
std::string_view name_of(Ties value) {
  return ties.at(static_cast<std::size_t>(value)).first;
}

std::string text_of(const Order& order) {
  switch (order.mode) {
    case Order::Mode::file:
      return "file";
    case Order::Mode::time:
      return "time";
    case Order::Mode::shuffle:
      break;
  }
  return std::string(shuffle_prefix) + std::to_string(order.seed);
}

Result<Kind> parse_kind(std::string_view text) {
  for (const auto& [name, kind] : kinds)
    if (name == text) return kind;
  return bad_option("--kind", text, "forecasts, pairwise or labels");
}

Result<Ties> parse_ties(std::string_view text) {
  for (const auto& [name, value] : ties)
    if (name == text) return value;
  return bad_option("--ties", text, "split or answer");
}

Result<Order> parse_order(std::string_view text) {
  if (text == "file") return Order{};
  if (text == "time") return Order{Order::Mode::time, 0};
  if (text.starts_with(shuffle_prefix)) {
    const auto seed = parse_seed(text.substr(shuffle_prefix.size()));
    if (seed) return Order{Order::Mode::shuffle, *seed};
  }
  return bad_option("--order", text, "file, time or shuffle:SEED with a whole number SEED");
}

}  // namespace candor::dataset
