#include "threads.h"

#include <thread>

#include "print.h"

namespace volstorm {

std::unique_ptr<Executor> make_executor(std::size_t threads) {
    const std::size_t processors = std::thread::hardware_concurrency();
    if (processors > 0 && threads > processors) {
        note("--threads {}: this machine has {} processor{}, and more threads than that make nothing faster\n", threads,
             processors, processors == 1 ? "" : "s");
    }
    return make_tbb_executor(threads);
}

}  // namespace volstorm
