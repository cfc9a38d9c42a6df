//! How large the package is, raw and as it travels.

use crate::npm;
use crate::workspace;
use anyhow::{Context, Result};
use std::path::Path;

/// Prints the sizes of the wasm and of the JavaScript, and of what a page would download.
pub(crate) fn print(pkg: &Path) -> Result<()> {
    let table = npm::node(&workspace::path("xtask/npm/sizes.js"))
        .arg(pkg)
        .output();
    print!("\n{}", table.context("cannot measure the package")?);
    Ok(())
}
