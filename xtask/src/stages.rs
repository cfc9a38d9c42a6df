//! The stages of `cargo xtask test`, each able to run by itself.

use crate::browsers::Browser;
use crate::debian;
use crate::npm;
use crate::report::{Counts, Ending};
use crate::task::{Outcome, Task, minutes};
use crate::tools::{self, WASM_BINDGEN, WASM_PACK};
use crate::workspace::{self, cargo, find_program};
use anyhow::{Result, ensure};

/// A command that passes or fails as a whole.
pub(crate) fn whole(task: Task) -> Result<Ending> {
    task.run()?;
    Ok(passed())
}

/// The ending of a stage that counts no tests.
pub(crate) fn passed() -> Ending {
    Ending::Passed(Counts::default())
}

pub(crate) fn format() -> Task {
    cargo().words("fmt --all --check")
}

pub(crate) fn clippy() -> Task {
    cargo()
        .words("clippy --workspace --all-targets -- --deny warnings")
        .limit(minutes(20))
}

/// The rim is compiled for wasm alone, so the native run never sees it.
pub(crate) fn clippy_wasm() -> Task {
    cargo()
        .words("clippy --package tokenlet --all-targets --target wasm32-unknown-unknown")
        .words("-- --deny warnings")
        .limit(minutes(20))
}

/// As a reader gets it, and then as a contributor does, with the private parts.
pub(crate) fn documentation() -> Result<Ending> {
    for words in ["", "--document-private-items"] {
        cargo()
            .words("doc --no-deps --workspace")
            .words(words)
            .env("RUSTDOCFLAGS", "-D warnings")
            .limit(minutes(20))
            .run()?;
    }
    Ok(passed())
}

pub(crate) fn cargo_test() -> Result<Ending> {
    let outcome = cargo()
        .words("test --workspace --no-fail-fast")
        .limit(minutes(30))
        .watch()?;
    Ok(judge(&outcome, Counts::from_test_results(&outcome.text)))
}

/// What a Worker's user downloads, held against its limit.
pub(crate) fn size() -> Result<Task> {
    npm::install("bench")?;
    Ok(npm::node(&workspace::path("bench/size.js")))
}

/// What is generated from the catalogue and checked in: the provider types in `index.d.ts`, and
/// the tables of the README.
pub(crate) fn generated() -> Result<Ending> {
    for script in ["pkg-template/generate-types.js", "tests/package/readme.js"] {
        npm::node(&workspace::path(script)).arg("--check").run()?;
    }
    Ok(passed())
}

/// `tests/web.rs` in a real browser. The runner and the driver are given and the settings are
/// in `webdriver.json`, so that wasm-pack has nothing to download.
pub(crate) fn wasm_pack(browser: &Browser) -> Result<Ending> {
    let driver = match &browser.driver {
        Ok(driver) => driver,
        Err(advice) => return Ok(Ending::Skipped(advice.clone())),
    };
    let outcome = Task::new(WASM_PACK.provide()?)
        .words("test --mode no-install --headless")
        .arg(format!("--{}", browser.name))
        .arg(format!("--{}", browser.driver_name))
        .arg(driver)
        .arg(workspace::root())
        .words("--test web")
        .env("PATH", tools::path_with(&[&WASM_BINDGEN])?)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .limit(minutes(20))
        .watch()?;
    Ok(judge(&outcome, Counts::from_test_results(&outcome.text)))
}

/// Everything that runs in JavaScript; `tests/run.js` knows the runtimes and counts.
pub(crate) fn javascript(runners: &[String], browsers: &[Browser]) -> Result<Ending> {
    let script = workspace::path("tests/run.js");
    ensure!(script.is_file(), "tests/run.js is missing");
    // The servers make keys and certificates with it, as people do.
    if find_program(&["openssl"]).is_none() {
        debian::provide("openssl", &["openssl"]);
    }
    if find_program(&["openssl"]).is_none() {
        return Ok(Ending::Skipped("install openssl 3".to_owned()));
    }
    let drivers = browsers.iter().filter_map(Browser::variable);
    let outcome = npm::node(&script)
        .args(runners)
        .envs(drivers)
        .limit(minutes(45))
        .watch()?;
    let Some(counts) = Counts::from_closing_line(&outcome.text) else {
        return Ok(Ending::Failed(
            Counts::default(),
            "tests/run.js ended without its closing line".to_owned(),
        ));
    };
    Ok(judge(&outcome, counts))
}

/// A run that ends well without a test is a failure: a test that cannot fail is none.
fn judge(outcome: &Outcome, counts: Counts) -> Ending {
    if !outcome.success {
        return Ending::Failed(counts, "see above".to_owned());
    }
    if counts.failed > 0 || counts.passed == 0 {
        let why = format!(
            "{} passed and {} failed, yet it ended well",
            counts.passed, counts.failed
        );
        return Ending::Failed(counts, why);
    }
    Ending::Passed(counts)
}
