#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.hpp"

namespace janus::config {

class Section;

/// One setting as its section sees it: it can be read, printed and documented. Declared once, as a
/// member of a Section.
class SettingBase {
 public:
    SettingBase(Section& owner, std::string_view name, std::string_view help);
    virtual ~SettingBase() = default;
    SettingBase(const SettingBase&) = delete;
    SettingBase& operator=(const SettingBase&) = delete;

    std::string_view name() const { return name_; }
    std::string_view help() const { return help_; }

    /// Errors: `Invalid`, saying what the value was and what is allowed; without the place, which
    /// the section adds.
    virtual Result<void> read(const Node& node) = 0;
    /// The value as TOML; a secret shows where it comes from, never itself. Empty when there is
    /// none.
    virtual std::string to_toml() const = 0;
    /// Checked after everything is read. Errors: `Invalid` for a setting that must be given and was
    /// not.
    virtual Result<void> check_present() const { return {}; }

 private:
    std::string_view name_;
    std::string_view help_;
};

/// A table of the file. Settings and sub-sections enter themselves at construction.
class Section {
 public:
    explicit Section(std::string_view help) : help_(help) {}
    virtual ~Section() = default;
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;

    /// Reads every setting, collecting all problems: unknown keys (with the nearest name), wrong
    /// types, values out of bounds. `path` is the section's name in messages:
    /// `account.market_data`.
    void read(const Node& node, const std::string& path, std::vector<std::string>& problems);
    /// Checks what must be present; for a section that the file does not have.
    void check_present(const std::string& path, std::vector<std::string>& problems) const;

    void enter(SettingBase& setting) { settings_.push_back(&setting); }
    void enter(std::string_view name, Section& section) { sections_.emplace_back(name, &section); }

    std::string_view help() const { return help_; }
    const std::vector<SettingBase*>& settings() const { return settings_; }
    const std::vector<std::pair<std::string_view, Section*>>& sections() const { return sections_; }

 private:
    void read_key(const std::string& key, const Node& node, const std::string& path,
                  std::vector<std::string>& problems);
    std::string nearest_name(std::string_view key) const;

    std::string_view help_;
    std::vector<SettingBase*> settings_;
    std::vector<std::pair<std::string_view, Section*>> sections_;
};

/// A sub-section as a member: enters itself under its name.
template <typename Kind>
struct Sub : Kind {
    Sub(Section& owner, std::string_view name) { owner.enter(name, *this); }
};

}  // namespace janus::config
