//! From Rust to wasm: compile, generate the glue, optimise.

use crate::npm;
use crate::report::step;
use crate::rust::WASM;
use crate::task::minutes;
use crate::workspace::{self, Workspace};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use walrus::{ElementItems, Function, Module};
use wasm_bindgen_cli_support::Bindgen;

/// What rustc 1.95 may emit for this target: wasm-opt refuses code whose features it was not
/// told of. All of them are in Node 18, Safari 15 and everything newer.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What is downloaded gets smaller by these, each measured, gzipped: plain code that repeats
/// itself compresses better than clever code, and a second round finds more once the branches
/// were shaped anew. Nothing of Rust's lies at the lowest addresses, where its stack would end.
const FOR_DOWNLOAD: [&str; 15] = [
    "--dae-optimizing",
    "-Oz",
    "-Os",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Os",
    "--low-memory-unused",
    "--always-inline-max-function-size=3",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=45",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--skip-pass=simplify-locals",
    "--minify-imports-and-exports-and-modules",
];

/// Compiles the crate and writes `glue.js` and `tokenlet.wasm` into `pkg`.
pub(crate) fn generate(workspace: &Workspace, pkg: &Path) -> Result<()> {
    let compiled = step("compile for wasm32", || compile(workspace))?;
    let out = workspace.target.join("bindgen");
    step("wasm-bindgen", || bind(&compiled, &out))?;
    let names = step("wasm-opt", || {
        optimise(&out.join("glue_bg.wasm"), &pkg.join("tokenlet.wasm"))
    })?;
    step("shorten the names in glue.js", || {
        rename(&names, &out, &pkg.join("glue.js"))
    })
}

/// Writes the module of the package with the names of its functions still in it, which tell what
/// it is made of, and returns where. Needs what `generate` left behind.
pub(crate) fn named(workspace: &Workspace) -> Result<PathBuf> {
    let out = workspace.target.join("bindgen");
    let named = out.join("named.wasm");
    step("wasm-opt, keeping the names", || {
        wasm_opt(&out.join("glue_bg.wasm"), "-g", &named)
    })?;
    Ok(named)
}

/// The standard library is compiled along, for size and without the texts of panics, which
/// nobody sees in wasm: a panic traps either way. This took 5.5 of 68 kB off what users download.
/// The flags are not stable yet, so `rust-toolchain.toml` pins the compiler that they are for,
/// and the variable lets that compiler take them.
const FOR_SIZE: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];
const ABORT_AT_ONCE: [&str; 3] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
];
/// More passes over the compiler's own form of the code, less inlining there, and none of four
/// passes that copy code: 1.5 of 55 kB, gzipped, measured.
const PLAIN_CODE: [&str; 6] = [
    "-Zmir-opt-level=3",
    "-Zmir-enable-passes=-JumpThreading,-DestinationPropagation,-EarlyOtherwiseBranch,-ReferencePropagation",
    "-Zinline-mir-threshold=20",
    "-Zinline-mir-hint-threshold=30",
    // Loops instead of one long line of code for SHA-256: 2 kB.
    "--cfg=sha2_backend=\"soft\"",
    "--cfg=sha2_backend_soft=\"compact\"",
];

fn compile(workspace: &Workspace) -> Result<PathBuf> {
    workspace::cargo()
        .words("build --release --lib --package tokenlet --target")
        .arg(WASM)
        .args(FOR_SIZE)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags())
        .limit(minutes(20))
        .run()?;
    let wasm = workspace.target.join(WASM).join("release/tokenlet.wasm");
    ensure!(
        wasm.is_file(),
        "cargo built no {}: is the crate still a cdylib?",
        wasm.display()
    );
    Ok(wasm)
}

/// Compiler flags, among them one that shortens the paths of dependencies: what is published
/// should neither tell where it was built nor depend on it.
fn flags() -> OsString {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    // Flags are separated by this character, so that paths may have spaces in them.
    let inherited = env::var("CARGO_ENCODED_RUSTFLAGS")
        .or_else(|_| env::var("RUSTFLAGS").map(|flags| flags.replace(' ', "\x1f")));
    let fixed = [&ABORT_AT_ONCE[..], &PLAIN_CODE].concat();
    let mut flags = OsString::from(fixed.join("\x1f"));
    if let Some(inherited) = inherited.ok().filter(|flags| !flags.is_empty()) {
        flags.push("\x1f");
        flags.push(inherited);
    }
    if let Some(home) = home {
        flags.push("\x1f--remap-path-prefix=");
        flags.push(home.join("registry/src"));
        flags.push("=crates");
    }
    flags
}

/// Writes the glue and the module, which keeps the names of its functions until it is optimised.
/// The glue names no file of its own accord: each entry hands it the wasm in the form that its
/// runtime takes.
fn bind(compiled: &Path, out: &Path) -> Result<()> {
    // What an earlier version generated must not be found beside the new.
    let _ = fs::remove_dir_all(out);
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .typescript(false)
        .out_name("glue")
        .generate_output()
        .context(
            "wasm-bindgen failed: the crate and wasm-bindgen-cli-support must be of one version",
        )?;
    forget_closures(output.wasm_mut());
    output.emit(out)?;
    ensure!(
        !out.join("snippets").exists(),
        "the crate has inline JavaScript, which this layout has no place for: move it to pkg-template"
    );
    Ok(())
}

/// js-sys has a function for each kind of closure that JavaScript might call. They stay in the
/// module's table, although those that are called are exports: half a kilobyte, gzipped. Another
/// function takes their places, so that whatever else is in the table stays where it is.
fn forget_closures(module: &mut Module) {
    let named = |function: &&Function| {
        let name = function.name.as_deref().unwrap_or_default();
        name.contains("::convert::closures::") && name.contains("::invoke::")
    };
    let closures: BTreeSet<_> = module
        .funcs
        .iter()
        .filter(named)
        .map(Function::id)
        .collect();
    for element in module.elements.iter_mut() {
        let ElementItems::Functions(functions) = &mut element.items else {
            continue;
        };
        let other = functions
            .iter()
            .copied()
            .find(|one| !closures.contains(one));
        for function in functions {
            if closures.contains(function) {
                *function = other.unwrap_or(*function);
            }
        }
    }
}

/// What imports and exports were called, and are called now. The names of wasm-bindgen are up to
/// three hundred characters long, and stand in both files.
type Names = BTreeMap<String, String>;

/// What wasm-opt calls the module that everything is imported from.
const MODULE: &str = "a";

fn optimise(raw: &Path, optimised: &Path) -> Result<Names> {
    let names = wasm_opt(raw, "--strip-debug", optimised)?;
    let told: BTreeMap<String, Vec<Vec<String>>> =
        serde_json::from_str(&names).context("wasm-opt told no names that can be read")?;
    let mut renamed = Names::new();
    // Of an import: its module, its old name, its new one. Of an export: the last two.
    for mut names in told.into_values().flatten() {
        if let (Some(new), Some(old)) = (names.pop(), names.pop()) {
            let twice = renamed.insert(old, new);
            ensure!(
                twice.is_none(),
                "an import and an export are both called so"
            );
        }
        if let Some(module) = names.pop() {
            renamed.insert(module, MODULE.to_owned());
        }
    }
    Ok(renamed)
}

/// Runs wasm-opt, which is told what to do with the names of functions, and returns what it prints.
fn wasm_opt(raw: &Path, names: &str, optimised: &Path) -> Result<String> {
    npm::tool("wasm-opt")
        .arg(raw)
        .args(FOR_DOWNLOAD)
        .args(FEATURES)
        // The list of features has served its purpose and would only be downloaded.
        .args(["--strip-target-features", "--strip-producers", names])
        .arg("-o")
        .arg(optimised)
        .output()
}

/// Gives the glue the module's new names. esbuild renames properties by what they are in the
/// syntax, and a name that it missed would stop the module from being instantiated.
fn rename(names: &Names, out: &Path, glue: &Path) -> Result<()> {
    let cache = out.join("names.json");
    fs::write(&cache, serde_json::to_string(names)?)?;
    let all: Vec<_> = names.keys().map(String::as_str).collect();
    npm::tool("esbuild")
        .arg(out.join("glue.js"))
        .arg(format!("--mangle-props=^({})$", all.join("|")))
        .arg("--mangle-quoted")
        .arg(format!("--mangle-cache={}", cache.display()))
        .args(["--charset=utf8", "--log-level=warning"])
        .arg(format!("--outfile={}", glue.display()))
        .run()
}
