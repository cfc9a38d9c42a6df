//! `cargo xtask fuzz`: arbitrary bytes against the core, for a bounded time.
//!
//! It is `cargo fuzz run`, which works by itself, too. What it learns stays in the target
//! directory; what it finds goes to `fuzz/artifacts`, which git ignores.

use crate::debian;
use crate::report::{Counts, Ending, step};
use crate::task::{Task, minutes};
use crate::tools::CARGO_FUZZ;
use crate::workspace::{self, cargo, find_program};
use anyhow::{Result, bail, ensure};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The targets, each a file in `fuzz/targets`.
const TARGETS: [&str; 4] = ["config", "descriptor", "answer", "engine"];
/// What ends a test on a machine that is far slower than most,
const MOST_SECONDS_IN_TEST: u64 = 300;
/// and how long each target runs elsewhere, unless `--seconds` says otherwise.
const SECONDS: u64 = 30;

/// Bounds for each input, so that a hang and a leak are findings, too: seconds, and megabytes
/// for the whole run.
const BOUNDS: &str = "-timeout=10 -rss_limit_mb=2048 -max_len=4096";
/// No sanitizer: the core forbids unsafe code, and without one the pinned compiler will do.
const SANITIZER: &str = "--sanitizer none";

/// What came of running one target.
struct Run {
    target: &'static str,
    executions: String,
    /// The command that shows the finding again; `None`: nothing was found.
    finding: Option<String>,
}

/// Runs the targets that are named, or all, and tells in one line each what came of it.
pub(crate) fn fuzz(operands: &[String]) -> Result<()> {
    let (targets, seconds) = read(operands)?;
    let runs = run(&targets, |target| explore(target, seconds))?;
    ensure!(
        runs.iter().all(|run| run.finding.is_none()),
        "something was found: see above"
    );
    Ok(())
}

/// Installs what libFuzzer is compiled with, where that can be done without asking.
pub(crate) fn set_up() {
    if !has_compiler() {
        debian::provide("fuzzing", &["g++"]);
    }
}

/// All targets, as a stage of `cargo xtask test`; each counts as a test.
pub(crate) fn stage() -> Result<Ending> {
    if !has_compiler() {
        let advice = "install a C++ compiler (Debian: g++)";
        return Ok(Ending::Skipped(advice.to_owned()));
    }
    let mut counts = Counts::default();
    for run in run(&TARGETS, repeat)? {
        counts = counts.plus(Counts {
            passed: u32::from(run.finding.is_none()),
            failed: u32::from(run.finding.is_some()),
            skipped: 0,
        });
    }
    Ok(match counts.failed {
        0 => Ending::Passed(counts),
        _ => Ending::Failed(counts, "something was found: see above".to_owned()),
    })
}

/// The fuzzing crate is a workspace of its own, which the other stages never see.
pub(crate) fn format() -> Task {
    cargo().words("fmt --manifest-path fuzz/Cargo.toml --check")
}

pub(crate) fn clippy() -> Result<Task> {
    Ok(cargo()
        .words("clippy --manifest-path fuzz/Cargo.toml --all-targets --locked --target-dir")
        .arg(compiled()?)
        .words("-- --deny warnings")
        .limit(minutes(20)))
}

/// libFuzzer is written in C++.
pub(crate) fn has_compiler() -> bool {
    env::var_os("CXX").is_some() || find_program(&["c++", "g++", "clang++"]).is_some()
}

fn read(operands: &[String]) -> Result<(Vec<&'static str>, u64)> {
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    let mut words = operands.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().and_then(|word| word.parse().ok());
            let Some(number @ 1..) = number else {
                bail!("--seconds takes a number from 1");
            };
            seconds = number;
        } else if let Some(target) = TARGETS.iter().find(|target| *target == word) {
            targets.push(*target);
        } else {
            bail!(
                "there is no target '{word}': they are {}",
                TARGETS.join(", ")
            );
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    Ok((targets, seconds))
}

fn run(targets: &[&'static str], one: impl Fn(&'static str) -> Result<Run>) -> Result<Vec<Run>> {
    step("compile the targets", || {
        cargo_fuzz("build")?.limit(minutes(20)).run()
    })?;
    let mut runs = Vec::new();
    for target in targets {
        runs.push(step(&format!("fuzz {target}"), || one(target))?);
    }
    println!();
    for run in &runs {
        let found = match &run.finding {
            None => "nothing found".to_owned(),
            Some(command) => format!("FOUND: {command}"),
        };
        println!(
            "{:<12}{:>12} executions  {found}",
            run.target, run.executions
        );
    }
    Ok(runs)
}

/// Goes on from what earlier runs learnt, with new luck.
fn explore(target: &'static str, seconds: u64) -> Result<Run> {
    let corpus = corpus("corpus", target)?;
    libfuzzer(target, &corpus, "-seed=0", seconds)
}

/// From the same start each time, and as far on every machine. libFuzzer is not quite repeatable
/// beyond that: it learns from what is compared, and addresses are.
fn repeat(target: &'static str) -> Result<Run> {
    let corpus = corpus("corpus-of-test", target)?;
    fs::remove_dir_all(&corpus)?;
    fs::create_dir(&corpus)?;
    // Some twenty seconds on two cores.
    let inputs = match target {
        "config" => 5_000,
        "descriptor" => 40_000,
        "answer" => 80_000,
        _ => 2_000_000,
    };
    let inputs = format!("-seed=1 -runs={inputs}");
    libfuzzer(target, &corpus, &inputs, MOST_SECONDS_IN_TEST)
}

fn corpus(folder: &str, target: &str) -> Result<PathBuf> {
    let corpus = compiled()?.join(folder).join(target);
    fs::create_dir_all(&corpus)?;
    Ok(corpus)
}

fn libfuzzer(target: &'static str, corpus: &Path, inputs: &str, seconds: u64) -> Result<Run> {
    let outcome = cargo_fuzz("run")?
        .arg(target)
        // The first is where new inputs go.
        .arg(corpus)
        .arg(format!("fuzz/seeds/{target}"))
        .words("-- -dict=fuzz/dictionary -verbosity=0 -print_funcs=0 -print_final_stats=1")
        .words(BOUNDS)
        .words(inputs)
        .arg(format!("-max_total_time={seconds}"))
        .limit(minutes(20).saturating_add(Duration::from_secs(seconds)))
        .watch()?;
    let after = |mark: &str| {
        let rest = outcome.text.lines().find_map(|line| line.split_once(mark));
        rest.map(|(_, rest)| rest.trim().to_owned())
    };
    let artifact = after("Test unit written to ");
    ensure!(
        outcome.success || artifact.is_some(),
        "cargo fuzz failed with {target}: see above"
    );
    let executions = after("stat::number_of_executed_units:");
    Ok(Run {
        target,
        finding: artifact.map(|artifact| {
            let tool = CARGO_FUZZ.bin().join("cargo-fuzz");
            format!("{} run {SANITIZER} {target} {artifact}", tool.display())
        }),
        executions: executions.unwrap_or_else(|| "?".to_owned()),
    })
}

/// libFuzzer speaks on standard error alone, which a task does not keep: the shell joins the
/// two. Without one, as on Windows, libFuzzer does not work either.
fn cargo_fuzz(command: &str) -> Result<Task> {
    Ok(Task::new("sh")
        .args(["-c", "exec \"$0\" \"$@\" 2>&1"])
        .arg(CARGO_FUZZ.provide()?)
        .arg(command)
        .words(SANITIZER)
        .arg("--target-dir")
        .arg(compiled()?)
        .dir(&workspace::root()))
}

fn compiled() -> Result<PathBuf> {
    Ok(workspace::workspace()?.target.join("fuzz"))
}
