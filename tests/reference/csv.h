#pragma once
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

/// Stored reference figures: comma-separated, `#` begins a comment line, the first other line names the columns.
namespace reference {

class Row {
 public:
    explicit Row(std::map<std::string, std::string> cells) : cells_(std::move(cells)) {}
    const std::string& text(const std::string& column) const { return cells_.at(column); }
    double number(const std::string& column) const { return std::stod(text(column)); }

 private:
    std::map<std::string, std::string> cells_;
};

inline std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
}

inline std::vector<Row> read_csv(const std::string& name) {
    std::ifstream file(std::string(VOLSTORM_TEST_DATA) + "/" + name);
    if (!file) throw std::runtime_error("no reference file " + name);
    std::vector<std::string> header;
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        const std::vector<std::string> cells = split(line);
        if (header.empty()) {
            header = cells;
            continue;
        }
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = cells.at(i);
        rows.emplace_back(std::move(row));
    }
    return rows;
}

}  // namespace reference
