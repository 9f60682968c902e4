#include "store/ledger_line.h"

#include "candor/event/codec.h"

namespace candor::store {
namespace {

constexpr std::string_view line_start = R"({"hash":")";
constexpr std::string_view before_event = R"(","event":)";
constexpr std::size_t event_at =
    line_start.size() + event::HashChain::hex_digits + before_event.size();

struct Line {
  std::string_view hash;
  std::string_view event;
};

Result<Line> split_line(std::string_view line) {
  const bool laid_out =
      line.size() > event_at + 1 && line.starts_with(line_start) &&
      line.substr(event_at - before_event.size(), before_event.size()) == before_event &&
      line.ends_with("}}");
  if (laid_out) {
    return Line{line.substr(line_start.size(), event::HashChain::hex_digits),
                line.substr(event_at, line.size() - event_at - 1)};
  }
  return Error{ErrorCode::corrupt, std::string(line)}
      .expecting(R"(a whole line {"hash":"...","event":{...}})")
      .way("the events before this line are good; restore the rest from a copy");
}

}  // namespace

void append_line(const event::Event& event, event::HashChain& chain, std::string& scratch,
                 std::string& out) {
  scratch.clear();
  event::encode(event, scratch);
  out += line_start;
  out += chain.extend(scratch);
  out += before_event;
  out += scratch;
  out += "}\n";
}

Result<event::Event> check_line(std::string_view text, event::HashChain& chain) {
  CANDOR_TRY(const Line line, split_line(text));
  if (chain.extend(line.event) != line.hash) {
    return Error{ErrorCode::corrupt, std::string(line.hash)}
        .in_field("hash")
        .expecting("the hash of this event after all the events before it")
        .way(
            "an event here or before was changed, dropped or moved; restore the ledger from a "
            "copy");
  }
  return event::decode(line.event);
}

}  // namespace candor::store
