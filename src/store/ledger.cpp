#include "candor/store/ledger.h"

#include <fstream>
#include <string_view>

#include "candor/event/codec.h"

namespace candor::store {
namespace {

constexpr std::string_view line_start = R"({"hash":")";
constexpr std::string_view before_event = R"(","event":)";
constexpr std::size_t event_at =
    line_start.size() + event::HashChain::hex_digits + before_event.size();
constexpr std::size_t flush_at = std::size_t{1} << 20U;

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

Error placed(Error error, const std::string& path, std::uint64_t line) {
  return std::move(error).at_row(path, line);
}

}  // namespace

Result<LedgerWriter> LedgerWriter::create(std::string path) {
  CANDOR_TRY(OutputFile file, OutputFile::create(std::move(path)));
  return LedgerWriter(std::move(file));
}

Status LedgerWriter::append(const event::Event& event) {
  body_.clear();
  event::encode(event, body_);
  buffer_ += line_start;
  buffer_ += chain_.extend(body_);
  buffer_ += before_event;
  buffer_ += body_;
  buffer_ += "}\n";
  return buffer_.size() < flush_at ? Status{} : flush();
}

Status LedgerWriter::flush() {
  CANDOR_CHECK(file_.write(buffer_));
  buffer_.clear();
  return {};
}

Status LedgerWriter::commit() {
  CANDOR_CHECK(flush());
  return file_.commit();
}

Result<std::uint64_t> read_ledger(const std::string& path,
                                  const std::function<Status(const event::Event&)>& visit) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{ErrorCode::not_found, "no readable file"}
        .in_file(path)
        .expecting("a ledger written by candor")
        .way("check the path");
  }
  event::HashChain chain;
  std::uint64_t events = 0;
  for (std::string line; std::getline(file, line);) {
    auto event = check_line(line, chain);
    if (!event.ok()) return placed(std::move(event).error(), path, events + 1);
    if (auto status = visit(*event); !status.ok())
      return placed(std::move(status).error(), path, events + 1);
    ++events;
  }
  if (file.bad()) {
    return Error{ErrorCode::io, "reading failed after " + std::to_string(events) + " events"}
        .in_file(path)
        .expecting("a file that can be read to its end")
        .way("check the disk");
  }
  if (events > 0) return events;
  return Error{ErrorCode::malformed, "an empty file"}
      .in_file(path)
      .expecting("a ledger written by candor")
      .way("check the path");
}

}  // namespace candor::store
