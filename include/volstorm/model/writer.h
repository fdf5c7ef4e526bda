#pragma once
#include <span>
#include <string>

#include "volstorm/model/model.h"

namespace volstorm {

/// The text of a model file that reads back to the same anchors, premium, overnight share, mark and state rule, to the
/// last bit. `title` is its title; the `comments` stand beneath it, a line each.
std::string model_text(const ModelInput& model, const std::string& title, std::span<const std::string> comments);

}  // namespace volstorm
