// lm/whole_folder.h
// A folder that appears whole or not at all.
#pragma once

#include <functional>
#include <string>

#include "candor/base/result.h"

namespace candor::lm {

/// Calls write(path) to fill a folder. A new folder is filled as FOLDER.partial and renamed when it
/// is whole; if anything fails, nothing of it stays. Into one that is there already, `write` goes
/// straight (other people's files in it stay): its files must each be whole or absent, as
/// OutputFile's are.
/// Errors: write's own; io.
Status write_folder(const std::string& folder,
                    const std::function<Status(const std::string& path)>& write);

}  // namespace candor::lm
