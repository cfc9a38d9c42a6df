//! Uses of the installed package: the demonstration and the measurements.

use crate::report::step;
use crate::task::{Task, minutes};
use crate::{bindgen, build, npm, workspace};
use anyhow::Result;
use std::fs;
use std::path::Path;

/// `cargo xtask demo`
pub(crate) fn demo() -> Result<()> {
    install(&build::build()?)?;
    println!("\n→ node tests/consumer/demo.js\n");
    npm::node(&workspace::path("tests/consumer/demo.js"))
        .limit(minutes(2))
        .run()
}

/// `cargo xtask bench`, with operands for `bench.js`: speed, what each part costs, then size.
pub(crate) fn bench(operands: &[String]) -> Result<()> {
    install(&build::build()?)?;
    let named = bindgen::named(&workspace::workspace()?)?;
    npm::install("bench")?;
    println!("\n→ node bench/bench.js\n");
    npm::node(&workspace::path("bench/bench.js"))
        .args(operands)
        .limit(minutes(30))
        .run()?;
    println!("\n→ node bench/weights.js\n");
    npm::node(&workspace::path("bench/weights.js"))
        .arg("--wasm")
        .arg(named)
        .limit(minutes(10))
        .run()?;
    println!("\n→ node bench/size.js\n");
    npm::node(&workspace::path("bench/size.js")).run()
}

/// `cargo xtask compare`: hostile servers, herds, outages and dead leaders, for Tokenlet and peers.
pub(crate) fn compare() -> Result<()> {
    install(&build::build()?)?;
    npm::install("bench")?;
    // The workerd in which leaders die is among the runtimes of the tests.
    npm::install("tests")?;
    println!("\n→ node bench/side-by-side.js\n");
    npm::node(&workspace::path("bench/side-by-side.js"))
        .limit(minutes(20))
        .run()
}

/// Installs the tarball into `tests/consumer`, as any project would install the package.
pub(crate) fn install(tarball: &Path) -> Result<()> {
    let consumer = workspace::path("tests/consumer");
    step("install the tarball into tests/consumer", || {
        // npm goes by name and version, and would keep an older build of the same version.
        for stale in ["node_modules/tokenlet", "node_modules/.package-lock.json"] {
            remove(&consumer.join(stale))?;
        }
        install_command(&consumer, tarball).output().map(drop)
    })
}

/// Without `--prefix`, npm would install into `tests`, the nearest directory with packages.
fn install_command(consumer: &Path, tarball: &Path) -> Task {
    npm::npm(consumer)
        .words("install --silent --no-save --no-package-lock --offline --ignore-scripts --prefix")
        .arg(consumer)
        .arg(tarball)
}

fn remove(path: &Path) -> Result<()> {
    if path.is_dir() {
        fs::remove_dir_all(path)?;
    } else if path.exists() {
        fs::remove_file(path)?;
    }
    Ok(())
}
