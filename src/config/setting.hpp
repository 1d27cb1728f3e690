#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/section.hpp"

namespace janus::config {

/// Lowest and highest allowed number.
struct Bounds {
    std::int64_t lowest;
    std::int64_t highest;
};

/// A text; `Allowed` values when only those are.
class Text final : public SettingBase {
 public:
    Text(Section& owner, std::string_view name, std::string_view help, std::string initial,
         std::vector<std::string> allowed = {})
        : SettingBase(owner, name, help),
          value_(std::move(initial)),
          allowed_(std::move(allowed)) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    const std::string& operator*() const { return value_; }

 private:
    std::string value_;
    std::vector<std::string> allowed_;
};

/// A text that must be given.
class RequiredText final : public SettingBase {
 public:
    using SettingBase::SettingBase;
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    Result<void> check_present() const override;
    const std::string& operator*() const { return value_; }

 private:
    std::string value_;
};

class Integer final : public SettingBase {
 public:
    Integer(Section& owner, std::string_view name, std::string_view help, std::int64_t initial,
            Bounds bounds)
        : SettingBase(owner, name, help), value_(initial), bounds_(bounds) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    std::int64_t operator*() const { return value_; }

 private:
    std::int64_t value_;
    Bounds bounds_;
};

class Flag final : public SettingBase {
 public:
    Flag(Section& owner, std::string_view name, std::string_view help, bool initial)
        : SettingBase(owner, name, help), value_(initial) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    bool operator*() const { return value_; }
    /// Whether the file has it, for settings that override a general one.
    bool given() const { return given_; }

 private:
    bool value_;
    bool given_{false};
};

/// A span of time written as `1s`, `250ms`, `5m`, `2h`; above zero, at most 24 h.
class Span final : public SettingBase {
 public:
    Span(Section& owner, std::string_view name, std::string_view help, Duration initial)
        : SettingBase(owner, name, help), value_(initial) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    Duration operator*() const { return value_; }

 private:
    Duration value_;
};

/// A decimal in quotes, above zero, or none.
class Amount final : public SettingBase {
 public:
    using SettingBase::SettingBase;
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    const std::optional<Decimal>& operator*() const { return value_; }

 private:
    std::optional<Decimal> value_;
};

/// One text or a list of texts.
class Texts final : public SettingBase {
 public:
    Texts(Section& owner, std::string_view name, std::string_view help,
          std::vector<std::string> initial)
        : SettingBase(owner, name, help), value_(std::move(initial)) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    const std::vector<std::string>& operator*() const { return value_; }

 private:
    std::vector<std::string> value_;
};

enum class PlainText { Refused, Allowed };

/// A secret: `{ file = "..." }` (mode 0600, no link, not in a folder that everyone may write to) or
/// `{ env = "NAME" }`. Plain text in the configuration is allowed only where the value need not be
/// secret.
class SecretText final : public SettingBase {
 public:
    SecretText(Section& owner, std::string_view name, std::string_view help, PlainText plain,
               std::string initial = "")
        : SettingBase(owner, name, help), plain_(plain), value_(std::move(initial)) {}
    Result<void> read(const Node& node) override;
    std::string to_toml() const override;
    const Secret& operator*() const { return value_; }

 private:
    PlainText plain_;
    Secret value_;
    std::string source_;
};

/// Reads a secret file. Errors: `Invalid`, naming file and mode, never the content.
Result<Secret> read_secret_file(const std::string& file);

}  // namespace janus::config
