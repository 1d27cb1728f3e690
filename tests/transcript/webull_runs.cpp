#include "webull_runs.hpp"

namespace janus::transcript {

Result<void> WebullRuns::explained(Result<void> outcome, std::size_t step,
                                   const std::string& how) const {
    if (outcome) return outcome;
    const bool over = step >= script_.steps.size();
    return fail(ErrorCode::Invalid, "{}:{}: {} '{}': {}", script_.file.string(),
                over ? 0 : script_.steps[step].number, how,
                over ? "the end" : script_.steps[step].text, outcome.error().message);
}

Result<void> WebullRuns::play(WebullStage& stage, std::size_t steps) const {
    for (std::size_t i = 0; i < steps; ++i) {
        const auto& step = script_.steps[i];
        for (const auto& input : step.inputs)
            if (auto ok = stage.perform(input); !ok) return explained(ok, i, "at");
        if (auto ok = stage.check(step); !ok) return explained(ok, i, "after");
    }
    return {};
}

Result<std::size_t> WebullRuns::straight() {
    WebullStage stage(bodies_);
    if (auto ok = play(stage, script_.steps.size()); !ok) return std::unexpected(ok.error());
    met_ = stage.met();
    return 1;
}

/// What trouble must not do, whatever it was.
Result<void> WebullRuns::heal(WebullStage& stage) {
    const auto claims = stage.audit().claims();
    if (auto ok = stage.recover(); !ok) return ok;
    if (stage.audit().claims() != claims)
        return fail(ErrorCode::Invalid, "a fill was claimed that nobody reported");
    if (auto ok = stage.prove_alive(); !ok) return ok;
    return stage.audit().check();
}

// ---- answers that end too early ----

Result<void> WebullRuns::truncate(std::size_t step, std::size_t input, std::size_t size) const {
    WebullStage stage(bodies_);
    if (auto ok = play(stage, step); !ok) return ok;
    const auto& inputs = script_.steps[step].inputs;
    for (std::size_t i = 0; i < input; ++i)
        if (auto ok = stage.perform(inputs[i]); !ok) return ok;
    const auto claims = stage.audit().claims();
    auto ok = stage.answer_cut(inputs[input], size);
    // What was reported before may be told again.
    if (ok && claims == 0 && stage.audit().claims() > 0)
        ok = fail(ErrorCode::Invalid, "half an answer was taken for a fill");
    for (const auto& said : stage.said())
        if (ok && (said.starts_with("positions") || said.starts_with("balances") ||
                   said.starts_with("complete")))
            ok = fail(ErrorCode::Invalid, "half an answer was taken for an account: {}", said);
    if (ok) ok = heal(stage);
    return explained(ok, step, fmt::format("answered with {} bytes of", size));
}

Result<std::size_t> WebullRuns::truncated() const {
    std::size_t runs = 0;
    WebullStage guide(bodies_);
    for (std::size_t step = 0; step < script_.steps.size(); ++step) {
        const auto& inputs = script_.steps[step].inputs;
        for (std::size_t input = 0; input < inputs.size(); ++input) {
            const auto body = guide.body_of(inputs[input]);
            if (!body) return std::unexpected(body.error());
            // Another status than 200 is a failure by itself, and what it says may be cut.
            if (!*body || inputs[input].line.words.at(2) != "200") continue;
            const auto size = (*body)->size();
            const auto stride = bytes_ == Bytes::Every ? 1 : std::max<std::size_t>(1, size / 3);
            for (std::size_t byte = 0; byte < size; byte += stride, ++runs)
                if (auto ok = truncate(step, input, byte); !ok) return std::unexpected(ok.error());
        }
    }
    return runs;
}

// ---- the line is cut, the process ends ----

Result<std::size_t> WebullRuns::cut() const {
    constexpr int unavailable = 14;
    constexpr int unauthenticated = 16;
    std::size_t runs = 0;
    for (std::size_t step = 0; step <= script_.steps.size(); ++step)
        for (const int code : {unavailable, unauthenticated}) {
            WebullStage stage(bodies_);
            if (auto ok = play(stage, step); !ok) return std::unexpected(ok.error());
            if (!stage.is_started()) continue;
            stage.cut(code);
            if (auto ok = explained(heal(stage), step, fmt::format("cut ({}) before", code)); !ok)
                return std::unexpected(ok.error());
            ++runs;
        }
    return runs;
}

Result<std::size_t> WebullRuns::drop() const {
    std::size_t runs = 0;
    for (std::size_t step = 0; step <= script_.steps.size(); ++step, ++runs) {
        WebullStage stage(bodies_);
        if (auto ok = play(stage, step); !ok) return std::unexpected(ok.error());
        stage.drop();
        if (auto ok = explained(heal(stage), step, "dropped before"); !ok)
            return std::unexpected(ok.error());
    }
    return runs;
}

}  // namespace janus::transcript
