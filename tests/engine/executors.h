#pragma once
#include <memory>

#include "volstorm/engine/executor.h"

/// Both executors for tests tagged [threads], which also run under the thread sanitizer. It reports races within oneTBB
/// as packaged, where there are none: there the std::thread twin stands in for it.
#if defined(__SANITIZE_THREAD__)
#define VOLSTORM_ONLY_THREADS
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define VOLSTORM_ONLY_THREADS
#endif
#endif
namespace executors {

enum class Kind { tbb, threads };

inline std::unique_ptr<volstorm::Executor> make(Kind kind, std::size_t threads) {
#ifndef VOLSTORM_ONLY_THREADS
    if (kind == Kind::tbb) return volstorm::make_tbb_executor(threads);
#endif
    (void)kind;
    return volstorm::make_thread_executor(threads);
}

}  // namespace executors
