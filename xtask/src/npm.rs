//! Node and npm: installing what a lock file names, and running what was installed.

use crate::report::step;
use crate::task::Task;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Building and testing need at least this version of Node.
const OLDEST_NODE: u32 = 20;

/// Written last into `node_modules`: the lock file that was installed. An interrupted
/// installation has none, and so is not mistaken for a whole one.
const STAMP: &str = ".installed-lock";

/// Refuses to go on without a Node that is new enough.
pub(crate) fn check_node() -> Result<()> {
    let advice = "install Node 20 or newer from https://nodejs.org";
    let version = Task::new("node")
        .arg("--version")
        .output()
        .context(advice)?;
    let version = version.trim();
    let major: Option<u32> = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|word| word.parse().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        Some(_) | None => bail!("found Node {version}: {advice}"),
    }
}

/// `npm ci` in a directory of the repository, when its lock file changed since the last time.
pub(crate) fn install(relative: &str) -> Result<()> {
    let dir = workspace::path(relative);
    let wanted =
        fingerprint(&dir).with_context(|| format!("{relative} has no package-lock.json"))?;
    let stamp = dir.join("node_modules").join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    step(&format!("npm ci in {relative}"), || {
        npm(&dir).arg("ci").run()
    })?;
    fs::create_dir_all(dir.join("node_modules"))?;
    fs::write(&stamp, &wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// npm, run in `dir`.
pub(crate) fn npm(dir: &Path) -> Task {
    Task::new(script("npm")).dir(dir)
}

/// Node, run in the root of the repository.
pub(crate) fn node(script: &Path) -> Task {
    Task::new("node").arg(script).dir(&workspace::root())
}

/// A command from the packages that building needs.
pub(crate) fn tool(name: &str) -> Task {
    Task::new(workspace::path("xtask/npm/node_modules/.bin").join(script(name)))
}

/// npm's commands are `.cmd` files on Windows, and only found by that name.
fn script(name: &str) -> String {
    if cfg!(windows) {
        format!("{name}.cmd")
    } else {
        name.to_owned()
    }
}

/// What decides the outcome of `npm ci`: the lock and the directory's own settings.
fn fingerprint(dir: &Path) -> Result<Vec<u8>> {
    let mut bytes = fs::read(dir.join("package-lock.json"))?;
    bytes.extend(fs::read(dir.join(".npmrc")).unwrap_or_default());
    Ok(bytes)
}
