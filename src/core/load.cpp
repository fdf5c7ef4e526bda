// Files, and the files that they extend.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm::tree {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kDeepestExtends = 8;
constexpr std::size_t kReadAtMost = (std::size_t{1} << 20) + 1;  // bytes; prescan() refuses more than 1 MiB

using Chain = std::vector<std::string>;  // the files being read, each extending the next

Node load_chain(std::string_view text, const Chain& chain);

/// The text of a file; errors stand at `place` and begin with `prefix`.
std::string read_text(const std::string& file, const Source& place, const std::string& prefix) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) throw InputError(place, prefix + "no such file");
    if (fs::is_directory(file, ignored)) throw InputError(place, prefix + "a folder, not a file");
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(place, prefix + "cannot be read");
    std::string text(kReadAtMost, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) throw InputError(place, prefix + "cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

bool same_file(const std::string& a, const std::string& b) {
    std::error_code ignored;
    return fs::weakly_canonical(a, ignored) == fs::weakly_canonical(b, ignored);
}

std::string circle(const Chain& chain, const std::string& again) {
    std::string names;
    for (const std::string& file : chain) names += printable(file) + " -> ";
    return names + printable(again);
}

/// The document that `extends`, a value of the last file of `chain`, names.
Node load_base(const Node& extends, Chain chain) {
    const auto* name = std::get_if<std::string>(&extends.value);
    if (!name) throw InputError(extends.place, "extends is " + kind_of(extends) + ", expected a file name in quotes");
    if (name->empty() || name->find('\0') != std::string::npos)
        throw InputError(extends.place, "extends is not a file name");
    const std::string file = (fs::path(chain.back()).parent_path() / *name).lexically_normal().string();
    if (std::ranges::any_of(chain, [&](const std::string& f) { return same_file(f, file); }))
        throw InputError(extends.place, "extends goes in a circle: " + circle(chain, file));
    if (chain.size() > kDeepestExtends)
        throw InputError(extends.place, "extends goes more than 8 files deep: " + circle(chain, file));
    const std::string text = read_text(file, extends.place, "extends " + printable(file) + ": ");
    chain.push_back(file);
    return load_chain(text, chain);
}

Node load_chain(std::string_view text, const Chain& chain) {
    Node root = parse(text, chain.back());
    const auto extends = std::ranges::find(*root.members(), "extends", &Member::key);
    if (extends == root.members()->end()) return root;
    Node base = load_base(extends->value, chain);
    root.members()->erase(extends);
    merge(base, std::move(root));
    return base;
}

}  // namespace

Node load(const std::string& file) { return load_chain(read_text(file, {file}, ""), {file}); }

Node load(std::string_view text, const std::string& file) { return load_chain(text, {file}); }

}  // namespace volstorm::tree
