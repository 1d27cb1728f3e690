#include "app/sim_certificates.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace janus::app {
namespace {

namespace fs = std::filesystem;

class SimCertificatesTest : public testing::Test {
 protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "janus-sim-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
    }
    void TearDown() override { fs::remove_all(folder); }

    static std::string content_of(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string folder;
};

TEST_F(SimCertificatesTest, TheKeyIsForItsOwnerOnly) {
    const auto files = prepare_certificates(folder + "/deep/tls");
    ASSERT_TRUE(files.has_value()) << files.error().message;
    struct stat status{};
    ASSERT_EQ(::stat(files->key_file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_TRUE(content_of(files->ca_file).starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(SimCertificatesTest, GoodFilesAreUsedAgain) {
    const auto first = prepare_certificates(folder).value();
    const auto before = content_of(first.certificate_file) + content_of(first.key_file);
    const auto second = prepare_certificates(folder).value();
    EXPECT_EQ(content_of(second.certificate_file) + content_of(second.key_file), before);
}

TEST_F(SimCertificatesTest, BrokenOrStrangeFilesAreReplaced) {
    const auto files = prepare_certificates(folder).value();
    for (const auto& file : {files.ca_file, files.certificate_file, files.key_file}) {
        std::ofstream(file, std::ios::trunc) << "nonsense";
        ASSERT_TRUE(prepare_certificates(folder).has_value());
        EXPECT_TRUE(content_of(file).starts_with("-----BEGIN"));
    }
    const auto other = prepare_certificates(folder + "/other").value();
    fs::copy_file(other.key_file, files.key_file, fs::copy_options::overwrite_existing);
    const auto strange = content_of(files.key_file);
    ASSERT_TRUE(prepare_certificates(folder).has_value());
    EXPECT_NE(content_of(files.key_file), strange);
}

TEST_F(SimCertificatesTest, EveryFlawHasItsFileAndAMissingOneIsMadeAnew) {
    const auto files = prepare_certificates(folder).value();
    EXPECT_EQ(files.files_for("").certificate_file, files.certificate_file);
    for (const auto* flaw : {"expired", "not_yet_valid", "wrong_name", "unknown_ca"}) {
        const auto flawed = files.files_for(flaw);
        EXPECT_EQ(flawed.key_file, files.key_file);
        EXPECT_NE(content_of(flawed.certificate_file), content_of(files.certificate_file));
        fs::remove(flawed.certificate_file);
        ASSERT_TRUE(prepare_certificates(folder).has_value());
        EXPECT_TRUE(content_of(flawed.certificate_file).starts_with("-----BEGIN")) << flaw;
    }
}

TEST_F(SimCertificatesTest, AFolderThatCannotBeMadeIsAnError) {
    std::ofstream(folder + "/file") << "x";
    const auto files = prepare_certificates(folder + "/file/tls");
    ASSERT_FALSE(files.has_value());
    EXPECT_EQ(files.error().code, ErrorCode::Unavailable);
}

}  // namespace
}  // namespace janus::app
