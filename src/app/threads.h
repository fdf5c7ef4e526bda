#pragma once
#include <memory>

#include "volstorm/engine/executor.h"

namespace volstorm {

/// The executor of a command; 0: a thread for each processor. Says so where more are asked for than there are.
std::unique_ptr<Executor> make_executor(std::size_t threads);

}  // namespace volstorm
