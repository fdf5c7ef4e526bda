#include "stored_results.h"

#include <map>
#include <vector>

namespace volstorm {
namespace {

class StoredColumn final : public Column {
 public:
    StoredColumn(const h5::File& file, std::string path, std::size_t row)
        : file_(file), path_(std::move(path)), object_(file.object(path_)), row_(row) {}

    std::uint64_t size() const override { return object_.shape.back(); }

    void read(std::uint64_t first, std::span<float> out) const override {
        h5::Slab slab{{first}, {out.size()}};
        if (object_.shape.size() == 2) slab = {{row_, first}, {1, out.size()}};
        switch (object_.type) {
            case h5::Type::uint8:
                return convert<std::uint8_t>(slab, out);
            case h5::Type::int32:
                return convert<std::int32_t>(slab, out);
            default:
                file_.read(path_, slab, out);
        }
    }

 private:
    template <class T>
    void convert(const h5::Slab& slab, std::span<float> out) const {
        std::vector<T> codes(out.size());
        file_.read(path_, slab, codes);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(codes[i]);
    }
    const h5::File& file_;
    std::string path_;
    h5::Object object_;
    std::size_t row_;
};

class StoredResults final : public PathResults {
 public:
    explicit StoredResults(const h5::File& file) : file_(file) {}
    std::uint64_t paths() const override { return column("spx_return", 0).size(); }
    const Column& column(const std::string& name, std::size_t row) const override {
        auto& place = columns_[{name, row}];
        if (!place) place = std::make_unique<StoredColumn>(file_, "/paths/" + name, row);
        return *place;
    }

 private:
    const h5::File& file_;
    mutable std::map<std::pair<std::string, std::size_t>, std::unique_ptr<StoredColumn>> columns_;
};

}  // namespace

std::unique_ptr<PathResults> stored_results(const h5::File& file) { return std::make_unique<StoredResults>(file); }

}  // namespace volstorm
