//! Tables without lines, as wide as the console at most. In a narrow one, rows whose words do not fit beside
//! each other are blocks of `name: value`.

use comfy_table::{ContentArrangement, Table, presets};

use super::text::{Text, clean, columns};

/// Narrower than this, a table that has to break words is no table any more.
const NARROW: usize = 60;
/// Blanks between two columns.
const GAP: usize = 2;

/// A table to be. Cells may hold several lines.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    /// A table with a heading over each column.
    pub fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|name| name.to_uppercase()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(|cell| clean(&cell.into())).collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Leaves out all but the first rows and returns how many that were.
    pub fn shorten(&mut self, most: usize) -> usize {
        let more = self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
        more
    }

    /// The table, wrapped to `width` columns. No line ends in a blank.
    pub fn rendered(&self, width: usize) -> Text {
        if width < NARROW && width < self.narrowest() && self.header.iter().all(|name| !name.is_empty()) {
            return self.blocks();
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        if !self.header.iter().all(String::is_empty) {
            table.set_header(&self.header);
        }
        for row in &self.rows {
            table.add_row(row);
        }
        let last = table.column_count().saturating_sub(1);
        for (index, column) in table.column_iter_mut().enumerate() {
            let gap = if index == last { 0 } else { GAP as u16 };
            column.set_padding((0, gap));
        }
        let mut text = Text::new();
        for line in table.to_string().lines() {
            text.line(line.trim_end());
        }
        text
    }

    /// The columns that it needs to break no word.
    fn narrowest(&self) -> usize {
        let longest = |text: &String| text.split_whitespace().map(columns).max().unwrap_or_default();
        let column = |(index, name): (usize, &String)| {
            let cells = self.rows.iter().filter_map(|row| row.get(index));
            cells.chain([name]).map(longest).max().unwrap_or_default()
        };
        let all: usize = self.header.iter().enumerate().map(column).sum();
        all + GAP * self.header.len().saturating_sub(1)
    }

    /// Each row as a block: its first cell, then the others with their names.
    fn blocks(&self) -> Text {
        let mut text = Text::new();
        for row in &self.rows {
            for (index, cell) in row.iter().enumerate() {
                match self.header.get(index) {
                    Some(name) if index > 0 => text.line(format!("  {}: {cell}", name.to_lowercase())),
                    _ => text.line(cell.as_str()),
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    fn check(width: usize, expected: &str) {
        let mut rows = Rows::new(&["name", "what"]);
        rows.row(["a", "one two three four"]);
        rows.row(["long", "five"]);
        assert_eq!(rows.rendered(width).rendered(false), expected);
    }

    #[test]
    fn as_wide_as_needed_and_no_wider_than_allowed() {
        check(80, "NAME  WHAT\na     one two three four\nlong  five\n");
        check(10, "a\n  what: one two three four\nlong\n  what: five\n");
        check(16, "NAME  WHAT\na     one two\n      three four\nlong  five\n");
    }
}
