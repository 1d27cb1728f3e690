#include "app/broker_tokens.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace janus::app {
namespace {

/// A folder of its own that goes away with the test.
struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "janusXXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

gateway::IssuedToken issued(std::string text) {
    return {"0123456789abcdef", Secret(std::move(text)), parse_iso("2026-03-09T14:30:05Z").value()};
}

constexpr auto login = "0123456789abcdef";
constexpr auto file_name = "webull_token.0123456789abcdef";

void write(const std::filesystem::path& file, std::string_view text, unsigned mode) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
}

TEST(BrokerTokens, WhatIsKeptIsLoadedAndNobodyElseMayReadIt) {
    const Folder folder;
    EXPECT_FALSE(load_broker_token(folder.path, login)->has_value());
    ASSERT_TRUE(keep_broker_token(folder.path, issued("b3f1c6aa")));
    struct stat status{};
    ASSERT_EQ(::stat((folder.path / file_name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    const auto kept = load_broker_token(folder.path, login);
    ASSERT_TRUE(kept && *kept);
    EXPECT_EQ((*kept)->text, Secret("b3f1c6aa"));
    EXPECT_EQ(to_iso_seconds_text((*kept)->issued), "2026-03-09T14:30:05Z");
    EXPECT_FALSE(load_broker_token(folder.path, "another_login")->has_value());
}

TEST(BrokerTokens, ANewerOneReplacesTheOldAndLeavesNoDraft) {
    const Folder folder;
    ASSERT_TRUE(keep_broker_token(folder.path, issued("first")));
    write(folder.path / (std::string(file_name) + ".new"), "left by a crash", 0644);
    ASSERT_TRUE(keep_broker_token(folder.path, issued("second")));
    EXPECT_EQ((*load_broker_token(folder.path, login))->text, Secret("second"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path), {}), 1);
}

TEST(BrokerTokens, AFileThatOthersCouldReadOrThatIsNoTokenIsRefusedWithoutQuotingIt) {
    const Folder folder;
    const auto file = folder.path / file_name;
    for (const auto& [text, mode] :
         {std::pair("canary\n2026-03-09T14:30:05Z\n", 0644U), std::pair("canary\n", 0600U),
          std::pair("canary\nyesterday\n", 0600U), std::pair("\n2026-03-09T14:30:05Z\n", 0600U),
          std::pair("", 0600U)}) {
        write(file, text, mode);
        const auto kept = load_broker_token(folder.path, login);
        ASSERT_FALSE(kept.has_value()) << text;
        EXPECT_NE(kept.error().message.find(file_name), std::string::npos);
        EXPECT_EQ(kept.error().message.find("canary"), std::string::npos);
    }
    std::filesystem::remove(file);
    write(folder.path / "elsewhere", "canary\n2026-03-09T14:30:05Z\n", 0600);
    std::filesystem::create_symlink(folder.path / "elsewhere", file);
    EXPECT_FALSE(load_broker_token(folder.path, login).has_value());
    std::filesystem::remove(folder.path / "elsewhere");
    EXPECT_FALSE(load_broker_token(folder.path, login).has_value()) << "a link to nothing";
}

TEST(BrokerTokens, AFolderThatIsGoneIsAnErrorAndNoCrash) {
    const Folder folder;
    const auto kept = keep_broker_token(folder.path / "missing", issued("canary"));
    ASSERT_FALSE(kept.has_value());
    EXPECT_EQ(kept.error().message.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace janus::app
