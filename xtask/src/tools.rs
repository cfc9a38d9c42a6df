//! Tools that cargo builds: compiled once, kept in the user's cache, never half installed.

use crate::report::step;
use crate::task::minutes;
use crate::workspace::{self, cargo};
use anyhow::{Context, Result, ensure};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process;

/// A command of one exact version.
pub(crate) struct Tool {
    /// The crate, as `cargo install` takes it.
    name: &'static str,
    version: &'static str,
    /// The command that shows the tool to be there.
    command: &'static str,
}

pub(crate) const WASM_PACK: Tool = Tool {
    name: "wasm-pack",
    version: "0.15.1",
    command: "wasm-pack",
};

/// Brings the test runner too, and must be of the version of the `wasm-bindgen` crate.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen-cli",
    version: "0.2.130",
    command: "wasm-bindgen-test-runner",
};

pub(crate) const GECKODRIVER: Tool = Tool {
    name: "geckodriver",
    version: "0.37.1",
    command: "geckodriver",
};

pub(crate) const CARGO_FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
    command: "cargo-fuzz",
};

pub(crate) const CARGO_MUTANTS: Tool = Tool {
    name: "cargo-mutants",
    version: "27.1.0",
    command: "cargo-mutants",
};

impl Tool {
    /// The command's path, after building it if it is not in the cache.
    pub(crate) fn provide(&self) -> Result<PathBuf> {
        let command = self
            .bin()
            .join(format!("{}{}", self.command, env::consts::EXE_SUFFIX));
        if !command.is_file() {
            let name = format!(
                "cargo install {} {} (minutes, once)",
                self.name, self.version
            );
            step(&name, || self.install())?;
        }
        ensure!(
            command.is_file(),
            "{} {} brought no {}",
            self.name,
            self.version,
            command.display()
        );
        Ok(command)
    }

    /// The directory of the tool's commands.
    pub(crate) fn bin(&self) -> PathBuf {
        self.home().join("bin")
    }

    fn home(&self) -> PathBuf {
        workspace::cache()
            .join("tools")
            .join(format!("{}-{}", self.name, self.version))
    }

    /// Installs beside the final place and moves the whole there in one step, so that an
    /// interrupted installation is never taken for a finished one. What was compiled until
    /// then is kept apart, and the next attempt goes on from there.
    fn install(&self) -> Result<()> {
        let tools = workspace::cache().join("tools");
        let half = tools.join(format!(".{}-{}.{}", self.name, self.version, process::id()));
        let compiled = tools.join(format!(".{}-{}.target", self.name, self.version));
        fs::create_dir_all(&tools)
            .with_context(|| format!("cannot write {}: set TOKENLET_CACHE", tools.display()))?;
        cargo()
            // An unoptimised build takes a sixth of the time and is quick enough.
            .args(["install", "--debug", "--force", self.name, "--version"])
            .arg(format!("={}", self.version))
            .arg("--root")
            .arg(&half)
            .arg("--target-dir")
            .arg(&compiled)
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .limit(minutes(30))
            .run()
            .with_context(|| {
                format!(
                    "installing {} needs the crates registry and a C compiler",
                    self.name
                )
            })?;
        if fs::rename(&half, self.home()).is_err() && !self.bin().is_dir() {
            // Something that is no finished installation stands in the way.
            fs::remove_dir_all(self.home())?;
            fs::rename(&half, self.home())?;
        }
        let _ = fs::remove_dir_all(half);
        let _ = fs::remove_dir_all(compiled);
        Ok(())
    }
}

/// `PATH` with the directories of these tools before the others.
pub(crate) fn path_with(tools: &[&Tool]) -> Result<OsString> {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let ours = tools.iter().map(|tool| tool.bin());
    env::join_paths(ours.chain(env::split_paths(&inherited)))
        .context("a directory on PATH has a colon in its name")
}
