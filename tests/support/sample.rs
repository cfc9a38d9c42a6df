//! The samples of `tests/samples`: what vendors document, one token request a file, with
//! its answer and a refusal.

use std::fs;
use std::path::{Path, PathBuf};

use tokenlet::time::{Millis, Now};
use tokenlet::value::Value;

use super::held::ASSERTION;
use super::host::{Ordered, read_date};
use crate::support::START;

/// One file.
pub(crate) struct Sample {
    /// The name of the file, without its ending.
    pub(crate) name: String,
    /// What stands in it.
    pub(crate) whole: Value,
}

/// All of them, by name; a file that is not JSON fails here.
pub(crate) fn samples() -> Vec<Sample> {
    files("tests/samples")
        .iter()
        .map(|file| sample(file))
        .collect()
}

/// The ids of the built-in vendors.
pub(crate) fn catalogue() -> Vec<String> {
    files("src/catalogue")
        .iter()
        .map(|file| name_of(file))
        .collect()
}

impl Sample {
    /// What stands at a dotted path; null where nothing does.
    pub(crate) fn at(&self, path: &str) -> &Value {
        self.whole.at(path).unwrap_or(&Value::Null)
    }

    /// The id of the built-in that it is about, where it is about one.
    pub(crate) fn built_in(&self) -> Option<&str> {
        self.at("provider").as_str()
    }

    /// What a user would pass. A refusal is not tried again, and with TLS client
    /// authentication a `fetch` has to be given.
    pub(crate) fn config(&self) -> Value {
        let mut config = self.at("config").clone();
        config.put("retries", Value::Number(0.0));
        config.put("fetch", Value::Opaque("a function"));
        config
    }

    /// Whether nothing is sent: the token is what the client signs.
    pub(crate) fn is_direct(&self) -> bool {
        *self.at("request") == Value::Null
    }

    /// The clock, as a text without a fraction of a second.
    pub(crate) fn instant(&self) -> &str {
        self.at("now").as_str().unwrap_or(START_TEXT)
    }

    /// Both clocks when the request is sent and answered.
    pub(crate) fn now(&self) -> Now {
        let wall: Millis = read_date(self.instant()).unwrap();
        Now { wall, ..START }
    }

    /// What is wrong with the file itself.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (path, names) in RECORDS {
            match self.at(path) {
                Value::Null if self.may_lack(path) => {}
                Value::Object(members) => compare_names(path, members, names, &mut faults),
                other => faults.push(format!(
                    "'{path}': expected an object, got {}",
                    other.kind()
                )),
            }
        }
        let mut expect = |right: bool, what: &str| {
            if !right {
                faults.push(format!("expected {what}"));
            }
        };
        let text = |path: &str| self.at(path).as_str().unwrap_or_default();
        expect(text("page").starts_with("https://"), "'page' to be a page");
        expect(!text("shows").is_empty(), "'shows' to say something");
        let now = self.whole.member("now");
        expect(
            now.is_none_or(|now| is_instant(now.own_text())),
            "'now' as in 2026-01-31T12:00:00Z",
        );
        expect(
            self.is_direct() == self.whole.member("answer").is_none()
                && self.is_direct() == self.whole.member("refusal").is_none()
                && !(self.is_direct() && self.whole.member("assertion").is_none()),
            "an answer and a refusal to a request, and an assertion where there is none",
        );
        expect(
            is_body(self.at("request.body")),
            "'request.body' to be null, { form } or { json }",
        );
        expect(
            self.whole.members("request.headers").iter().all(is_header),
            "'request.headers' to have lower-case names and texts",
        );
        expect(
            self.built_in().is_none_or(|id| {
                let variant = self.name.strip_prefix(id);
                variant.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }),
            "the file to be named after its built-in provider",
        );
        faults
    }

    /// Whether a record may be missing: not every token is asked for, nor every request
    /// signed.
    fn may_lack(&self, path: &str) -> bool {
        let record = path.split('.').next().unwrap_or_default();
        match record {
            "discovery" | "assertion" => self.whole.member(record).is_none(),
            "request" | "answer" | "refusal" => self.is_direct(),
            _ => false,
        }
    }
}

/// The members of a sample's records; those with a `?` may be missing.
const RECORDS: [(&str, &str); 10] = [
    (
        "",
        "page shows provider config now? discovery? request assertion? answer? token refusal?",
    ),
    ("discovery", "url answer"),
    ("discovery.answer", "status headers body"),
    ("assertion", "header claims"),
    ("request", "method url headers body"),
    ("answer", "status headers body"),
    (
        "token",
        "accessToken tokenType? lifetime scope? headers? extra?",
    ),
    ("refusal", "answer error"),
    ("refusal.answer", "status headers body"),
    (
        "refusal.error",
        "code status? error? errorDescription? vendorCode? retryable?",
    ),
];

const START_TEXT: &str = "2025-11-20T12:00:00Z";

fn compare_names(path: &str, members: &[(String, Value)], names: &str, faults: &mut Vec<String>) {
    let is_member = |name: &str| members.iter().any(|(member, _)| member == name);
    for (member, _) in members {
        if !names
            .split(' ')
            .any(|name| name.trim_end_matches('?') == member)
        {
            faults.push(format!("'{path}' has an unknown member '{member}'"));
        }
    }
    for name in names.split(' ') {
        if !name.ends_with('?') && !is_member(name) {
            faults.push(format!("'{path}' has no '{name}'"));
        }
    }
}

/// Whole seconds of UTC, to which a fraction can be added.
fn is_instant(text: &str) -> bool {
    text.len() == START_TEXT.len() && text.ends_with('Z') && read_date(text).is_some()
}

fn is_body(body: &Value) -> bool {
    let is_text = |value: &Value| value.as_str().is_some();
    match body {
        Value::Null => true,
        Value::Object(members) => match &members[..] {
            [(name, Value::Object(fields))] if name == "form" => fields.iter().all(|(_, field)| {
                is_text(field) || matches!(field, Value::Array(items) if items.iter().all(is_text))
            }),
            [(name, _)] => name == "json",
            _ => false,
        },
        _ => false,
    }
}

fn is_header((name, value): &(String, Value)) -> bool {
    *name == name.to_ascii_lowercase() && value.as_str().is_some()
}

fn sample(file: &Path) -> Sample {
    let name = name_of(file);
    let text = fs::read_to_string(file).unwrap();
    match serde_json::from_str(&text.replace("<assertion>", ASSERTION)) {
        Ok(Ordered(whole)) => Sample { name, whole },
        Err(error) => panic!("{name}: {error}"),
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    files
}

fn name_of(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}
