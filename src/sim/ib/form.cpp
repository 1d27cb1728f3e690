#include "sim/ib/form.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "sim/ib/layouts.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {
namespace {

constexpr int unknown_fields = 2001;  // Numbers of surplus fields begin here.
constexpr std::size_t list_size_max = 100'000;

std::optional<std::int64_t> find_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> find_double(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_largest(double value) {
    return std::abs(value) >= 1.79e308;
}

/// The field at a path; nothing when one on the way is missing.
std::optional<ProtoMessage::Field> field_at(const ProtoMessage& from, Path path) {
    std::shared_ptr<const ProtoMessage> message(std::shared_ptr<void>(), &from);
    for (const auto* step = path.begin(); message; ++step) {
        const auto* field = message->find(*step);
        if (field == nullptr) return std::nullopt;
        if (step + 1 == path.end()) return *field;
        message = message_in(*field);
    }
    return std::nullopt;
}

std::string text_at(const ProtoMessage& from, Path path) {
    const auto field = field_at(from, path);
    return field ? field->bytes : std::string();
}

/// Text fields into a tree.
class ToProtobuf final : public Form {
 public:
    explicit ToProtobuf(const std::vector<std::string_view>& fields) : fields_(fields) {}

    void only_text(std::string_view) override { take(); }
    std::string text(Path path) override {
        const auto field = take();
        if (!field.empty()) parent_of(path).add_text(*(path.end() - 1), field);
        return std::string(field);
    }
    std::string integer(Path path) override {
        const auto field = take();
        const auto value = find_integer(field);
        if (value && field != unset_int && *value != INT64_MAX)
            parent_of(path).add_integer(*(path.end() - 1), static_cast<std::uint64_t>(*value));
        return std::string(field);
    }
    std::string number(Path path) override {
        const auto field = take();
        const auto value = find_double(field);
        if (value && !is_largest(*value)) parent_of(path).add_double(*(path.end() - 1), *value);
        return std::string(field);
    }
    std::string flag(Path path) override {
        const auto field = take();
        if (!field.empty()) parent_of(path).add_integer(*(path.end() - 1), field == "1" ? 1 : 0);
        return std::string(field);
    }
    std::string decimal(Path path) override {
        const auto field = take();
        if (!field.empty() && field != unset_decimal)
            parent_of(path).add_text(*(path.end() - 1), field);
        return std::string(field);
    }
    bool presence(Path) override { return take() == "1"; }
    void rows(Path path, const std::function<void(Form&)>& row) override {
        auto& parent = parent_of(path);
        for (auto left = count(); left > 0; --left) {
            ProtoMessage inner;
            auto* outer = std::exchange(current_, &inner);
            row(*this);
            current_ = outer;
            parent.add_message(*(path.end() - 1), std::move(inner));
        }
    }
    void texts(Path path) override {
        for (auto left = count(); left > 0; --left)
            parent_of(path).add_text(*(path.end() - 1), take());
    }
    void integers(Path path) override {
        for (auto left = count(); left > 0; --left) integer(path);
    }
    void numbers(Path path) override {
        for (auto left = count(); left > 0; --left) number(path);
    }
    void pairs(Path path) override {
        for (auto left = count(); left > 0; --left) {
            ProtoMessage entry;
            entry.add_text(1, take());
            entry.add_text(2, take());
            parent_of(path).add_message(*(path.end() - 1), std::move(entry));
        }
    }
    void options(Path path) override {
        auto list = take();
        while (!list.empty()) {
            const auto entry_text = list.substr(0, list.find(';'));
            list.remove_prefix(std::min(list.size(), entry_text.size() + 1));
            const auto equals = entry_text.find('=');
            if (equals == std::string_view::npos) continue;
            ProtoMessage entry;
            entry.add_text(1, entry_text.substr(0, equals));
            entry.add_text(2, entry_text.substr(equals + 1));
            parent_of(path).add_message(*(path.end() - 1), std::move(entry));
        }
    }
    std::string peek(Path path) const override { return text_at(*current_, path); }
    bool reads_text() const override { return true; }

    std::string finish() {
        for (int number = unknown_fields; next_ < fields_.size(); ++number)
            root_.add_text(number, take());
        auto bytes = root_.bytes();
        bytes.resize(bytes.size() - std::min(bytes.size(), missing_));
        return bytes;
    }

 private:
    std::string_view take() {
        if (next_ < fields_.size()) return fields_[next_++];
        ++missing_;
        return {};
    }
    std::size_t count() {
        const auto value = find_integer(take()).value_or(0);
        return static_cast<std::size_t>(
            std::clamp<std::int64_t>(value, 0, static_cast<std::int64_t>(fields_.size() - next_)));
    }
    ProtoMessage& parent_of(Path path) {
        auto* message = current_;
        for (const auto* step = path.begin(); step + 1 != path.end(); ++step)
            message = &message->message_at(*step);
        return *message;
    }

    const std::vector<std::string_view>& fields_;
    std::size_t next_{0};
    std::size_t missing_{0};
    ProtoMessage root_;
    ProtoMessage* current_{&root_};
};

/// A tree into text fields.
class ToText final : public Form {
 public:
    explicit ToText(const ProtoMessage& root) : current_(&root) {}

    void only_text(std::string_view value) override { put(value); }
    std::string text(Path path) override {
        const auto field = find(path);
        return put(field ? std::string_view(field->bytes) : std::string_view());
    }
    std::string integer(Path path) override {
        const auto field = find(path);
        return put(field ? fmt::format("{}", static_cast<std::int64_t>(field->value))
                         : std::string());
    }
    std::string number(Path path) override {
        const auto field = find(path);
        return put(field ? fmt::format("{}", double_in(*field)) : std::string());
    }
    std::string flag(Path path) override {
        const auto field = find(path);
        return put(!field ? "" : field->value != 0 ? "1" : "0");
    }
    std::string decimal(Path path) override { return text(path); }
    bool presence(Path path) override {
        const bool there = find(path).has_value();
        put(there ? "1" : "0");
        return there;
    }
    void rows(Path path, const std::function<void(Form&)>& row) override {
        const auto all = all_of(path);
        put(fmt::format("{}", all.size()));
        for (const auto& field : all) {
            const auto inner = message_in(field);
            const ProtoMessage none;
            const auto* outer = std::exchange(current_, inner ? inner.get() : &none);
            row(*this);
            current_ = outer;
        }
    }
    void texts(Path path) override {
        const auto all = all_of(path);
        put(fmt::format("{}", all.size()));
        for (const auto& field : all) put(field.bytes);
    }
    void integers(Path path) override {
        const auto all = all_of(path);
        put(fmt::format("{}", all.size()));
        for (const auto& field : all)
            put(fmt::format("{}", static_cast<std::int64_t>(field.value)));
    }
    void numbers(Path path) override {
        const auto all = all_of(path);
        put(fmt::format("{}", all.size()));
        for (const auto& field : all) put(fmt::format("{}", double_in(field)));
    }
    void pairs(Path path) override {
        const auto all = all_of(path);
        put(fmt::format("{}", all.size()));
        for (const auto& field : all) {
            put(part_of(field, 1));
            put(part_of(field, 2));
        }
    }
    void options(Path path) override {
        std::string list;
        for (const auto& field : all_of(path))
            list += part_of(field, 1) + "=" + part_of(field, 2) + ";";
        put(list);
    }
    std::string peek(Path path) const override { return text_at(*current_, path); }
    bool reads_text() const override { return false; }

    std::string take_fields() { return std::move(fields_); }

 private:
    std::string put(std::string_view value) {
        // A NUL inside a text would shift every field behind it.
        for (const char c : value) fields_.push_back(c == '\0' ? ' ' : c);
        fields_.push_back('\0');
        return std::string(value);
    }
    static std::string part_of(const ProtoMessage::Field& entry, int number) {
        const auto message = message_in(entry);
        const auto* field = message ? message->find(number) : nullptr;
        return field == nullptr ? std::string() : field->bytes;
    }
    std::optional<ProtoMessage::Field> find(Path path) const { return field_at(*current_, path); }
    std::vector<ProtoMessage::Field> all_of(Path path) const {
        std::vector<ProtoMessage::Field> all;
        const auto* message = current_;
        std::shared_ptr<const ProtoMessage> kept;
        for (const auto* step = path.begin(); step + 1 != path.end(); ++step) {
            const auto* field = message->find(*step);
            kept = field == nullptr ? nullptr : message_in(*field);
            if (!kept) return all;
            message = kept.get();
        }
        for (const auto& field : message->fields())
            if (field.number == *(path.end() - 1) && all.size() < list_size_max)
                all.push_back(field);
        return all;
    }

    const ProtoMessage* current_;
    std::string fields_;
};

int number_of(std::string_view text) {
    return static_cast<int>(find_integer(text).value_or(0));
}

void describe_field(Form& form, char type, Path path) {
    switch (type) {
        case 'i':
            form.integer(path);
            return;
        case 't':
            form.text(path);
            return;
        case 'n':
            form.number(path);
            return;
        case 'd':
            form.decimal(path);
            return;
        case 'b':
            form.flag(path);
            return;
        default:
            JANUS_CHECK(false && "a letter that no field type has");
    }
}

void describe_field(Form& form, char type, std::string_view place) {
    if (type == '=') return form.only_text(place);
    if (type == 'q') return describe_contract_query(form, number_of(place));
    if (type == 'c') return describe_contract(form, number_of(place));
    const auto dot = place.find('.');
    if (dot == std::string_view::npos) return describe_field(form, type, {number_of(place)});
    describe_field(form, type, {number_of(place.substr(0, dot)), number_of(place.substr(dot + 1))});
}

void describe(Form& form, const Layout& layout) {
    describe_fields(form, layout.fields);
    if (layout.rest != nullptr) layout.rest(form);
}

}  // namespace

void describe_fields(Form& form, std::string_view fields) {
    while (!fields.empty()) {
        const auto token = fields.substr(0, fields.find(' '));
        fields.remove_prefix(std::min(fields.size(), token.size() + 1));
        describe_field(form, token.front(), token.substr(1));
    }
}

std::string protobuf_from(const std::vector<std::string_view>& fields, const Layout& layout) {
    ToProtobuf form(fields);
    describe(form, layout);
    return form.finish();
}

Result<std::string> text_from(std::string_view protobuf, const Layout& layout) {
    const auto message = ProtoMessage::parse(protobuf);
    if (!message) return std::unexpected(message.error());
    ToText form(*message);
    describe(form, layout);
    return form.take_fields();
}

}  // namespace janus::sim::ib
