#include "volstorm/engine/executor.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>
#include <tbb/version.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace volstorm {
namespace {

std::size_t at_least_one(std::size_t threads) {
    return threads > 0 ? threads : std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

class TbbExecutor final : public Executor {
 public:
    explicit TbbExecutor(std::size_t threads)
        : threads_(threads),
          limit_(tbb::global_control::max_allowed_parallelism, std::max(threads, at_least_one(0))),
          arena_(static_cast<int>(threads)) {}
    std::size_t threads() const override { return threads_; }

    void for_each_ordered(std::size_t count, const Produce& produce, const Consume& consume) override {
        std::size_t next = 0;
        arena_.execute([&] {
            tbb::parallel_pipeline(
                slots(),
                tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order,
                                                    [&](tbb::flow_control& control) -> std::size_t {
                                                        if (next == count) control.stop();
                                                        return next < count ? next++ : 0;
                                                    }) &
                    tbb::make_filter<std::size_t, std::size_t>(
                        tbb::filter_mode::parallel,
                        [&](std::size_t piece) {
                            const int worker = tbb::this_task_arena::current_thread_index();
                            produce(static_cast<std::size_t>(worker), piece % slots(), piece);
                            return piece;
                        }) &
                    tbb::make_filter<std::size_t, void>(tbb::filter_mode::serial_in_order,
                                                        [&](std::size_t piece) { consume(piece % slots(), piece); }));
        });
    }

 private:
    std::size_t threads_;
    tbb::global_control limit_;  // more threads than processors where asked for, without a warning of the library
    tbb::task_arena arena_;
};

class ThreadExecutor final : public Executor {
 public:
    explicit ThreadExecutor(std::size_t threads) : threads_(threads) {}
    std::size_t threads() const override { return threads_; }

    void for_each_ordered(std::size_t count, const Produce& produce, const Consume& consume) override {
        Work work{count, slots(), produce, consume};
        {
            std::vector<std::jthread> crew;  // joined at its end, even where the system starts no further thread
            for (std::size_t worker = 0; worker < threads_; ++worker) {
                crew.emplace_back([&work, worker] { work.run(worker); });
            }
        }
        if (work.failure) std::rethrow_exception(work.failure);
    }

 private:
    struct Work {
        std::size_t count, slots;
        const Produce& produce;
        const Consume& consume;
        std::mutex mutex{};
        std::condition_variable changed{};
        std::size_t next = 0, consumed = 0;
        std::exception_ptr failure{};

        void run(std::size_t worker) {
            for (;;) {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return failure || next == count || next < consumed + slots; });
                if (failure || next == count) return;
                const std::size_t piece = next++;
                lock.unlock();
                try {
                    produce(worker, piece % slots, piece);
                    lock.lock();
                    changed.wait(lock, [&] { return failure || consumed == piece; });
                    if (failure) return;
                    consume(piece % slots, piece);
                    ++consumed;
                } catch (...) {
                    if (!lock.owns_lock()) lock.lock();
                    if (!failure) failure = std::current_exception();
                }
                changed.notify_all();
            }
        }
    };
    std::size_t threads_;
};

}  // namespace

std::unique_ptr<Executor> make_tbb_executor(std::size_t threads) {
    return std::make_unique<TbbExecutor>(at_least_one(threads));
}

std::string tbb_version() { return std::to_string(TBB_VERSION_MAJOR) + "." + std::to_string(TBB_VERSION_MINOR); }

std::unique_ptr<Executor> make_thread_executor(std::size_t threads) {
    return std::make_unique<ThreadExecutor>(at_least_one(threads));
}

}  // namespace volstorm
