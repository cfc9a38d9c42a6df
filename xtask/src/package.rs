//! What the package holds: the template's files, the generated code, and what is derived.
//!
//! The manifest in `pkg-template` decides: each name in its `files` is made or copied here,
//! and nothing else gets in.

use crate::npm;
use crate::workspace::{self, Workspace};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Stands in the template's manifest where the version from `Cargo.toml` belongs.
const VERSION_PLACEHOLDER: &str = "\"version\": \"0.0.0\"";

/// Where files that are published as they are may stand, most particular first.
const SOURCES: [&str; 3] = ["pkg-template/entry", "pkg-template", "."];

/// What is made rather than copied.
const MADE: [&str; 7] = [
    "package.json",
    "catalogue.js",
    "glue.js",
    "tokenlet.wasm",
    "wasm-inline.js",
    "node.cjs",
    "index.d.cts",
];

/// npm publishes these without being told, so that a manifest's `files` need not name them.
const IMPLIED: [&str; 1] = ["package.json"];

/// Completes `pkg`, in which the glue and the wasm already are.
pub(crate) fn assemble(workspace: &Workspace, pkg: &Path) -> Result<()> {
    let published = write_manifest(workspace, pkg)?;
    for name in &published {
        if !MADE.contains(&name.as_str()) {
            copy(name, pkg)?;
        }
    }
    // TypeScript takes a declaration's module format from its name; the words are the same.
    fs::copy(pkg.join("index.d.ts"), pkg.join("index.d.cts"))
        .context("index.d.ts is not published")?;
    write_catalogue(pkg)?;
    inline_wasm(pkg)?;
    bundle_commonjs(pkg)?;
    compare(&published, pkg)
}

/// Writes `package.json` with the version in it, and returns the names that it publishes.
fn write_manifest(workspace: &Workspace, pkg: &Path) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(workspace::path("pkg-template/package.json"))
        .context("pkg-template/package.json cannot be read")?;
    ensure!(
        text.matches(VERSION_PLACEHOLDER).count() == 1,
        "pkg-template/package.json must say {VERSION_PLACEHOLDER} once: the version is set from Cargo.toml"
    );
    let version = format!("\"version\": \"{}\"", workspace.version);
    let text = text.replace(VERSION_PLACEHOLDER, &version);
    fs::write(pkg.join("package.json"), &text)?;

    let manifest: Value =
        serde_json::from_str(&text).context("pkg-template/package.json is not JSON")?;
    let files = manifest
        .get("files")
        .and_then(Value::as_array)
        .context("package.json has no \"files\"")?;
    let names = files.iter().filter_map(Value::as_str).chain(IMPLIED);
    Ok(names.map(str::to_owned).collect())
}

fn copy(name: &str, pkg: &Path) -> Result<()> {
    let places = SOURCES.map(|source| workspace::path(source).join(name));
    let found = places.iter().find(|place| place.is_file());
    let found = found.with_context(|| {
        format!("package.json publishes {name}, which is in none of {SOURCES:?}")
    })?;
    fs::copy(found, pkg.join(name))?;
    Ok(())
}

/// What people read of the built-in vendors, and the core does without.
fn write_catalogue(pkg: &Path) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(workspace::path("src/catalogue"))? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    // By name, without the ending, which would come before a longer name.
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let mut module =
        "// The built-in descriptors, from src/catalogue.\nexport default [\n".to_owned();
    for file in files {
        module.push_str(fs::read_to_string(file)?.trim_end());
        module.push_str(",\n");
    }
    module.push_str("];\n");
    Ok(fs::write(pkg.join("catalogue.js"), module)?)
}

/// The wasm as a module of its own: the one form that needs no loader, no file and no fetch.
fn inline_wasm(pkg: &Path) -> Result<()> {
    let base64 = STANDARD.encode(fs::read(pkg.join("tokenlet.wasm"))?);
    let module = format!(
        "// tokenlet.wasm as base64, for runtimes and bundlers that import no wasm.\n\
         export default '{base64}';\n"
    );
    Ok(fs::write(pkg.join("wasm-inline.js"), module)?)
}

/// Bundles the default entry for `require`. It stays readable: people debug into it.
fn bundle_commonjs(pkg: &Path) -> Result<()> {
    npm::tool("esbuild")
        .dir(pkg)
        .args([
            "inline.js",
            "--bundle",
            "--format=cjs",
            "--platform=node",
            "--target=node20",
        ])
        .args([
            "--charset=utf8",
            "--log-level=warning",
            "--outfile=node.cjs",
        ])
        .run()
        .context("a file of the face may be missing from \"files\" in pkg-template/package.json")
}

/// Nothing that is published may be missing, and nothing else may be there.
fn compare(published: &BTreeSet<String>, pkg: &Path) -> Result<()> {
    let mut present = BTreeSet::new();
    for entry in fs::read_dir(pkg)? {
        present.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let difference: Vec<_> = published
        .symmetric_difference(&present)
        .map(String::as_str)
        .collect();
    ensure!(
        difference.is_empty(),
        "pkg/ and \"files\" in pkg-template/package.json differ in: {}",
        difference.join(", ")
    );
    Ok(())
}
