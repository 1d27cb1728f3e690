#include "app/logger.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "net/clock.hpp"

namespace janus::app {
namespace {

constexpr std::size_t queue_size_max = 8'192;
constexpr std::size_t line_size_max = 4'096;

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
            return spdlog::level::trace;
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warning:
            return spdlog::level::warn;
        case LogLevel::Error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, line_size_max)) {
        if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F)
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    if (text.size() > line_size_max) out += " ...";
    return out;
}

Logger::Logger() {
    spdlog::init_thread_pool(queue_size_max, 1);
    logger_ = std::make_shared<spdlog::async_logger>(
        "janusd", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
        spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger_->flush_on(spdlog::level::trace);
}

Logger::~Logger() {
    logger_.reset();
    spdlog::shutdown();
}

void Logger::write(LogLevel level, std::string_view text) {
    if (!logger_->should_log(level_of(level))) return;
    const auto line = one_line(text);
    logger_->log(level_of(level), line);
    buffer_.add(net::system_now().utc, level, line);
}

void Logger::set_level(std::string_view level) {
    for (const auto known :
         {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        if (to_text(known) == level) logger_->set_level(level_of(known));
}

}  // namespace janus::app
