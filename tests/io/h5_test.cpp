#include "volstorm/io/h5.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <numeric>
#include <thread>

#include "core/temporary_folder.h"
#include "io/sample.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;
using h5::File;
using h5::Type;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void overwrite(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// `count` values of one type, written and read back.
template <class T>
std::vector<T> round_trip(const std::filesystem::path& path, bool archive, const std::vector<T>& values) {
    File file = File::create(path, archive);
    file.dimension("x", values.size(), "place");
    file.dataset("/a/b/values", {h5::type_of<T>(), {"x"}, "1", "values"});
    file.write("/a/b/values", values);
    file.close();
    return File::open(path).values<T>("/a/b/values");
}

}  // namespace

TEMPLATE_TEST_CASE("numbers of every type come back to the bit", "", float, double, std::int32_t, std::int64_t,
                   std::uint8_t) {
    const TemporaryFolder folder;
    const std::vector<TestType> values = sample_numbers<TestType>(70'001, 1.7);  // more than one chunk
    CHECK(round_trip(folder / "plain.h5", false, values) == values);
    CHECK(round_trip(folder / "archive.h5", true, values) == values);
    CHECK(std::filesystem::file_size(folder / "archive.h5") < std::filesystem::file_size(folder / "plain.h5"));
}

TEST_CASE("text, single values and attributes come back as written") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    const File file = File::open(folder / "a.h5");
    CHECK(file.read_text("/strategy") == std::vector<std::string>{"unhedged", "+first", "+zweite Größe"});
    CHECK(file.read_text("/scenario/files") == std::vector<std::string>{"calm.toml", ""});
    CHECK(file.values<std::int64_t>("/summary/paths") == std::vector<std::int64_t>{20'000});
    CHECK(file.attribute<std::string>("/", "scenario") == std::string(3000, 's'));
    CHECK(file.attribute<std::int64_t>("/", "seed") == 20250617);
    CHECK(file.attribute<double>("/", "equity") == 1e5);
    CHECK(file.attribute<std::vector<double>>("/", "shares") == std::vector<double>{0.25, 0.5, 0.25});
    CHECK(file.attribute<std::vector<std::int64_t>>("/paths/breach", "flag_values") ==
          std::vector<std::int64_t>{0, 1, 2});
    CHECK(file.attribute<std::string>("/paths/breach", "flag_meanings") == "none down up");
    CHECK(file.attribute<std::string>("/paths/pnl", "units") == "USD");
    CHECK(file.attributes("/level").size() == 2);  // units and long_name, none of HDF5's own
    CHECK(file.has("/paths/pnl"));
    CHECK_FALSE(file.has("/nowhere/pnl"));
    CHECK_FALSE(file.has_attribute("/", "units"));
}

TEST_CASE("a file lists its groups, dimensions and datasets with shapes and types") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    const std::vector<h5::Object> objects = File::open(folder / "a.h5").objects();
    std::vector<std::string> paths;
    for (const h5::Object& object : objects) paths.push_back(object.path);
    CHECK(paths == std::vector<std::string>{"/bar", "/layer", "/level", "/path", "/paths", "/paths/breach",
                                            "/paths/opened", "/paths/pnl", "/scenario", "/scenario/files",
                                            "/scenario/toml", "/strategy", "/summary", "/summary/expected_shortfall",
                                            "/summary/paths"});
    const h5::Object& pnl = objects[7];
    CHECK(pnl.type == Type::float32);
    CHECK(pnl.shape == std::vector<h5::Size>{3, kSamplePaths});
    CHECK(pnl.dims == std::vector<std::string>{"strategy", "path"});
    CHECK(objects[3].kind == h5::Object::Kind::dimension);
    CHECK(objects[3].shape == std::vector<h5::Size>{kSamplePaths});
    CHECK(objects[4].kind == h5::Object::Kind::group);
    CHECK(objects[14].shape.empty());
}

TEST_CASE("boxes may be written in any order and of any size") {
    const TemporaryFolder folder;
    const h5::Size rows = 3, columns = 10'000;
    std::vector<float> all(rows * columns);
    std::iota(all.begin(), all.end(), 1.0f);
    File file = File::create(folder / "a.h5");
    file.dimension("row", rows, "row");
    file.dimension("path", columns, "path");
    file.dataset("/x", {Type::float32, {"row", "path"}, "1", "x", {1, 4096}});
    for (h5::Size i = 0; i < 20; ++i) {
        const h5::Size block = (7 * i + 3) % 20;  // each of 0..19 once
        for (h5::Size row = rows; row-- > 0;) {
            const float* from = all.data() + row * columns + block * 500;
            file.write("/x", {{row, block * 500}, {1, 500}}, std::span(from, 500));
        }
    }
    file.close();
    const File back = File::open(folder / "a.h5");
    CHECK(back.values<float>("/x") == all);
    std::vector<double> part(6);  // wider than what is stored
    back.read("/x", {{1, 9'998}, {2, 2}}, std::span(part).first(4));
    CHECK(part == std::vector<double>{19'999, 20'000, 29'999, 30'000, 0, 0});
}

TEST_CASE("numbers are read into a wider type and never into a narrower one") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    const File file = File::open(folder / "a.h5");
    CHECK(file.values<std::int64_t>("/paths/breach").at(5) == 2);
    CHECK(file.values<double>("/paths/pnl").at(3) == Approx(-11.25));
    CHECK_THROWS_WITH(file.values<float>("/level"), Contains("/level: holds float64, not float32"));
    CHECK_THROWS_AS(file.values<double>("/paths/opened"), DamagedFile);
    CHECK_THROWS_WITH(file.values<double>("/paths/loss"), Contains("/paths/loss is missing"));
    CHECK_THROWS_WITH(file.attribute<double>("/", "title"), Contains("attribute title has another type"));
    CHECK_THROWS_WITH(file.attribute<double>("/", "titel"), Contains("attribute titel is missing"));
}

TEST_CASE("calls that do not fit the file are refused") {
    const TemporaryFolder folder;
    File file = sample_file(folder / "a.h5");
    CHECK_THROWS_AS(file.write("/level", std::vector<float>(3)), std::invalid_argument);
    CHECK_THROWS_AS(file.write("/level", std::vector<double>(4)), std::invalid_argument);
    CHECK_THROWS_AS(file.write("/level", {{1}, {3}}, std::vector<double>(3)), std::invalid_argument);
    CHECK_THROWS_AS(file.dataset("/y", {Type::float32, {"place"}, "1", "y"}), std::invalid_argument);
    CHECK_THROWS_AS(file.dataset("/y", {Type::float32, {"path"}, "", "y"}), std::invalid_argument);
    CHECK_THROWS_AS(file.dataset("/y", {Type::float32, {"path"}, "1", ""}), std::invalid_argument);
    CHECK_THROWS_AS(file.dimension("none", 0, "nothing"), std::invalid_argument);
    CHECK_THROWS_AS(file.set_attribute("/", "a", std::string("a\0b", 3)), std::invalid_argument);
    CHECK_THROWS_WITH(File::create(folder / "a.h5"), Contains("file exists"));
    CHECK_THROWS_AS(File::create(folder / "nowhere" / "a.h5"), IoError);
    file.close();
    CHECK_THROWS_AS(file.values<double>("/level"), std::invalid_argument);
    File back = File::open(folder / "a.h5");
    CHECK_THROWS_AS(back.set_attribute("/", "a", 1.0), std::invalid_argument);
}

TEST_CASE("equal contents make equal bytes, whenever they are written") {
    const TemporaryFolder folder;
    for (const char* name : {"a.h5", "b.h5"}) {
        File file = sample_file(folder / name);
        seal(file);
        file.close();
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // HDF5 keeps times in seconds
    }
    CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
}

TEST_CASE("a file whose superblock is not ours never reaches the library") {
    const TemporaryFolder folder;
    sample_file(folder / "a.h5").close();
    const std::string good = bytes_of(folder / "a.h5");
    const auto message = [&](const std::string& bytes) -> std::string {
        overwrite(folder / "b.h5", bytes);
        try {
            File::open(folder / "b.h5");
        } catch (const DamagedFile& error) {
            return error.what();
        }
        return "opened";
    };
    const auto changed = [&](std::size_t at, char value) {
        std::string bytes = good;
        bytes[at] = value;
        return message(bytes);
    };
    CHECK(message(good) == "opened");
    CHECK_THAT(message(""), Contains("is not an HDF5 file"));
    CHECK_THAT(changed(1, 'h'), Contains("is not an HDF5 file"));
    CHECK_THAT(changed(8, 0), Contains("its HDF5 superblock has version 0, not 3"));
    CHECK_THAT(changed(11, 1), Contains("it was never closed"));
    CHECK_THAT(changed(12, 1), Contains("none of ours"));
    CHECK_THAT(changed(44, 1), Contains("is damaged"));  // the superblock's checksum
    CHECK_THAT(message(good.substr(0, good.size() - 1)), Contains("bytes and should have"));
    CHECK_THAT(message(good + "x"), Contains("bytes and should have"));
    CHECK_THROWS_WITH(File::open(folder / "none.h5"), Contains("No such file"));
    CHECK_THROWS_AS(File::open(folder.path()), IoError);
}

TEST_CASE("a column that was not wholly written is no column") {
    const TemporaryFolder folder;
    File file = File::create(folder / "a.h5");
    file.dimension("path", 100'000, "path");
    file.dataset("/x", {Type::float32, {"path"}, "1", "x"});
    file.write("/x", {{0}, {65'536}}, std::vector<float>(65'536));
    file.close();
    CHECK_THROWS_WITH(File::open(folder / "a.h5"), Contains("/x: not all of its numbers were written"));
}
