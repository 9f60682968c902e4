#include "lm/whole_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "candor/base/file.h"

namespace candor::lm {

namespace {

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;
  (void)fsync(descriptor);
  (void)close(descriptor);
}

std::string without_slash(std::string folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

}  // namespace

Status write_folder(const std::string& folder,
                    const std::function<Status(const std::string& path)>& write) {
  const std::string name = without_slash(folder);
  std::error_code failed;
  if (std::filesystem::is_directory(name, failed)) return write(name);
  const std::string partial = name + ".partial";
  std::filesystem::remove_all(partial, failed);
  CANDOR_CHECK(make_folder(partial));
  if (Status written = write(partial); !written.ok()) {
    std::filesystem::remove_all(partial, failed);
    return written;
  }
  std::filesystem::rename(partial, name, failed);
  if (failed)
    return Error{ErrorCode::io, failed.message()}.in_file(name).way("choose another folder");
  sync_folder(std::filesystem::path(name).parent_path());
  return {};
}

}  // namespace candor::lm
