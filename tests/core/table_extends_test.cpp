#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "volstorm/core/table.h"

using namespace volstorm;

namespace {

namespace fs = std::filesystem;

/// A folder of files that ends with the test.
class Folder {
 public:
    Folder() : path_(fs::temp_directory_path() / ("volstorm_extends_" + std::to_string(getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string put(const std::string& name, const std::string& text) const {
        const fs::path file = path_ / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        return file.string();
    }
    std::string name(const std::string& file) const { return (path_ / file).string(); }

 private:
    fs::path path_;
};

}  // namespace

TEST_CASE("later keys win, tables merge, arrays and values replace, places stay with their file") {
    const Folder folder;
    const std::string base = folder.put("base/calm.toml",
                                        "title = \"calm\"\n[market]\nspx = 5000.0\nvix = 14.0\nlevels = [1, 2, 3]\n"
                                        "[[layer]]\nname = \"first\"\nbudget = 0.1\n[[layer]]\nname = \"second\"\n");
    const std::string file = folder.put("fomc.toml",
                                        "extends = \"base/calm.toml\"\n[market]\nvix = 21.0\nlevels = [4]\n"
                                        "[[layer]]\nname = \"first\"\n[sampling]\nseed = 1\n");
    const Table root = Table::load(file);
    CHECK(root.text("title") == "calm");
    CHECK_FALSE(root.has("extends"));
    const Table market = root.table("market");
    CHECK(market.number("spx", kPositive) == 5000.0);
    CHECK(market.number("vix", kPositive) == 21.0);
    CHECK(market.numbers("levels", kAny) == std::vector{4.0});
    CHECK(market.source("spx").text() == base + ":3:7");
    CHECK(market.source("vix").text() == file + ":3:7");
    CHECK(market.source().text() == file + ":2:1");
    REQUIRE(root.tables("layer").size() == 1);
    CHECK_FALSE(root.tables("layer")[0].has("budget"));
    CHECK(root.table("sampling").integer("seed", 0, 9) == 1);
}

TEST_CASE("a wrong value in a base file is refused in the base file") {
    const Folder folder;
    const std::string base = folder.put("calm.toml", "[market]\n  spx = -5\nvxi = 3\n");
    const Table root = Table::load(folder.put("fomc.toml", "extends = 'calm.toml'\n[market]\nvix = 2\n"));
    const Table market = root.table("market");
    CHECK_THROWS_WITH(market.number("spx", kPositive), base + ":2:9: market.spx is -5, must be above 0");
    market.number("vix", kPositive);
    CHECK_THROWS_WITH(root.finish(), base + ":3:1: market.vxi is not a setting here (did you mean vix?)");
}

TEST_CASE("of many unknown keys the first in our own file is named") {
    const Folder folder;
    folder.put("a.toml", "zeta = 1\n");
    const std::string file = folder.put("b.toml", "extends = 'a.toml'\n\n[t]\nx = 1\n[s]\ny = 1\n");
    CHECK_THROWS_WITH(Table::load(file).finish(), file + ":3:2: t is not a setting here");
}

TEST_CASE("a base file is parsed with its own name in messages") {
    const Folder folder;
    const std::string base = folder.put("calm.toml", "a = 1\n[!]\n");
    CHECK_THROWS_WITH(Table::load(folder.put("fomc.toml", "extends = 'calm.toml'\n")),
                      Catch::Matchers::StartsWith(base + ":2:2: a table header needs a name"));
}

TEST_CASE("circles are refused with their chain, at the extends that closes them") {
    const Folder folder;
    const std::string a = folder.put("a.toml", "extends = 'sub/b.toml'\n");
    const std::string b = folder.put("sub/b.toml", "x = 1\nextends = '../a.toml'\n");
    CHECK_THROWS_WITH(Table::load(a), b + ":2:11: extends goes in a circle: " + a + " -> " + b + " -> " + a);
    const std::string self = folder.put("self.toml", "extends = 'self.toml'\n");
    CHECK_THROWS_WITH(Table::load(self), self + ":1:11: extends goes in a circle: " + self + " -> " + self);
}

TEST_CASE("eight base files deep is allowed, nine is not") {
    const Folder folder;
    folder.put("0.toml", "x = 1\n");
    for (int i = 1; i <= 9; ++i) {
        const std::string text = "extends = '" + std::to_string(i - 1) + ".toml'\n";
        folder.put(std::to_string(i) + ".toml", text);
    }
    CHECK(Table::load(folder.name("8.toml")).integer("x", 0, 9) == 1);
    CHECK_THROWS_WITH(
        Table::load(folder.name("9.toml")),
        Catch::Matchers::StartsWith(folder.name("1.toml") + ":1:11: extends goes more than 8 files deep"));
}

TEST_CASE("a file is looked for beside the file that names it") {
    const Folder folder;
    folder.put("base/history.csv", "date,spx,vix\n");
    folder.put("base/calm.toml", "[market]\nhistory = 'history.csv'\n");
    const std::string file = folder.put("fomc.toml", "extends = 'base/calm.toml'\n");
    CHECK(Table::load(file).table("market").file("history") == folder.name("base/history.csv"));
    const std::vector<std::string> overrides{"market.history=history.csv"};
    CHECK_THROWS_WITH(Table::load(file, overrides).table("market").file("history"),
                      "--set market.history=history.csv: market.history is \"history.csv\": no such file history.csv");
}
