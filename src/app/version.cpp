#include <fmt/format.h>

#include <boost/version.hpp>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "build_info.h"
#include "build_stamp.h"
#include "command.h"
#include "print.h"
#include "volstorm/engine/executor.h"
#include "volstorm/io/h5.h"
#include "volstorm/io/result_file.h"

namespace volstorm {
namespace {

std::string instruction_set() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) return "x86-64-v4 (AVX-512)";
    if (__builtin_cpu_supports("avx2")) return "x86-64-v3 (AVX2)";
    return "x86-64 (SSE2)";
#else
    return "portable";
#endif
}

}  // namespace

BuildInfo build_info() {
#if defined(__clang__)
    const std::string compiler = fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    const std::string compiler = fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
    return {VOLSTORM_VERSION,
            VOLSTORM_GIT_COMMIT,
            compiler,
            VOLSTORM_BUILD_FLAGS,
            instruction_set(),
            fmt::format("HDF5 {}, oneTBB {}, Boost {}.{}", h5::library_version(), tbb_version(), BOOST_VERSION / 100000,
                        BOOST_VERSION / 100 % 1000)};
}

std::string utc_now() {
    std::time_t now = std::time(nullptr);
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"))
        now = static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10));
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

Exit version_command(bool json) {
    const BuildInfo info = build_info();
    if (!json) {
        say("volstorm {} ({})\n", info.version, info.commit);
        return Exit::ok;
    }
    const nlohmann::ordered_json document = {
        {"program", "volstorm"},
        {"version", info.version},
        {"git", info.commit},
        {"compiler", info.compiler},
        {"build", info.flags},
        {"instruction_set", info.instruction_set},
        {"libraries", info.libraries},
        {"format_version", kFormatVersion},
        {"random_numbers", "Threefry4x32: 12 rounds for the diffusion, 20 for the rest"}};
    say("{}\n", document.dump(2));
    return Exit::ok;
}

}  // namespace volstorm
