//! `cargo xtask test`: the order of the stages, and which of them a part has.

use crate::browsers::{self, Browser};
use crate::report::Report;
use crate::stages::{self, passed, whole};
use crate::tools::{CARGO_FUZZ, WASM_BINDGEN, WASM_PACK};
use crate::{build, consumer, fuzz, npm, rust, serve};
use anyhow::{Result, bail};
use std::env;

/// What the names of those runners have in them that open a browser.
const IN_BROWSER: [&str; 4] = ["chromium", "firefox", "webkit", "page-"];

/// Runs all stages or one part, to the end whatever fails, and closes with a table.
pub(crate) fn test(operands: &[String]) -> Result<()> {
    let mut report = Report::default();
    let (part, runners) = match operands.split_first() {
        Some((part, runners)) => (part.as_str(), runners),
        None => ("all", operands),
    };
    if part != "js" && !runners.is_empty() {
        bail!("only `test js` takes the names of runners");
    }
    match part {
        "all" => {
            in_rust(&mut report);
            fuzzing(&mut report);
            let browsers = find_browsers(&mut report);
            in_browsers(&mut report, &browsers);
            in_javascript(&mut report, runners, &browsers);
        }
        "rust" => in_rust(&mut report),
        "fuzz" => fuzzing(&mut report),
        "web" => {
            let browsers = find_browsers(&mut report);
            in_browsers(&mut report, &browsers);
        }
        "js" => {
            let browsers = if needs_browser(runners) {
                find_browsers(&mut report)
            } else {
                Vec::new()
            };
            in_javascript(&mut report, runners, &browsers);
        }
        other => bail!("there is no part '{other}': the parts are rust, fuzz, web and js"),
    }
    // In CI nothing may be skipped: what was not tested is not known to work.
    report.close(env::var("CI").is_ok_and(|value| value == "true"))
}

fn in_rust(report: &mut Report) {
    report.stage("set up Rust", || {
        rust::components()?;
        rust::wasm_target()?;
        Ok(passed())
    });
    report.stage("cargo fmt --check", || whole(stages::format()));
    report.stage("clippy, native", || whole(stages::clippy()));
    report.stage("clippy, wasm32", || whole(stages::clippy_wasm()));
    report.stage("cargo test", stages::cargo_test);
    report.stage("cargo doc", stages::documentation);
}

fn fuzzing(report: &mut Report) {
    report.stage("set up cargo-fuzz", || {
        fuzz::set_up();
        rust::components()?;
        CARGO_FUZZ.provide()?;
        Ok(passed())
    });
    report.stage("cargo fmt --check, fuzz", || whole(fuzz::format()));
    if fuzz::has_compiler() {
        report.stage("clippy, fuzz", || whole(fuzz::clippy()?));
    }
    report.stage("fuzz", fuzz::stage);
}

fn find_browsers(report: &mut Report) -> Vec<Browser> {
    let mut found = Vec::new();
    report.stage("set up browsers", || {
        found = browsers::provide();
        Ok(passed())
    });
    found
}

fn in_browsers(report: &mut Report, browsers: &[Browser]) {
    report.stage("set up wasm-pack", || {
        rust::wasm_target()?;
        WASM_BINDGEN.provide()?;
        WASM_PACK.provide()?;
        Ok(passed())
    });
    for browser in browsers {
        let name = format!("wasm-pack test, {}", browser.name);
        report.stage(&name, || stages::wasm_pack(browser));
    }
}

fn in_javascript(report: &mut Report, runners: &[String], browsers: &[Browser]) {
    report.stage("types and tables of the catalogue", stages::generated);
    let built = report.stage("build and install the package", || {
        consumer::install(&build::build()?)?;
        serve::stage()?;
        Ok(passed())
    });
    report.stage("size of a bundled Worker", || {
        if built {
            return whole(stages::size()?);
        }
        bail!("not measured, for it needs the package")
    });
    let set_up = report.stage("set up runtimes", || {
        npm::install("tests")?;
        Ok(passed())
    });
    report.stage("tests/run.js", || {
        if built && set_up {
            return stages::javascript(runners, browsers);
        }
        bail!("not run, for it needs the package and the runtimes")
    });
}

/// Running in Node alone should not install three browsers.
fn needs_browser(runners: &[String]) -> bool {
    let opens_one = |runner: &String| IN_BROWSER.iter().any(|part| runner.contains(part));
    runners.is_empty() || runners.iter().any(opens_one)
}
