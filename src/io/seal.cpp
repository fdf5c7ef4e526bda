#include "volstorm/io/seal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "volstorm/io/digest.h"
#include "volstorm/io/row_digests.h"

namespace volstorm {
namespace {

constexpr h5::Size kPiece = 1u << 18;        // numbers read at a time: whole chunks
constexpr h5::Size kSmallBytes = 64 * 1024;  // of a dataset that the content digest takes in

using Use = std::function<void(const h5::Slab& box, std::span<const std::byte> numbers)>;

void add(Digest& digest, const h5::Attribute& value) {
    digest.number(value.index());
    if (const auto* text = std::get_if<std::string>(&value)) digest.text(*text);
    if (const auto* number = std::get_if<double>(&value)) digest.number(std::bit_cast<std::uint64_t>(*number));
    if (const auto* integer = std::get_if<std::int64_t>(&value)) digest.number(static_cast<std::uint64_t>(*integer));
    if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
        digest.number(numbers->size()).bytes(std::as_bytes(std::span(*numbers)));
    }
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&value)) {
        digest.number(integers->size()).bytes(std::as_bytes(std::span(*integers)));
    }
}

void add_attributes(Digest& digest, const h5::File& file, const std::string& path) {
    for (const auto& [name, value] : file.attributes(path)) {
        if (path == "/" && (name == "digest" || name == "full_digest")) continue;
        digest.text(name);
        add(digest, value);
    }
}

/// Reads a box in the order of C arrays, in pieces: along `axis`, before which each count is 1.
template <class T>
void read_box(const h5::File& file, const std::string& path, const h5::Slab& box, std::size_t axis, const Use& use) {
    h5::Size below = 1;
    for (std::size_t i = axis + 1; i < box.count.size(); ++i) below *= box.count[i];
    const h5::Size step = below > kPiece ? 1 : kPiece / below;
    std::vector<T> numbers;
    for (h5::Size i = 0; i < box.count[axis]; i += step) {
        h5::Slab piece = box;
        piece.offset[axis] += i;
        piece.count[axis] = std::min(step, box.count[axis] - i);
        if (below > kPiece) {
            read_box<T>(file, path, piece, axis + 1, use);
            continue;
        }
        numbers.resize(piece.count[axis] * below);
        file.read(path, piece, numbers);
        use(piece, std::as_bytes(std::span(numbers)));
    }
}

template <class T>
void read_numbers(const h5::File& file, const h5::Object& object, const Use& use) {
    if (!object.shape.empty()) {
        const std::vector<h5::Size> origin(object.shape.size(), 0);
        return read_box<T>(file, object.path, {origin, object.shape}, 0, use);
    }
    std::array<T, 1> one{};
    file.read(object.path, one);
    use({}, std::as_bytes(std::span(one)));
}

void read_numbers(const h5::File& file, const h5::Object& object, const Use& use) {
    switch (object.type) {
        case h5::Type::float32:
            return read_numbers<float>(file, object, use);
        case h5::Type::float64:
            return read_numbers<double>(file, object, use);
        case h5::Type::int32:
            return read_numbers<std::int32_t>(file, object, use);
        case h5::Type::int64:
            return read_numbers<std::int64_t>(file, object, use);
        case h5::Type::uint8:
            return read_numbers<std::uint8_t>(file, object, use);
        case h5::Type::text:
            return;
    }
}

void add_values(Digest& digest, const h5::File& file, const h5::Object& object) {
    if (object.type == h5::Type::text) {
        for (const std::string& word : file.read_text(object.path)) digest.text(word);
    } else {
        read_numbers(file, object, [&](const h5::Slab&, std::span<const std::byte> numbers) { digest.bytes(numbers); });
    }
}

/// Numbers that the content digest leaves to the full digest.
bool is_bulk(const h5::Object& object) {
    return object.kind == h5::Object::Kind::dataset && object.type != h5::Type::text &&
           object.size() > kSmallBytes / h5::size_of(object.type);
}

RowDigests read_rows(const h5::File& file, const h5::Object& object) {
    RowDigests rows(object.shape);
    read_numbers(file, object,
                 [&](const h5::Slab& box, std::span<const std::byte> numbers) { rows.add(box, numbers); });
    return rows;
}

void add_rows(Digest& digest, const RowDigests& rows) { digest.bytes(std::as_bytes(rows.hashes())); }

std::string full_digest(const h5::File& file, const std::string& content) {
    Digest digest;
    digest.text(content);
    for (const h5::Object& object : file.objects()) {
        if (!is_bulk(object)) continue;
        digest.text(object.path);
        if (const RowDigests* written = file.written_rows(object.path)) {
            add_rows(digest, *written);
        } else {
            add_rows(digest, read_rows(file, object));
        }
    }
    return digest.hex();
}

void compare(const h5::File& file, const std::string& name, const std::string& found) {
    const std::string stored = file.attribute<std::string>("/", name);
    if (stored != found) file.refuse("its " + name + " is " + found + " and should be " + stored);
}

}  // namespace

std::string content_digest(const h5::File& file) {
    Digest digest;
    add_attributes(digest, file, "/");
    for (const h5::Object& object : file.objects()) {
        digest.text(object.path).number(static_cast<std::uint64_t>(object.kind)).text(h5::name_of(object.type));
        for (const h5::Size length : object.shape) digest.number(length);
        for (const std::string& dim : object.dims) digest.text(dim);
        add_attributes(digest, file, object.path);
        if (object.kind == h5::Object::Kind::dataset && !is_bulk(object)) add_values(digest, file, object);
    }
    return digest.hex();
}

std::string full_digest(const h5::File& file) { return full_digest(file, content_digest(file)); }

void seal(h5::File& file) {
    const std::string content = content_digest(file);
    file.set_attribute("/", "digest", content);
    file.set_attribute("/", "full_digest", full_digest(file, content));
}

void check_digest(const h5::File& file) { compare(file, "digest", content_digest(file)); }
void check_full_digest(const h5::File& file) {
    const std::string content = content_digest(file);
    compare(file, "digest", content);
    compare(file, "full_digest", full_digest(file, content));
}

}  // namespace volstorm
