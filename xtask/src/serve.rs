//! `cargo xtask serve`: the playground page with the package beside it.

use crate::task::Task;
use crate::{build, npm, workspace};
use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Builds, puts the page together and serves it until interrupted.
pub(crate) fn serve() -> Result<()> {
    build::build()?;
    let site = stage()?;
    println!("\nserving {} (end with Ctrl+C)", site.display());
    let mut opened = false;
    npm::node(&workspace::path("tests/servers/static.js"))
        .arg(&site)
        .follow(|line| {
            let url = line
                .split_whitespace()
                .find(|word| word.starts_with("http://"));
            if let (Some(url), false) = (url, opened) {
                opened = true;
                open(url);
            }
        })
}

/// Copies the page into `target/www` and the package into `target/www/tokenlet`.
pub(crate) fn stage() -> Result<PathBuf> {
    let site = workspace::path("target/www");
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("cannot clear {}", site.display()))?;
    }
    copy(&workspace::path("www"), &site)?;
    copy(&workspace::path("pkg"), &site.join("tokenlet"))?;
    Ok(site)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("{} is missing", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Shows the page where there is a desktop to show it on. It is a courtesy: the URL is on
/// the screen already, so a failure is not worth a word.
fn open(url: &str) {
    let desktop = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    let task = match env::consts::OS {
        "macos" => Task::new("open").arg(url),
        "windows" => Task::new("cmd").args(["/C", "start", "", url]),
        _ if desktop => Task::new("xdg-open").arg(url),
        _ => return,
    };
    let _ = task.output();
}
