//! Builds, demonstrates, tests, measures and serves the npm package `tokenlet`.
//!
//! In scope: everything that turns a fresh clone into a package and proves that it works.
//! Needed before: rustup and Node 20 or newer. All else is fetched when it is first needed.
//!
//! `bindgen` and `package` make the package, `consumer` installs it, `stages` and `report`
//! run the tests, `fuzz` and `mutants` try the core harder. Below them are `browsers`, `debian`,
//! `tools`, `npm` and `rust`, which provide what must be there first, and `task` and `workspace`,
//! on which everything stands.

mod bindgen;
mod browsers;
mod build;
mod consumer;
mod debian;
mod fuzz;
mod mutants;
mod npm;
mod package;
mod report;
mod rust;
mod serve;
mod sizes;
mod stages;
mod task;
mod test;
mod tools;
mod tree;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// One word of the command line: its name, what may follow it, what it does.
struct Command {
    name: &'static str,
    operands: &'static str,
    summary: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: [Command; 8] = [
    Command {
        name: "build",
        operands: "",
        summary: "make the npm package in pkg/ and pack it",
        run: |operands| none(operands).and_then(|()| build::build().map(drop)),
    },
    Command {
        name: "demo",
        operands: "",
        summary: "build, install the packed package into tests/consumer, use it from there",
        run: |operands| none(operands).and_then(|()| consumer::demo()),
    },
    Command {
        name: "test",
        operands: "[rust | fuzz | web | js [runner…]]",
        summary: "run every test on every runtime, or one part of them",
        run: test::test,
    },
    Command {
        name: "fuzz",
        operands: "[target…] [--seconds N]",
        summary: "throw arbitrary bytes at the core, 30 s for each target",
        run: fuzz::fuzz,
    },
    Command {
        name: "mutants",
        operands: "[option…]",
        summary: "break the core in every small way, and name what no test notices",
        run: mutants::mutants,
    },
    Command {
        name: "bench",
        operands: "[--check]",
        summary: "build, then measure speed and size into bench/RESULTS.md",
        run: consumer::bench,
    },
    Command {
        name: "compare",
        operands: "",
        summary: "build, then put the package beside its peers, into bench/SIDE-BY-SIDE.md",
        run: |operands| none(operands).and_then(|()| consumer::compare()),
    },
    Command {
        name: "serve",
        operands: "",
        summary: "build, then serve the playground page from this machine",
        run: |operands| none(operands).and_then(|()| serve::serve()),
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<()> {
    let Some((name, operands)) = words.split_first() else {
        help();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        help();
        return Ok(());
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(operands),
        None => {
            help();
            bail!("there is no command '{name}'")
        }
    }
}

fn help() {
    println!("usage: cargo xtask <command>\n");
    for command in &COMMANDS {
        let usage = format!("{} {}", command.name, command.operands);
        println!("  {usage:<38}{}", command.summary);
    }
    println!(
        "\nTools built by cargo are kept in {} ($TOKENLET_CACHE moves it).",
        workspace::cache().display()
    );
}

/// Refuses operands where a command takes none, so that a typing error is not passed over.
fn none(operands: &[String]) -> Result<()> {
    match operands.first() {
        Some(word) => bail!("this command takes nothing further, but was given '{word}'"),
        None => Ok(()),
    }
}
