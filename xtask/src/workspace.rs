//! Where things are. Every path is absolute, so that commands work from any directory.

use crate::task::Task;
use anyhow::{Context, Result};
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};

/// What `cargo metadata` knows about this workspace.
pub(crate) struct Workspace {
    /// The one place where the version stands is `Cargo.toml`.
    pub(crate) version: String,
    /// Where cargo puts what it builds; `CARGO_TARGET_DIR` may have moved it.
    pub(crate) target: PathBuf,
}

/// Asks cargo for the version and the target directory.
pub(crate) fn workspace() -> Result<Workspace> {
    let text = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    let target = metadata.get("target_directory").and_then(Value::as_str);
    let version = metadata
        .get("packages")
        .and_then(Value::as_array)
        .and_then(|packages| {
            packages
                .iter()
                .find(|one| one.get("name") == Some(&"tokenlet".into()))
        })
        .and_then(|package| package.get("version"))
        .and_then(Value::as_str);
    Ok(Workspace {
        version: version
            .context("cargo metadata names no package 'tokenlet'")?
            .into(),
        target: target
            .context("cargo metadata names no target directory")?
            .into(),
    })
}

/// A file or directory of the repository, given from its root.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// The root of the repository: the directory above this crate's.
pub(crate) fn root() -> PathBuf {
    let own =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let own = PathBuf::from(own);
    own.parent().unwrap_or(&own).to_path_buf()
}

/// The user's cache, where tools that take minutes to compile outlive a `cargo clean`.
pub(crate) fn cache() -> PathBuf {
    if let Some(chosen) = directory("TOKENLET_CACHE") {
        return chosen;
    }
    let home = || env::home_dir().unwrap_or_else(env::temp_dir);
    directory("XDG_CACHE_HOME")
        .unwrap_or_else(|| home().join(".cache"))
        .join("tokenlet")
}

/// The cargo that runs this program, in the root of the repository.
pub(crate) fn cargo() -> Task {
    Task::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).dir(&root())
}

/// The first of these programs that is on `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        env::split_paths(&folders)
            .map(|folder| folder.join(&file))
            .find(|path| path.is_file())
    })
}

/// A directory named by the environment; an empty or relative value counts as none.
fn directory(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| Path::is_absolute(path))
}
