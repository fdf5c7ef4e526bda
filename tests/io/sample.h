#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "volstorm/io/h5.h"
#include "volstorm/io/seal.h"

namespace volstorm {

inline constexpr h5::Size kSamplePaths = 20'000;

/// Numbers with many different bits.
template <class T>
std::vector<T> sample_numbers(std::size_t count, double scale) {
    std::vector<T> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<T>(scale * static_cast<double>(i * i % 9973));
    return result;
}

/// A small result file with every feature: dimensions, coordinates, groups, all types, texts and attributes.
inline h5::File sample_file(const std::filesystem::path& path, bool archive = false) {
    h5::File file = h5::File::create(path, archive);
    file.set_attribute("/", "title", std::string("Condor sold before an FOMC decision, Δ 0.15"));
    file.set_attribute("/", "scenario", std::string(3000, 's'));
    file.set_attribute("/", "seed", std::int64_t{20250617});
    file.set_attribute("/", "equity", 1e5);
    file.set_attribute("/", "shares", std::vector<double>{0.25, 0.5, 0.25});
    file.dimension("path", kSamplePaths, "simulated path");
    file.dimension("layer", 2, "hedge layer");
    file.coordinate("strategy", std::vector<std::string>{"unhedged", "+first", "+zweite Größe"}, "book");
    file.coordinate("level", std::vector<double>{0.95, 0.975, 0.99}, "1", "level of VaR and ES");
    file.coordinate("bar", std::vector<std::int64_t>{0, 1, 2, 3}, "1", "bar after entry");
    file.dataset("/paths/pnl", {h5::Type::float32, {"strategy", "path"}, "USD", "profit and loss"});
    file.write("/paths/pnl", sample_numbers<float>(3 * kSamplePaths, -1.25));
    file.dataset("/paths/opened", {h5::Type::int32, {"layer", "path"}, "1", "bar of opening, or -1"});
    file.write("/paths/opened", sample_numbers<std::int32_t>(2 * kSamplePaths, 1.0));
    file.dataset("/paths/breach",
                 {h5::Type::uint8, {"path"}, "1", "side of the breach", {}, {0, 1, 2}, "none down up"});
    file.write("/paths/breach", std::vector<std::uint8_t>(kSamplePaths, 2));
    file.dataset("/summary/expected_shortfall",
                 {h5::Type::float64, {"strategy", "level"}, "USD", "expected shortfall"});
    file.write("/summary/expected_shortfall", sample_numbers<double>(9, 100.1));
    file.dataset("/summary/paths", {h5::Type::int64, {}, "1", "paths simulated"});
    file.write("/summary/paths", std::vector<std::int64_t>{20'000});
    file.dataset("/scenario/files", {h5::Type::text, {"layer"}, "", "files read"});
    file.write_text("/scenario/files", std::vector<std::string>{"calm.toml", ""});
    file.dataset("/scenario/toml", {h5::Type::text, {}, "", "effective scenario"});
    file.write_text("/scenario/toml", std::vector<std::string>{"title = \"a\"\npaths = 20000\n"});
    return file;
}

}  // namespace volstorm
