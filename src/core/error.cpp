#include "volstorm/core/error.h"

namespace volstorm {

std::string Source::text() const {
    if (line == 0) return file;
    return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

InputError::InputError(Source where, std::string_view message)
    : std::runtime_error(where.text() + ": " + std::string(message)), where_(std::move(where)) {}

}  // namespace volstorm
