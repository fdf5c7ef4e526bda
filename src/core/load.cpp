// Files, and the files that they extend.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "tree.h"
#include "volstorm/core/text.h"

namespace volstorm::tree {

namespace {

namespace fs = std::filesystem;
constexpr std::size_t kDeepestExtends = 8;
constexpr std::size_t kReadAtMost = (std::size_t{1} << 20) + 1;  // bytes; prescan() refuses more than 1 MiB

using Chain = std::vector<std::string>;  // the files being read, each extending the next

Node load_chain(std::string_view text, const Chain& chain);

/// The file, open for reading; what is no ordinary file is not opened, for a pipe would keep us waiting.
class OpenFile {
 public:
    explicit OpenFile(const std::string& file) : value_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (value_ >= 0) ::close(value_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    bool good() const { return value_ >= 0; }
    /// At most kReadAtMost bytes; nothing, with errno, where the system refuses.
    std::optional<std::string> text() const {
        std::string text(kReadAtMost, '\0');
        std::size_t size = 0;
        while (size < text.size()) {
            const ssize_t count = ::read(value_, text.data() + size, text.size() - size);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return std::nullopt;
            if (count == 0) break;
            size += static_cast<std::size_t>(count);
        }
        text.resize(size);
        return text;
    }

 private:
    int value_;
};

/// The text of a file; errors stand at `place` and begin with `prefix`.
std::string read_text(const std::string& file, const Source& place, const std::string& prefix) {
    const auto system_refuses = [&] {
        const std::string reason = std::generic_category().message(errno);
        throw IoError(place.text() + ": " + prefix + "cannot be read: " + reason);
    };
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) throw InputError(place, prefix + "no such file");
        system_refuses();
    }
    if (S_ISDIR(about.st_mode)) throw InputError(place, prefix + "a folder, not a file");
    if (!S_ISREG(about.st_mode)) throw InputError(place, prefix + "a pipe or device, not a file");
    const OpenFile in(file);
    if (!in.good()) system_refuses();
    std::optional<std::string> text = in.text();
    if (!text) system_refuses();
    return std::move(*text);
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
