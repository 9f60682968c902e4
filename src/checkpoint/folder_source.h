// checkpoint/folder_source.h
// A Hugging Face folder.
#pragma once

#include "candor/checkpoint/model_source.h"

namespace candor::checkpoint {

Result<std::unique_ptr<ModelSource>> open_folder(const std::string& folder);

}  // namespace candor::checkpoint
