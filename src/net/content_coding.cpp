#include "net/content_coding.hpp"

#include <array>

#include <zlib.h>

namespace janus::net {
namespace {

constexpr int window_bits_of_any_header = 15 + 32;  // zlib and gzip headers are told apart.

/// An inflater that is always cleaned up.
class Inflater {
 public:
    Inflater() { ready_ = ::inflateInit2(&stream_, window_bits_of_any_header) == Z_OK; }
    ~Inflater() {
        if (ready_) ::inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Result<std::string> run(std::string& body, std::size_t size_max) {
        std::string plain;
        std::array<char, 32U << 10U> chunk{};
        stream_.next_in = reinterpret_cast<Bytef*>(body.data());
        stream_.avail_in = static_cast<uInt>(body.size());
        int status = ready_ ? Z_OK : Z_MEM_ERROR;
        while (status == Z_OK) {
            stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
            stream_.avail_out = static_cast<uInt>(chunk.size());
            status = ::inflate(&stream_, Z_NO_FLUSH);
            plain.append(chunk.data(), chunk.size() - stream_.avail_out);
            if (plain.size() > size_max)
                return fail(ErrorCode::Malformed, "the decompressed body exceeds {} bytes",
                            size_max);
        }
        if (status == Z_STREAM_END) return plain;
        return fail(ErrorCode::Malformed, "the compressed body is broken");
    }

 private:
    z_stream stream_{};
    bool ready_{false};
};

}  // namespace

Result<std::string> decode_content(std::string_view coding, std::string body,
                                   std::size_t size_max) {
    if (coding.empty() || coding == "identity" || body.empty()) return body;
    if (coding != "gzip" && coding != "x-gzip" && coding != "deflate")
        return fail(ErrorCode::Malformed, "content coding '{}' is not known", coding.substr(0, 40));
    return Inflater().run(body, size_max);
}

}  // namespace janus::net
