#include "config/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace janus::config {
namespace {

std::string joined_lines(const std::vector<std::string>& problems) {
    std::string out;
    for (const auto& problem : problems) (out += out.empty() ? "" : "\n") += problem;
    return out;
}

std::string broker_of(const Node& node) {
    const auto* map = std::get_if<Node::Map>(&node.value);
    const auto found = map ? map->find("broker") : Node::Map::const_iterator{};
    const auto* text =
        map && found != map->end() ? std::get_if<std::string>(&found->second.value) : nullptr;
    return text ? *text : "";
}

std::unique_ptr<AccountSection> make_account(const std::string& broker) {
    if (broker == "ib") return std::make_unique<IbAccountSection>();
    if (broker == "webull") return std::make_unique<WebullAccountSection>();
    return nullptr;
}

bool is_account_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !name.empty() && name.size() <= 32 && name != "all" &&
           std::ranges::all_of(name, allowed);
}

void read_account(const Node& node, std::size_t index, Settings& settings,
                  std::vector<std::string>& problems) {
    const auto path = fmt::format("account[{}]", index + 1);
    const auto broker = broker_of(node);
    auto account = make_account(broker);
    if (!account) {
        problems.push_back(fmt::format("line {}: {}.broker was '{}', must be ib or webull",
                                       node.line, path, broker));
        return;
    }
    account->read(node, path, problems);
    account->check_present(path, problems);
    if (!(*account->name).empty() && !is_account_name(*account->name))
        problems.push_back(fmt::format(
            "line {}: {}.name was '{}', must be lower-case letters, digits and underscores, "
            "at most 32, and not 'all'",
            node.line, path, *account->name));
    settings.accounts.push_back(std::move(account));
}

void read_accounts(const Node& node, Settings& settings, std::vector<std::string>& problems) {
    const auto* list = std::get_if<Node::List>(&node.value);
    if (!list) {
        problems.push_back(fmt::format("line {}: accounts are written as [[account]]", node.line));
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) read_account((*list)[i], i, settings, problems);
}

void check_names(const Settings& settings, std::vector<std::string>& problems) {
    std::set<std::string> names;
    for (const auto& account : settings.accounts)
        if (!names.insert(*account->name).second)
            problems.push_back(fmt::format("account name '{}' is used twice", *account->name));
    if (settings.accounts.empty()) problems.emplace_back("no [[account]] is configured");
    if (!(*settings.default_account).empty() && !names.contains(*settings.default_account))
        problems.push_back(fmt::format("default_account was '{}', which is no account's name",
                                       *settings.default_account));
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address.starts_with("localhost:") ||
           address.starts_with("[::1]:") || address.starts_with("unix:");
}

/// Other addresses would need TLS and scoped tokens, which this version does not have: it refuses
/// rather than exposes.
void check_addresses(const Settings& settings, std::vector<std::string>& problems) {
    for (const auto* addresses : {&*settings.api.grpc, &*settings.api.http})
        for (const auto& address : *addresses)
            if (!is_loopback(address))
                problems.push_back(fmt::format(
                    "api address '{}' is not on loopback (127.0.0.1, [::1], localhost)", address));
}

Result<std::unique_ptr<Settings>> read(Node root, std::string_view name) {
    auto settings = std::make_unique<Settings>();
    std::vector<std::string> problems;
    auto& map = std::get<Node::Map>(root.value);
    if (const auto accounts = map.extract("account"); !accounts.empty())
        read_accounts(accounts.mapped(), *settings, problems);
    settings->read(root, "", problems);
    settings->check_present("", problems);
    check_names(*settings, problems);
    check_addresses(*settings, problems);
    for (auto& problem : problems) problem = fmt::format("{}: {}", name, problem);
    if (!problems.empty())
        return std::unexpected(Error{ErrorCode::Invalid, joined_lines(problems)});
    return settings;
}

void add_toml(const Section& section, const std::string& header, std::string& out) {
    if (!header.empty()) out += fmt::format("\n# {}\n{}\n", section.help(), header);
    for (const auto* setting : section.settings()) {
        const auto value = setting->to_toml();
        out += fmt::format("# {}\n{}{} = {}\n", setting->help(), value.empty() ? "# " : "",
                           setting->name(), value.empty() ? "..." : value);
    }
}

void add_subsections(const Section& section, const std::string& path, std::string& out) {
    for (const auto& [name, sub] : section.sections()) {
        const auto here = path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
        add_toml(*sub, fmt::format("[{}]", here), out);
        add_subsections(*sub, here, out);
    }
}

void add_markdown(const Section& section, const std::string& path, std::string& out) {
    out += fmt::format("\n## {}\n\n{}\n\n| key | default | meaning |\n|---|---|---|\n", path,
                       section.help());
    for (const auto* setting : section.settings()) {
        const auto value = setting->to_toml();
        out += fmt::format("| `{}` | {} | {} |\n", setting->name(),
                           value.empty() ? "" : fmt::format("`{}`", value), setting->help());
    }
    for (const auto& [name, sub] : section.sections())
        add_markdown(*sub, fmt::format("{}.{}", path, name), out);
}

}  // namespace

Result<std::unique_ptr<Settings>> load(const std::filesystem::path& file) {
    auto root = read_toml_file(file);
    if (!root) return std::unexpected(root.error());
    return read(std::move(*root), file.string());
}

Result<std::unique_ptr<Settings>> parse(std::string_view text, std::string_view name) {
    auto root = parse_toml(text, name);
    if (!root) return std::unexpected(root.error());
    return read(std::move(*root), name);
}

std::filesystem::path config_file_of(const std::string& option) {
    if (!option.empty()) return option;
    if (const char* named = std::getenv("JANUS_CONFIG"); named && *named) return named;
    const char* folder = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    std::filesystem::path base = folder && *folder ? std::filesystem::path(folder)
                                 : home            ? std::filesystem::path(home) / ".config"
                                                   : std::filesystem::path();
    const auto own = base / "janus" / "janus.toml";
    return !base.empty() && std::filesystem::exists(own)
               ? own
               : std::filesystem::path("/etc/janus/janus.toml");
}

std::string to_toml(const Settings& settings) {
    std::string out;
    add_toml(settings, "", out);
    add_subsections(settings, "", out);
    for (const auto& account : settings.accounts) {
        add_toml(*account, "[[account]]", out);
        add_subsections(*account, "account", out);
    }
    return out;
}

std::string to_markdown() {
    std::string out =
        "# Configuration\n\nGenerated from the declarations in `src/config/settings.hpp` by "
        "`janusd --print-config-docs`; a test keeps "
        "it current.\n\nTOML. The file is `--config FILE`, else `$JANUS_CONFIG`, else "
        "`$XDG_CONFIG_HOME/janus/janus.toml`, else "
        "`/etc/janus/janus.toml`. Times are texts such as `\"10s\"`, decimals texts such as "
        "`\"2500.50\"`. An unknown key is an "
        "error.\n";
    const Settings settings;
    add_markdown(settings, "(top level)", out);
    add_markdown(IbAccountSection{}, "account, broker = \"ib\"", out);
    add_markdown(WebullAccountSection{}, "account, broker = \"webull\"", out);
    return out;
}

}  // namespace janus::config
