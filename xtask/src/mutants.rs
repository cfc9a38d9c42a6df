//! `cargo xtask mutants`: the core broken in every small way, one at a time, to see whether a
//! test notices. What is broken, and what is left out and why, stands in `.cargo/mutants.toml`.

use crate::task::{Task, minutes};
use crate::tools::CARGO_MUTANTS;
use crate::workspace;
use anyhow::{Context, Result};
use std::fs;

/// Properties need few cases to notice what is broken: fewer make the run four times as quick.
const CASES: &str = "64";

/// Runs `cargo mutants` with these options, such as `--file src/cache.rs` and `--in-diff`.
pub(crate) fn mutants(options: &[String]) -> Result<()> {
    let target = workspace::workspace()?.target;
    let out = target.join("mutants");
    fs::create_dir_all(&out)?;
    Task::new(CARGO_MUTANTS.provide()?)
        .dir(&workspace::root())
        .arg("mutants")
        .arg("--output")
        .arg(&out)
        .args(options)
        .env("PROPTEST_CASES", CASES)
        // Nobody reads what failed, so it is neither made smaller nor traced back.
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("RUST_BACKTRACE", "0")
        // Each mutant is linked into every test; what a debugger needs would take most of that.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .limit(minutes(240))
        .run()
        .with_context(|| format!("mutants survived: see {}", out.display()))
}
