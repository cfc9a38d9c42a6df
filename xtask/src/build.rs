//! `cargo xtask build`: from a clone to `pkg/` and the tarball that npm would publish.

use crate::report::step;
use crate::workspace::{self, Workspace};
use crate::{bindgen, npm, package, rust, sizes};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// Builds the package and returns the tarball's path.
pub(crate) fn build() -> Result<PathBuf> {
    set_up()?;
    let workspace = workspace::workspace()?;
    let pkg = workspace::path("pkg");
    // A failed build leaves no older package behind that could be taken for the new one.
    if pkg.exists() {
        fs::remove_dir_all(&pkg).context("cannot clear pkg/")?;
    }
    fs::create_dir_all(&pkg)?;
    bindgen::generate(&workspace, &pkg)?;
    step("assemble pkg/", || package::assemble(&workspace, &pkg))?;
    let tarball = step("npm pack", || pack(&workspace))?;
    sizes::print(&pkg)?;
    println!(
        "\npackage: {}\ntarball: {}",
        pkg.display(),
        tarball.display()
    );
    Ok(tarball)
}

/// Provides what building needs: the wasm target, the sources of the standard library, Node,
/// and two packages from npm.
fn set_up() -> Result<()> {
    rust::wasm_target()?;
    rust::sources()?;
    npm::check_node()?;
    npm::install("xtask/npm")
}

/// Packs through npm itself, so that the tarball holds exactly what would be published.
fn pack(workspace: &Workspace) -> Result<PathBuf> {
    let pkg = workspace::path("pkg");
    // Its listing goes to the error stream, which is only of use when something fails.
    npm::npm(&pkg)
        .args(["pack", "--silent", "--ignore-scripts"])
        .output()?;
    let tarball = pkg.join(format!("tokenlet-{}.tgz", workspace.version));
    anyhow::ensure!(tarball.is_file(), "npm pack left no {}", tarball.display());
    Ok(tarball)
}
