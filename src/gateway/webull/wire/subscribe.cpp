#include "gateway/webull/wire/subscribe.hpp"

#include <optional>

namespace janus::webull::wire {
namespace {

enum class WireType : std::uint32_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

class Writer {
 public:
    void number(std::uint32_t field, std::uint64_t value) {
        if (value == 0) return;
        tag(field, WireType::Varint);
        varint(value);
    }
    void text(std::uint32_t field, std::string_view value) {
        if (!value.empty()) element(field, value);
    }
    /// An element of a repeated field, written also when it is empty.
    void element(std::uint32_t field, std::string_view value) {
        tag(field, WireType::Bytes);
        varint(value.size());
        bytes_ += value;
    }
    std::string take() { return std::move(bytes_); }

 private:
    void tag(std::uint32_t field, WireType type) {
        varint(field << 3U | static_cast<std::uint32_t>(type));
    }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(value | 0x80U);
        bytes_ += static_cast<char>(value);
    }
    std::string bytes_;
};

/// One field as it stands in the bytes: a number, or a view of bytes.
struct Field {
    std::uint32_t number{0};
    WireType type{WireType::Varint};
    std::uint64_t value{0};
    std::string_view bytes;
};

/// Reads fields one after the other; remembers its first problem.
class Reader {
 public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {
        if (bytes.size() > stream_message_size_max) broken_ = "message is too long";
    }

    std::optional<Field> next() {
        if (broken_ != nullptr || rest_.empty()) return std::nullopt;
        const auto tag = varint();
        Field field{.number = static_cast<std::uint32_t>(tag >> 3U),
                    .type = static_cast<WireType>(tag & 7U),
                    .value = 0,
                    .bytes = {}};
        if (tag >> 32U != 0 || field.number == 0) broken_ = "field number is out of range";
        if (broken_ == nullptr) take_value(field);
        if (broken_ != nullptr) return std::nullopt;
        return field;
    }

    std::uint64_t number(const Field& field) {
        if (field.type != WireType::Varint) broken_ = "number was expected";
        return field.value;
    }
    std::string text(const Field& field) {
        if (field.type != WireType::Bytes) broken_ = "text was expected";
        return std::string(field.bytes);
    }

    template <typename T>
    Result<T> finish(T value, std::string_view what) {
        if (broken_ != nullptr) return fail(ErrorCode::Malformed, "{} broken: {}", what, broken_);
        return value;
    }

 private:
    void take_value(Field& field) {
        switch (field.type) {
            case WireType::Varint:
                field.value = varint();
                return;
            case WireType::Bytes:
                field.bytes = take(varint());
                return;
            case WireType::Fixed64:
                take(8);
                return;
            case WireType::Fixed32:
                take(4);
                return;
        }
        broken_ = "wire type is unknown";
    }

    std::string_view take(std::uint64_t size) {
        if (broken_ != nullptr || size > rest_.size()) {
            broken_ = "message ends too early";
            return {};
        }
        const auto out = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(out.size());
        return out;
    }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = take(1);
            if (byte.empty()) return 0;
            const auto bits = static_cast<unsigned char>(byte[0]);
            value |= static_cast<std::uint64_t>(bits & 0x7FU) << shift;
            if ((bits & 0x80U) == 0) return value;
        }
        broken_ = "number is too long";
        return 0;
    }

    std::string_view rest_;
    const char* broken_{nullptr};
};

}  // namespace

std::string encode(const SubscribeRequest& request) {
    Writer out;
    out.number(1, request.subscribe_type);
    out.number(2, static_cast<std::uint64_t>(request.timestamp));
    out.text(3, request.content_type);
    out.text(4, request.payload);
    for (const auto& account : request.accounts) out.element(5, account);
    return out.take();
}

std::string encode(const SubscribeResponse& response) {
    Writer out;
    out.number(1, response.event_type);
    out.number(2, response.subscribe_type);
    out.text(3, response.content_type);
    out.text(4, response.payload);
    out.text(5, response.request_id);
    out.number(6, static_cast<std::uint64_t>(response.timestamp));
    return out.take();
}

Result<SubscribeRequest> decode_subscribe_request(std::string_view bytes) {
    Reader in(bytes);
    SubscribeRequest out;
    while (const auto field = in.next()) {
        if (field->number == 1) out.subscribe_type = static_cast<std::uint32_t>(in.number(*field));
        if (field->number == 2) out.timestamp = static_cast<std::int64_t>(in.number(*field));
        if (field->number == 3) out.content_type = in.text(*field);
        if (field->number == 4) out.payload = in.text(*field);
        if (field->number == 5) out.accounts.push_back(in.text(*field));
    }
    return in.finish(std::move(out), "SubscribeRequest");
}

Result<SubscribeResponse> decode_subscribe_response(std::string_view bytes) {
    Reader in(bytes);
    SubscribeResponse out;
    while (const auto field = in.next()) {
        if (field->number == 1) out.event_type = static_cast<std::uint32_t>(in.number(*field));
        if (field->number == 2) out.subscribe_type = static_cast<std::uint32_t>(in.number(*field));
        if (field->number == 3) out.content_type = in.text(*field);
        if (field->number == 4) out.payload = in.text(*field);
        if (field->number == 5) out.request_id = in.text(*field);
        if (field->number == 6) out.timestamp = static_cast<std::int64_t>(in.number(*field));
    }
    return in.finish(std::move(out), "SubscribeResponse");
}

}  // namespace janus::webull::wire
