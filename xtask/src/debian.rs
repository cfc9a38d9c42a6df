//! Debian's packages, where they can be installed without asking anyone.

use crate::report::step;
use crate::task::{Task, minutes};
use crate::workspace::find_program;
use anyhow::Result;
use std::fs;

/// Installs `packages`, which are for `purpose`. Where that is not for us to do it says how it is
/// done, and what could not be installed is missed later on, by name.
pub(crate) fn provide(purpose: &str, packages: &[&str]) {
    if !may_install() {
        let packages = packages.join(" ");
        println!("  {purpose}: missing; on Debian: sudo apt-get install {packages}");
    } else if let Err(error) = install(purpose, packages) {
        println!("  {purpose}: not installed: {error:#}");
    }
}

fn may_install() -> bool {
    fs::exists("/etc/debian_version").unwrap_or(false)
        && find_program(&["apt-get"]).is_some()
        && Task::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|id| id.trim() == "0")
}

fn install(purpose: &str, packages: &[&str]) -> Result<()> {
    let apt = || {
        Task::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .limit(minutes(20))
    };
    step(&format!("apt-get install, for the {purpose}"), || {
        apt().arg("update").run()?;
        apt()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .run()
    })
}
