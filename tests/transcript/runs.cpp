#include "runs.hpp"

#include <algorithm>

namespace janus::transcript {
namespace {

std::vector<std::string> byte_by_byte(const std::string& bytes) {
    std::vector<std::string> out;
    for (const char byte : bytes) out.emplace_back(1, byte);
    return out;
}

Cutter cutter_at(std::size_t byte) {
    return [byte](const std::string& bytes) -> std::vector<std::string> {
        if (byte >= bytes.size()) return {bytes};
        return {bytes.substr(0, byte), bytes.substr(byte)};
    };
}

std::string lines_of(const std::vector<std::string>& said) {
    if (said.empty()) return "\n      nothing";
    return fmt::format("\n      ! {}", fmt::join(said, "\n      ! "));
}

bool begins_with(const std::vector<std::string>& whole, const std::vector<std::string>& start) {
    return start.size() <= whole.size() &&
           std::ranges::equal(start, std::span(whole).first(start.size()));
}

}  // namespace

bool Runs::is_present(const Step& step, int version) const {
    return version >= step.version_min && version <= step.version_max;
}

/// 1 to `size`: every byte, or one within the length, one in the middle, and the whole.
std::vector<std::size_t> Runs::positions_in(std::size_t size) const {
    std::vector<std::size_t> out;
    for (std::size_t byte = 1; byte <= size; ++byte)
        if (bytes_ == Bytes::Every || byte == 2 || byte == size / 2 || byte == size)
            out.push_back(byte);
    return out;
}

Result<void> Runs::explained(Result<void> outcome, int version, std::size_t step,
                             const std::string& how) const {
    if (outcome) return outcome;
    const bool over = step >= script_.steps.size();
    return fail(ErrorCode::Invalid, "{}:{}: version {}, {} '{}': {}", script_.file.string(),
                over ? 0 : script_.steps[step].number, version, how,
                over ? "the end" : script_.steps[step].text, outcome.error().message);
}

Result<void> Runs::play(Stage& stage, int version, std::size_t steps) const {
    for (std::size_t i = 0; i < steps; ++i) {
        const auto& step = script_.steps[i];
        if (!is_present(step, version)) continue;
        for (const auto& input : step.inputs)
            if (auto ok = stage.perform(input); !ok) return explained(ok, version, i, "at");
        if (auto ok = stage.check(step); !ok) return explained(ok, version, i, "after");
    }
    return {};
}

// ---- as written ----

Result<Runs::Profile> Runs::profile_at(int version, std::map<std::string, int>* ids) const {
    Stage stage(layouts_, script_, version);
    Profile out;
    for (std::size_t i = 0; i < script_.steps.size(); ++i) {
        const auto& step = script_.steps[i];
        auto& sizes = out.sizes.emplace_back();
        auto& said = out.said.emplace_back();
        if (!is_present(step, version)) continue;
        for (const auto& input : step.inputs) {
            const auto bytes = stage.bytes_of(input);
            sizes.push_back(bytes && *bytes ? (*bytes)->size() : 0);
            if (auto ok = explained(stage.perform(input), version, i, "at"); !ok)
                return std::unexpected(ok.error());
        }
        said = stage.said();
        if (auto ok = explained(stage.check(step), version, i, "after"); !ok)
            return std::unexpected(ok.error());
    }
    if (ids != nullptr)
        for (const auto& [id, count] : stage.ids_fed()) (*ids)[id] += count;
    return out;
}

Result<std::size_t> Runs::straight() {
    for (const int version : script_.versions)
        if (const auto profile = profile_at(version, &ids_fed_); !profile)
            return std::unexpected(profile.error());
    return script_.versions.size();
}

// ---- in pieces ----

Result<void> Runs::split_by(int version, const Profile& profile, const Cutter& cutter) const {
    Stage stage(layouts_, script_, version);
    stage.deliver_by(cutter);
    for (std::size_t i = 0; i < script_.steps.size(); ++i) {
        const auto& step = script_.steps[i];
        if (!is_present(step, version)) continue;
        for (const auto& input : step.inputs)
            if (auto ok = stage.perform(input); !ok) return explained(ok, version, i, "at");
        if (stage.said() != profile.said[i])
            return explained(fail(ErrorCode::Invalid, "\n    expected:{}\n    found:{}",
                                  lines_of(profile.said[i]), lines_of(stage.said())),
                             version, i, "after");
        if (auto ok = stage.check(step); !ok) return explained(ok, version, i, "after");
    }
    return {};
}

Result<std::size_t> Runs::split() const {
    std::size_t runs = 0;
    const auto profile = profile_at(newest(), nullptr);
    if (!profile) return std::unexpected(profile.error());
    std::size_t longest = 0;
    for (const auto& sizes : profile->sizes)
        for (const auto size : sizes) longest = std::max(longest, size);
    if (longest == 0) return runs;
    if (auto ok = split_by(newest(), *profile, byte_by_byte); !ok)
        return fail(ErrorCode::Invalid, "in single bytes: {}", ok.error().message);
    ++runs;
    for (const auto byte : positions_in(longest - 1)) {
        if (auto ok = split_by(newest(), *profile, cutter_at(byte)); !ok)
            return fail(ErrorCode::Invalid, "in pieces of {} bytes and the rest: {}", byte,
                        ok.error().message);
        ++runs;
    }
    return runs;
}

// ---- the line is cut ----

/// What a broken line must not do, whatever it broke.
Result<void> Runs::heal(Stage& stage, const Profile& profile, Point point) const {
    static const std::vector<std::string> nothing;
    const auto& whole = point.step < profile.said.size() ? profile.said[point.step] : nothing;
    if (!begins_with(whole, stage.said()))
        return fail(ErrorCode::Invalid, "\n    expected the start of:{}\n    found:{}",
                    lines_of(whole), lines_of(stage.said()));
    const auto claims = stage.audit().claims();
    stage.cut("reset by peer");
    if (auto ok = stage.recover(); !ok) return ok;
    if (stage.audit().claims() != claims)
        return fail(ErrorCode::Invalid, "a fill was claimed that nobody reported: {}",
                    lines_of(stage.said()));
    if (auto ok = stage.prove_alive(); !ok) return ok;
    return stage.audit().check();
}

Result<void> Runs::cut_at(int version, const Profile& profile, Point point) const {
    Stage stage(layouts_, script_, version);
    if (auto ok = play(stage, version, point.step); !ok) return ok;
    if (!stage.is_started()) return {};
    if (point.step < script_.steps.size()) {
        const auto& inputs = script_.steps[point.step].inputs;
        for (std::size_t i = 0; i < point.input; ++i)
            if (auto ok = stage.perform(inputs[i]); !ok) return ok;
        if (point.byte > 0) {
            const auto bytes = stage.bytes_of(inputs[point.input]);
            if (!bytes) return std::unexpected(bytes.error());
            stage.feed((*bytes)->substr(0, point.byte));
        }
    }
    const auto how = point.byte > 0 ? fmt::format("cut after byte {} of", point.byte)
                                    : std::string("cut before");
    return explained(heal(stage, profile, point), version, point.step, how);
}

Result<std::size_t> Runs::cut_step(int version, const Profile& profile, std::size_t step) const {
    if (auto ok = cut_at(version, profile, {step, 0, 0}); !ok) return std::unexpected(ok.error());
    std::size_t runs = 1;
    if (step == script_.steps.size()) return runs;
    for (std::size_t input = 0; input < profile.sizes[step].size(); ++input)
        for (const auto byte : positions_in(profile.sizes[step][input])) {
            const auto ok = cut_at(version, profile, {step, input, byte});
            if (!ok) return std::unexpected(ok.error());
            ++runs;
        }
    return runs;
}

Result<std::size_t> Runs::cut() const {
    std::size_t runs = 0;
    const auto profile = profile_at(newest(), nullptr);
    if (!profile) return std::unexpected(profile.error());
    for (std::size_t step = 0; step <= script_.steps.size(); ++step) {
        if (step < script_.steps.size() && !is_present(script_.steps[step], newest())) continue;
        const auto done = cut_step(newest(), *profile, step);
        if (!done) return done;
        runs += *done;
    }
    return runs;
}

// ---- the process ends ----

Result<void> Runs::drop_before(int version, std::size_t step) const {
    Stage stage(layouts_, script_, version);
    if (auto ok = play(stage, version, step); !ok) return ok;
    auto ok = stage.drop();
    if (ok) ok = stage.recover();
    if (ok) ok = stage.prove_alive();
    return explained(ok, version, step, "dropped before");
}

Result<std::size_t> Runs::drop() const {
    std::size_t runs = 0;
    for (std::size_t step = 0; step <= script_.steps.size(); ++step, ++runs)
        if (auto ok = drop_before(newest(), step); !ok) return std::unexpected(ok.error());
    return runs;
}

}  // namespace janus::transcript
