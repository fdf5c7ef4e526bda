#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace volstorm {

/// Runs numbered pieces of work on several threads and hands the results on in order.
class Executor {
 public:
    /// A piece: `worker` below threads() names the thread's own workspace, `slot` below slots() the buffer to fill.
    using Produce = std::function<void(std::size_t worker, std::size_t slot, std::size_t piece)>;
    using Consume = std::function<void(std::size_t slot, std::size_t piece)>;

    virtual ~Executor() = default;
    virtual std::size_t threads() const = 0;
    std::size_t slots() const { return 2 * threads(); }
    /// Calls produce for pieces 0 ... count - 1 on all threads, and consume for each, one at a time and in order; at
    /// most slots() pieces are under way. An exception from either ends the work and is thrown on.
    virtual void for_each_ordered(std::size_t count, const Produce& produce, const Consume& consume) = 0;
};

/// On oneTBB, with `threads` threads (0: as many as the machine has).
std::unique_ptr<Executor> make_tbb_executor(std::size_t threads);
/// Version of the oneTBB in use: 2021.8.
std::string tbb_version();
/// On std::thread: the same results; ThreadSanitizer understands it.
std::unique_ptr<Executor> make_thread_executor(std::size_t threads);

}  // namespace volstorm
