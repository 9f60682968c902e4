#include "scratch_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace candor::app {

Result<ScratchFolder> ScratchFolder::create() {
  std::error_code failed;
  std::string path = (std::filesystem::temp_directory_path(failed) / "candor-XXXXXX").string();
  if (!failed && ::mkdtemp(path.data()) != nullptr) return ScratchFolder(std::move(path));
  return Error{ErrorCode::io, "making a temporary folder failed"}.in_file(path).way(
      "set TMPDIR to a folder that can be written");
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace candor::app
