#include "app/state_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <boost/json.hpp>

namespace janus::app {

Result<void> make_state_dir(const std::filesystem::path& dir) {
    std::error_code error;
    if (std::filesystem::exists(dir, error)) {
        if (!std::filesystem::is_directory(dir, error))
            return fail(ErrorCode::Invalid, "state directory {} is not a directory", dir.string());
        return {};
    }
    std::filesystem::create_directories(dir, error);
    if (!error) std::filesystem::permissions(dir, std::filesystem::perms::owner_all, error);
    if (error)
        return fail(ErrorCode::Unavailable, "state directory {} cannot be made: {}", dir.string(),
                    error.message());
    return {};
}

Result<PortsFile> PortsFile::write(const std::filesystem::path& dir,
                                   const std::vector<std::string>& grpc,
                                   const std::vector<std::string>& http) {
    const auto file = dir / "ports.json";
    const auto draft = dir / "ports.json.new";
    const boost::json::object ports{
        {"pid",  ::getpid()                   },
        {"grpc", boost::json::value_from(grpc)},
        {"http", boost::json::value_from(http)}
    };
    std::ofstream out(draft, std::ios::trunc);
    out << boost::json::serialize(ports) << "\n";
    out.close();
    std::error_code error;
    if (out) std::filesystem::rename(draft, file, error);
    if (!out || error) return fail(ErrorCode::Unavailable, "{} cannot be written", file.string());
    return PortsFile(file);
}

PortsFile::~PortsFile() {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

}  // namespace janus::app
