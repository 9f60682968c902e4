#include "candor/store/ledger.h"

#include <fstream>

#include "store/ledger_line.h"

namespace candor::store {
namespace {

constexpr std::size_t flush_at = std::size_t{1} << 20U;

Error placed(Error error, const std::string& path, std::uint64_t line) {
  return std::move(error).at_row(path, line);
}

}  // namespace

Result<LedgerWriter> LedgerWriter::create(std::string path) {
  CANDOR_TRY(OutputFile file, OutputFile::create(std::move(path)));
  return LedgerWriter(std::move(file));
}

Status LedgerWriter::append(const event::Event& event) {
  append_line(event, chain_, body_, buffer_);
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
