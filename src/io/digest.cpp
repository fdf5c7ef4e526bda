#include "volstorm/io/digest.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>
#include <vector>

#include "volstorm/core/error.h"

namespace volstorm {
namespace {

constexpr h5::Size kPiece = 1u << 18;        // numbers hashed at a time: whole chunks
constexpr h5::Size kSmallBytes = 64 * 1024;  // of a dataset that the content digest takes in

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

/// Hashes the numbers of a box in the order of C arrays, in pieces: along `axis`, before which each count is 1.
template <class T>
void add_box(Digest& digest, const h5::File& file, const std::string& path, const h5::Slab& box, std::size_t axis) {
    h5::Size below = 1;
    for (std::size_t i = axis + 1; i < box.count.size(); ++i) below *= box.count[i];
    const h5::Size step = below > kPiece ? 1 : kPiece / below;
    std::vector<T> numbers;
    for (h5::Size i = 0; i < box.count[axis]; i += step) {
        h5::Slab piece = box;
        piece.offset[axis] += i;
        piece.count[axis] = std::min(step, box.count[axis] - i);
        if (below > kPiece) {
            add_box<T>(digest, file, path, piece, axis + 1);
            continue;
        }
        numbers.resize(piece.count[axis] * below);
        file.read(path, piece, numbers);
        digest.bytes(std::as_bytes(std::span(numbers)));
    }
}

template <class T>
void add_numbers(Digest& digest, const h5::File& file, const h5::Object& object) {
    if (!object.shape.empty()) {
        const std::vector<h5::Size> origin(object.shape.size(), 0);
        return add_box<T>(digest, file, object.path, {origin, object.shape}, 0);
    }
    std::array<T, 1> one{};
    file.read(object.path, one);
    digest.bytes(std::as_bytes(std::span(one)));
}

void add_values(Digest& digest, const h5::File& file, const h5::Object& object) {
    switch (object.type) {
        case h5::Type::float32:
            return add_numbers<float>(digest, file, object);
        case h5::Type::float64:
            return add_numbers<double>(digest, file, object);
        case h5::Type::int32:
            return add_numbers<std::int32_t>(digest, file, object);
        case h5::Type::int64:
            return add_numbers<std::int64_t>(digest, file, object);
        case h5::Type::uint8:
            return add_numbers<std::uint8_t>(digest, file, object);
        case h5::Type::text:
            break;
    }
    for (const std::string& word : file.read_text(object.path)) digest.text(word);
}

std::string digest_of(const h5::File& file, h5::Size largest_bytes) {
    Digest digest;
    add_attributes(digest, file, "/");
    for (const h5::Object& object : file.objects()) {
        digest.text(object.path).number(static_cast<std::uint64_t>(object.kind)).text(h5::name_of(object.type));
        for (const h5::Size length : object.shape) digest.number(length);
        for (const std::string& dim : object.dims) digest.text(dim);
        add_attributes(digest, file, object.path);
        const bool whole = object.size() <= largest_bytes / std::max<h5::Size>(h5::size_of(object.type), 1);
        if (object.kind == h5::Object::Kind::dataset && (whole || object.type == h5::Type::text)) {
            add_values(digest, file, object);
        }
    }
    return digest.hex();
}

void compare(const h5::File& file, const std::string& name, const std::string& found) {
    const std::string stored = file.attribute<std::string>("/", name);
    if (stored != found) file.refuse("its " + name + " is " + found + " and should be " + stored);
}

}  // namespace

struct Digest::State {
    XXH3_state_t* xxh = XXH3_createState();
    ~State() { XXH3_freeState(xxh); }
};

Digest::Digest() : state_(std::make_unique<State>()) {
    if (state_->xxh == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state_->xxh);
}
Digest::~Digest() = default;

Digest& Digest::bytes(std::span<const std::byte> data) {
    XXH3_128bits_update(state_->xxh, data.data(), data.size());
    return *this;
}

Digest& Digest::number(std::uint64_t value) {
    std::array<std::byte, 8> data{};
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(value >> (8 * i) & 0xff);
    return bytes(data);
}

Digest& Digest::text(std::string_view text) { return number(text.size()).bytes(std::as_bytes(std::span(text))); }

std::uint64_t Digest::low_half() const { return XXH3_128bits_digest(state_->xxh).low64; }

std::string Digest::hex() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_->xxh));
    std::string text;
    for (const unsigned char byte : canonical.digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string content_digest(const h5::File& file) { return digest_of(file, kSmallBytes); }
std::string full_digest(const h5::File& file) { return digest_of(file, ~h5::Size{0}); }

void seal(h5::File& file) {
    file.set_attribute("/", "digest", content_digest(file));
    file.set_attribute("/", "full_digest", full_digest(file));
}

void check_digest(const h5::File& file) { compare(file, "digest", content_digest(file)); }
void check_full_digest(const h5::File& file) {
    check_digest(file);
    compare(file, "full_digest", full_digest(file));
}

}  // namespace volstorm
