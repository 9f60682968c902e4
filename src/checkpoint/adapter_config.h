// checkpoint/adapter_config.h
// adapter_config.json, both ways.
#pragma once

#include <string>
#include <string_view>

#include "candor/checkpoint/adapter_folder.h"

namespace candor::checkpoint {

/// All but the values. Errors: malformed; unsupported, naming the option.
Result<AdapterTensors> parse_adapter_config(std::string_view json, const std::string& file);

[[nodiscard]] std::string adapter_config_json(const AdapterTensors& adapter);

}  // namespace candor::checkpoint
