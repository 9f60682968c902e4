#include "candor/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace candor {
namespace {

constexpr std::string_view partial_suffix = ".partial";

Error io_error(const std::string& path, std::string_view action) {
  const std::string reason = std::generic_category().message(errno);
  return Error{ErrorCode::io, std::string(action) + " failed: " + reason}
      .in_file(path)
      .expecting("a writable path with room on the disk")
      .way("choose another path, or fix its permissions");
}

// A rename is on disk only once the folder that holds the name is.
bool sync_folder_of(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0 || errno == EINVAL;  // some file systems cannot
  ::close(descriptor);
  return done;
}

}  // namespace

Result<OutputFile> OutputFile::create(std::string path) {
  const std::string partial = path + std::string(partial_suffix);
  std::FILE* file = std::fopen(partial.c_str(), "wbe");
  if (file == nullptr) return io_error(path, "opening for writing");
  return OutputFile(std::move(path), file);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, nullptr)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this != &other) {
    discard();
    path_ = std::move(other.path_);
    file_ = std::exchange(other.file_, nullptr);
  }
  return *this;
}

OutputFile::~OutputFile() {
  discard();
}

void OutputFile::discard() noexcept {
  if (file_ == nullptr) return;
  (void)std::fclose(file_);
  file_ = nullptr;
  (void)::unlink((path_ + std::string(partial_suffix)).c_str());
}

Status OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
    return io_error(path_, "writing");
  return {};
}

Status OutputFile::commit() {
  if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) return io_error(path_, "flushing");
  const int closed = std::fclose(file_);
  file_ = nullptr;
  const std::string partial = path_ + std::string(partial_suffix);
  if (closed != 0 || std::rename(partial.c_str(), path_.c_str()) != 0)
    return io_error(path_, "renaming into place");
  if (!sync_folder_of(path_)) return io_error(path_, "syncing the folder");
  return {};
}

Status write_file(std::string path, std::string_view bytes) {
  CANDOR_TRY(OutputFile file, OutputFile::create(std::move(path)));
  CANDOR_CHECK(file.write(bytes));
  return file.commit();
}

Status make_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) {
    return Error{ErrorCode::io, "making the folder failed: " + code.message()}
        .in_file(path)
        .expecting("a folder that can be made")
        .way("choose another path, or fix its permissions");
  }
  return {};
}

}  // namespace candor
