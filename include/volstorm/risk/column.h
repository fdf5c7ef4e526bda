#pragma once
#include <cstdint>
#include <functional>
#include <span>

namespace volstorm {

/// One number for each path, as stored in a result file: P&L in dollars, a simple return, a code. It may have more
/// entries than memory holds, and may be read several times. Small whole numbers (codes) are exact in float32.
class Column {
 public:
    using Visitor = std::function<void(std::uint64_t first, std::span<const float> values)>;

    virtual ~Column() = default;
    virtual std::uint64_t size() const = 0;

    /// Copies the entries from `first` on into `out`; first + out.size() is at most size().
    virtual void read(std::uint64_t first, std::span<float> out) const = 0;

    /// Shows the whole column in order, piece by piece. A source may choose its own pieces: no result depends on them.
    virtual void for_each_chunk(const Visitor& visit) const;
};

inline constexpr std::uint64_t kColumnChunk = 65'536;  // entries read at a time: 256 kB, a chunk of the result file

/// Numbers that are already in memory and outlive the column.
class MemoryColumn final : public Column {
 public:
    explicit MemoryColumn(std::span<const float> values) : values_(values) {}
    std::uint64_t size() const override { return values_.size(); }
    void read(std::uint64_t first, std::span<float> out) const override;
    void for_each_chunk(const Visitor& visit) const override;

 private:
    std::span<const float> values_;
};

/// Shows two columns side by side in order; throws std::invalid_argument where their sizes differ.
void for_each_pair(
    const Column& a, const Column& b,
    const std::function<void(std::uint64_t first, std::span<const float>, std::span<const float>)>& visit);

/// Throws std::invalid_argument naming the first entry that is infinite or not a number.
void require_finite(std::uint64_t first, std::span<const float> values);

/// Throws std::invalid_argument for a column without entries.
void require_entries(const Column& column);

}  // namespace volstorm
