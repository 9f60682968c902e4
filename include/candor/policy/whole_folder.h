// candor/policy/whole_folder.h
// Folders that are whole or absent, as base/file.h does for files.
//
//   CANDOR_TRY(WholeFolder folder, WholeFolder::create("run/checkpoint"));
//   CANDOR_CHECK(write_file(folder.inside("state.json"), text));
//   CANDOR_CHECK(folder.commit());      // now, and not before, run/checkpoint is the new one
//
// What is written goes to PATH.partial. commit() exchanges it with PATH in one step of the file
// system and then removes the old one; a file system that cannot exchange folders gets two renames,
// with the old one as PATH.old in between. A folder that was never committed is removed by the
// destructor, and one that a kill left behind by the next create().
//
// Errors: io, naming the path. Thread safety: one thread at a time, one writer a path.
#pragma once

#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::policy {

class WholeFolder {
 public:
  /// Parents are made. Symbolic links in PATH are followed, PATH itself is replaced.
  static Result<WholeFolder> create(std::string path);
  WholeFolder(WholeFolder&& other) noexcept;
  WholeFolder& operator=(WholeFolder&&) = delete;
  WholeFolder(const WholeFolder&) = delete;
  WholeFolder& operator=(const WholeFolder&) = delete;
  ~WholeFolder();

  /// Where a file or folder of this name is to be written.
  [[nodiscard]] std::string inside(std::string_view name) const;
  Status commit();

 private:
  explicit WholeFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty: committed or moved from
};

}  // namespace candor::policy
