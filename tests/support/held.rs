//! Keys and assertions in samples: the face's part of signing, short of the signatures.

use tokenlet::descriptor::Descriptor;
use tokenlet::request::{Jwt, Key};
use tokenlet::value::{Entries, Value};

use super::exchange::{sorted, text};
use super::host::HOST;
use super::sample::Sample;

/// What stands for whatever is signed.
pub(crate) const ASSERTION: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIGNsaWVudCJ9.c2lnbmF0dXJl";

/// The config with the numbers of keys in their places, and with the client that a
/// service account's key names.
pub(crate) fn hold(config: Value, descriptor: &Descriptor) -> Value {
    let method = descriptor.text("auth.method", config.text("clientAuth"));
    let secret_signs = method == "client_secret_jwt";
    let mut held = Entries::new();
    for (number, (name, value)) in (1..).zip(config.members("")) {
        let is_key = descriptor.is_key(name) || name == "clientSecret" && secret_signs;
        let value = match is_key {
            true => Value::Held(number),
            false => value.clone(),
        };
        held.push((name.clone(), value));
    }
    let client = account(&config).text("client_email").to_owned();
    if !client.is_empty() && config.member("clientId").is_none() {
        held.push(("clientId".to_owned(), client.into()));
    }
    Value::Object(held)
}

/// What is to be signed, against what the sample says: one JWT, or none.
pub(crate) fn compare_assertion(sample: &Sample, jwts: &[Jwt], differences: &mut Vec<String>) {
    let expected = sample.at("assertion");
    let (jwt, expected) = match (jwts, expected) {
        ([], Value::Null) => return,
        ([jwt], Value::Object(_)) => (jwt, expected),
        (jwts, _) => return differences.push(format!("{} JWTs to sign", jwts.len())),
    };
    let mut differ = |what: &str, expected: &Value, got: &Value| {
        let (expected, got) = (text(&sorted(expected)), text(&sorted(got)));
        if expected != got {
            differences.push(format!("assertion: {what}: expected {expected}, got {got}"));
        }
    };
    differ(
        "header",
        expected.at("header").unwrap(),
        &header(sample, jwt),
    );
    let claims = expected.members("claims").iter();
    let claims = claims.map(|(name, claim)| (name.clone(), filled(claim, sample)));
    differ("claims", &Value::Object(claims.collect()), &jwt.claims);
    let signs = match &jwt.key {
        Key::Held(field) => sample.at("config").member(field),
        _ => None,
    };
    if signs.is_none() {
        differences.push("assertion: it is signed with no key of the config".to_owned());
    }
}

/// The JOSE header, as the face completes it.
fn header(sample: &Sample, jwt: &Jwt) -> Value {
    let config = sample.at("config");
    let account = account(config);
    let mut header = Value::Object(Vec::new());
    let alg = match jwt.alg.as_str() {
        "" => marker(config.text("privateKey")).unwrap_or("HS256"),
        alg => alg,
    };
    header.put("alg", alg.into());
    let own = [
        ("typ", "JWT".into()),
        ("kid", account.text("private_key_id").into()),
    ];
    for (name, value) in own {
        if value != "".into() && jwt.header.member(name).is_none() {
            header.put(name, value);
        }
    }
    for (name, value) in jwt.header.members("") {
        header.put(name, value.clone());
    }
    header
}

/// A claim with the time put in, or the one id that the host draws.
fn filled(claim: &Value, sample: &Sample) -> Value {
    let instant = |text: &str| -> Option<Value> {
        let offset = text.strip_prefix("<now")?.strip_suffix('>')?;
        let offset: i64 = match offset {
            "" => 0,
            offset => offset.parse().ok()?,
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "seconds of this century are far below 2^53"
        )]
        let seconds = (sample.now().wall / 1_000 + offset) as f64;
        Some(Value::Number(seconds))
    };
    match claim.own_text() {
        "<uuid>" => (HOST.uuid)().into(),
        text => instant(text).unwrap_or_else(|| claim.clone()),
    }
}

/// The service account whose JSON is the private key; nothing where it is no JSON.
fn account(config: &Value) -> Value {
    (HOST.read_json)(config.text("privateKey")).unwrap_or(Value::Null)
}

/// The algorithm of the key that stands there: `<RS256>`.
fn marker(text: &str) -> Option<&str> {
    Some(text.split_once('<')?.1.split_once('>')?.0)
}
