//! The Rust parts that a `rustup` installation may lack.

use crate::task::Task;
use crate::workspace::cargo;
use anyhow::{Context, Result};
use std::path::Path;

/// What the package is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target. Where it is there already nothing is run, so this works offline.
pub(crate) fn wasm_target() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = Task::new(rustc)
        .args(["--print", "target-libdir", "--target", WASM])
        .output();
    if folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    rustup(&["target", "add", WASM])
}

/// Adds the sources of the standard library, which is compiled for size with the package.
pub(crate) fn sources() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let root = Task::new(rustc).args(["--print", "sysroot"]).output();
    let manifest = "lib/rustlib/src/rust/library/Cargo.toml";
    if root.is_ok_and(|root| Path::new(root.trim()).join(manifest).is_file()) {
        return Ok(());
    }
    rustup(&["component", "add", "rust-src"])
}

/// Adds `rustfmt` and `clippy`, which a minimal installation leaves out.
pub(crate) fn components() -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if cargo().args([command, "--version"]).output().is_err() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(words: &[&str]) -> Result<()> {
    println!("setting up: rustup {}", words.join(" "));
    let advice = || {
        format!(
            "run `rustup {}`, or install rustup from https://rustup.rs",
            words.join(" ")
        )
    };
    Task::new("rustup").args(words).run().with_context(advice)
}
