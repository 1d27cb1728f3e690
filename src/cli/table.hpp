#pragma once

#include <string>
#include <vector>

namespace janus::cli {

enum class Align { Left, Right };

struct Column {
    std::string title;
    Align align{Align::Left};
};

/// Rows of text for people and for CSV.
class Table {
 public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// As many cells as columns.
    void add(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }

    /// Aligned columns, two blanks apart. Control characters are shown as `?`, so that no text of a
    /// broker or another client steers the terminal.
    std::string to_text() const;
    /// RFC 4180 with a header line.
    std::string to_csv() const;

 private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// `text` with control characters replaced by `?`.
std::string printable(const std::string& text);

}  // namespace janus::cli
