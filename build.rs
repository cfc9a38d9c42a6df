//! Puts the vendors' descriptors into the crate: every file of `src/catalogue`, short of what
//! only people read. Titles, links and help are in the package as JavaScript, where a bundler
//! leaves them out unless somebody asks for them.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/catalogue");
    let mut files: Vec<PathBuf> = fs::read_dir("src/catalogue")?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    // By name, without the ending, which would come before a longer name.
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let mut rows = String::new();
    for file in &files {
        let id = file.file_stem().unwrap_or_default().to_string_lossy();
        let mut descriptor: Value = serde_json::from_str(&fs::read_to_string(file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        if descriptor.get("id").and_then(Value::as_str) != Some(&id) {
            return Err(format!("{}: its 'id' must be '{id}'", file.display()).into());
        }
        leave_out(&mut descriptor, &["title", "docs", "verified"]);
        if let Some(Value::Object(params)) = descriptor.get_mut("params") {
            for param in params.values_mut() {
                leave_out(param, &["help"]);
            }
        }
        writeln!(rows, "    ({id:?}, {:?}),", descriptor.to_string())?;
    }
    let table = format!(
        "/// Every built-in descriptor: id and JSON text.\n\
         static CATALOGUE: [(&str, &str); {}] = [\n{rows}];\n",
        files.len()
    );
    let out = env::var("OUT_DIR")?;
    Ok(fs::write(Path::new(&out).join("catalogue.rs"), table)?)
}

fn leave_out(record: &mut Value, names: &[&str]) {
    if let Value::Object(members) = record {
        for name in names {
            members.shift_remove(*name);
        }
    }
}
