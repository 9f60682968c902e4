#include "candor/store/ledger_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "store/ledger_line.h"

namespace candor::store {
namespace {

constexpr std::size_t write_at = std::size_t{1} << 16U;

Error placed(Error error, const std::string& path, std::uint64_t line) {
  return std::move(error).at_row(path, line);
}

}  // namespace

LedgerLog::LedgerLog(LedgerLog&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      chain_(other.chain_),
      events_(other.events_),
      buffer_(std::move(other.buffer_)) {}

LedgerLog& LedgerLog::operator=(LedgerLog&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(chain_, other.chain_);
  std::swap(events_, other.events_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

LedgerLog::~LedgerLog() {
  if (file_ >= 0) ::close(file_);
}

Error LedgerLog::system_error(const char* doing) const {
  return Error{ErrorCode::io, std::string(doing) + ": " + std::strerror(errno)}
      .in_file(path_)
      .expecting("a ledger that can be written")
      .way("make room or fix the permissions, and go on: nothing that was synced is lost");
}

Result<LedgerLog> LedgerLog::open(std::string path,
                                  const std::function<Status(const event::Event&)>& visit) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  LedgerLog log(std::move(path), file);
  if (file < 0) return log.system_error("opening failed");
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::conflict, "another process has it open"}
        .in_file(log.path_)
        .expecting("one process a campaign")
        .way("wait for the other, or stop it");
  }
  CANDOR_CHECK(log.read(visit));
  return log;
}

// A last line without its newline was being written when the process was killed.
Status LedgerLog::read(const std::function<Status(const event::Event&)>& visit) {
  std::ifstream in(path_, std::ios::binary);
  std::uint64_t good_bytes = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    auto event = check_line(line, chain_);
    if (!event.ok()) return placed(std::move(event).error(), path_, events_ + 1);
    if (auto status = visit(*event); !status.ok())
      return placed(std::move(status).error(), path_, events_ + 1);
    ++events_;
    good_bytes += line.size() + 1;
  }
  if (in.bad()) return system_error("reading failed");
  if (::ftruncate(file_, static_cast<off_t>(good_bytes)) != 0)
    return system_error("cutting failed");
  if (::lseek(file_, 0, SEEK_END) < 0) return system_error("seeking failed");
  return {};
}

Status LedgerLog::append(const event::Event& event) {
  append_line(event, chain_, scratch_, buffer_);
  ++events_;
  return buffer_.size() < write_at ? Status{} : write_buffer();
}

Status LedgerLog::write_buffer() {
  std::size_t written = 0;
  while (written < buffer_.size()) {
    const ssize_t count = ::write(file_, buffer_.data() + written, buffer_.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("writing failed");
    written += static_cast<std::size_t>(count);
  }
  buffer_.clear();
  return {};
}

Status LedgerLog::sync() {
  CANDOR_CHECK(write_buffer());
  return ::fdatasync(file_) == 0 ? Status{} : Status{system_error("syncing failed")};
}

}  // namespace candor::store
