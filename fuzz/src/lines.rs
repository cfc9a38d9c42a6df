//! Inputs as lines of text.

/// The input as text, as far as it is some.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The whole numbers in a line; what is none is passed over.
pub fn numbers(line: &str) -> impl Iterator<Item = i64> {
    line.split_ascii_whitespace()
        .filter_map(|word| word.parse().ok())
}

/// One of `all`, whatever the number.
pub fn pick<T>(all: &[T], number: i64) -> &T {
    &all[number.unsigned_abs() as usize % all.len()]
}
