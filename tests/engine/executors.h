#pragma once
#include <memory>

#include "volstorm/engine/executor.h"

/// Both executors for tests tagged [threads], which also run under the thread sanitizer. It reports races within oneTBB
/// as packaged, where there are none: there the std::thread twin stands in for it.
namespace executors {

enum class Kind { tbb, threads };

inline std::unique_ptr<volstorm::Executor> make(Kind kind, std::size_t threads) {
#ifndef __SANITIZE_THREAD__
    if (kind == Kind::tbb) return volstorm::make_tbb_executor(threads);
#endif
    (void)kind;
    return volstorm::make_thread_executor(threads);
}

}  // namespace executors
