#include "app/token_writer.hpp"

namespace janus::app {

TokenWriter::TokenWriter(Write write, Log& log)
    : write_(std::move(write)), log_(log), thread_([this] { work(); }) {}

TokenWriter::~TokenWriter() {
    waiting_.close();
    thread_.join();
}

void TokenWriter::keep(gateway::IssuedToken token) {
    if (!waiting_.try_push(std::move(token)))
        log_.write(LogLevel::Error,
                   fmt::format("access token is not kept login={}: too many wait for the disk",
                               token.login));
}

void TokenWriter::work() {
    while (const auto token = waiting_.pop()) {
        const auto kept = write_(*token);
        log_.write(kept ? LogLevel::Info : LogLevel::Error,
                   kept ? "access token kept login=" + token->login : kept.error().message);
    }
}

}  // namespace janus::app
