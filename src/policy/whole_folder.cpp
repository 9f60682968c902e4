#include "candor/policy/whole_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "candor/base/file.h"

namespace candor::policy {
namespace {

std::string partial_of(const std::string& path) {
  return path + ".partial";
}

Error io_error(const std::string& path, const std::string& action, const std::error_code& code) {
  return Error{ErrorCode::io, action + " failed: " + code.message()}
      .in_file(path)
      .expecting("a writable path with room on the disk")
      .way("choose another path, or fix its permissions");
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

Status remove_folder(const std::string& path) {
  std::error_code code;
  std::filesystem::remove_all(path, code);
  if (code) return io_error(path, "removing the folder", code);
  return {};
}

Status rename_folder(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return io_error(to, "renaming into place", last_error());
}

Status replace_by_renaming(const std::string& partial, const std::string& path) {
  const std::string old = path + ".old";
  CANDOR_CHECK(remove_folder(old));
  CANDOR_CHECK(rename_folder(path, old));
  CANDOR_CHECK(rename_folder(partial, path));
  return remove_folder(old);
}

Status replace(const std::string& partial, const std::string& path) {
  if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0)
    return remove_folder(partial);
  if (errno == ENOENT) return rename_folder(partial, path);
  if (errno == EINVAL || errno == ENOSYS) return replace_by_renaming(partial, path);
  return io_error(path, "renaming into place", last_error());
}

// A rename is on disk only once the folder that holds the name is.
Status sync_folder_of(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return io_error(folder, "opening the folder", last_error());
  const bool done = ::fsync(descriptor) == 0 || errno == EINVAL;  // some file systems cannot
  const std::error_code code = last_error();
  ::close(descriptor);
  if (!done) return io_error(folder, "syncing the folder", code);
  return {};
}

}  // namespace

Result<WholeFolder> WholeFolder::create(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  CANDOR_CHECK(remove_folder(partial_of(path)));
  CANDOR_CHECK(make_folder(partial_of(path)));
  return WholeFolder(std::move(path));
}

WholeFolder::WholeFolder(WholeFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}

WholeFolder::~WholeFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(partial_of(path_), ignored);
}

std::string WholeFolder::inside(std::string_view name) const {
  return (std::filesystem::path(partial_of(path_)) / name).string();
}

Status WholeFolder::commit() {
  const std::string path = std::exchange(path_, "");
  CANDOR_CHECK(replace(partial_of(path), path));
  return sync_folder_of(path);
}

}  // namespace candor::policy
