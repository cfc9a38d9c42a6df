//! What a run says of itself: each step with its time, the table of stages, the counts.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// Tests that passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

/// How a stage ended. Its counts are those that the tests in it reported.
pub(crate) enum Ending {
    Passed(Counts),
    Failed(Counts, String),
    Skipped(String),
}

/// The stages run so far.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

struct Row {
    name: String,
    took: Duration,
    ending: Ending,
}

/// Does one step, announcing it before and saying after how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("→ {name}");
    let start = Instant::now();
    let done = work()?;
    println!("  {name}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(done)
}

impl Counts {
    /// Sums every `test result: … 3 passed; 0 failed; 1 ignored; …` line, as `cargo test` and
    /// wasm-bindgen's runner print them.
    pub(crate) fn from_test_results(text: &str) -> Self {
        let lines = text
            .lines()
            .filter_map(|line| line.split_once("test result: "));
        lines.fold(Self::default(), |sum, (_, line)| {
            sum.plus(Self::read(line, ';', "ignored"))
        })
    }

    /// The last line of the form `N passed, N failed, N skipped`, as `tests/run.js` closes with.
    pub(crate) fn from_closing_line(text: &str) -> Option<Self> {
        let closes = |line: &&str| line.ends_with(" skipped") && line.contains(" passed, ");
        text.lines()
            .map(str::trim)
            .rfind(closes)
            .map(|line| Self::read(line, ',', "skipped"))
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }

    /// The number in front of each word: `ok. 3 passed; 0 failed` has 3 in front of `passed`.
    fn read(line: &str, separator: char, skipped: &str) -> Self {
        let number = |word: &str| {
            let part = line
                .split(separator)
                .find(|part| part.trim_end().ends_with(word));
            let number = part.and_then(|part| part.split_whitespace().rev().nth(1));
            number.and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        Self {
            passed: number("passed"),
            failed: number("failed"),
            skipped: number(skipped),
        }
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Report {
    /// Runs one stage and keeps its row. True when it passed.
    pub(crate) fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<Ending>) -> bool {
        println!("\n━━ {name}");
        let start = Instant::now();
        let ending =
            work().unwrap_or_else(|error| Ending::Failed(Counts::default(), format!("{error:#}")));
        match &ending {
            Ending::Passed(_) => {}
            Ending::Failed(_, why) => println!("   failed: {why}"),
            Ending::Skipped(why) => println!("   skipped: {why}"),
        }
        let passed = matches!(ending, Ending::Passed(_));
        self.rows.push(Row {
            name: name.to_owned(),
            took: start.elapsed(),
            ending,
        });
        passed
    }

    /// Prints the table and the closing line. An error when anything failed; under
    /// `CI=true` also when anything was skipped, for there nothing may be missing.
    pub(crate) fn close(&self, strict: bool) -> Result<()> {
        println!("\n{:<34}{:>9}  outcome", "stage", "seconds");
        for row in &self.rows {
            println!(
                "{:<34}{:>9.1}  {}",
                row.name,
                row.took.as_secs_f64(),
                row.outcome()
            );
        }
        let sum = self
            .rows
            .iter()
            .fold(Counts::default(), |sum, row| sum.plus(row.counts()));
        println!(
            "\n{} passed, {} failed, {} skipped",
            sum.passed, sum.failed, sum.skipped
        );
        if sum.failed > 0 {
            bail!("{} failed: see above", sum.failed);
        }
        if strict && sum.skipped > 0 {
            bail!(
                "{} skipped, and with CI=true nothing may be: the table says what to install",
                sum.skipped
            );
        }
        Ok(())
    }
}

impl Row {
    /// A stage that counts no tests of its own, such as clippy, counts as one; so does one
    /// that failed before any test did.
    fn counts(&self) -> Counts {
        match &self.ending {
            Ending::Passed(counts) if counts.is_empty() => Counts {
                passed: 1,
                ..Counts::default()
            },
            Ending::Passed(counts) => *counts,
            Ending::Failed(counts, _) => Counts {
                failed: counts.failed.max(1),
                ..*counts
            },
            Ending::Skipped(_) => Counts {
                skipped: 1,
                ..Counts::default()
            },
        }
    }

    fn outcome(&self) -> String {
        let Counts {
            passed,
            failed,
            skipped,
        } = self.counts();
        match &self.ending {
            Ending::Passed(counts) if counts.is_empty() => "passed".to_owned(),
            Ending::Passed(_) if skipped > 0 => {
                format!("passed: {passed} passed, {skipped} skipped")
            }
            Ending::Passed(_) => format!("passed: {passed} passed"),
            Ending::Failed(_, why) => format!("FAILED: {passed} passed, {failed} failed ({why})"),
            Ending::Skipped(why) => format!("skipped: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn results_of_several_test_programs_are_summed() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    noise\ntest result: FAILED. 2 passed; 4 failed; 0 ignored; 0 filtered out";
        assert_eq!(
            Counts::from_test_results(text),
            Counts {
                passed: 5,
                failed: 4,
                skipped: 1
            }
        );
    }

    #[test]
    fn the_last_closing_line_counts() {
        let text = "1 passed, 0 failed, 0 skipped\n20 passed, 3 failed, 1 skipped\n";
        assert_eq!(
            Counts::from_closing_line(text),
            Some(Counts {
                passed: 20,
                failed: 3,
                skipped: 1
            })
        );
        assert_eq!(Counts::from_closing_line("3 passed"), None);
    }
}
