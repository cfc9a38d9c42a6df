//! Reading a descriptor: every fault carries the path to it.

use super::{
    AuthRules, BasicEncoding, BodyValue, COMMON_FIELDS, Descriptor, Encoding, Expiry, ExpiryUnit, Kind, Method, Param, Place, RequestRules,
    ResponseRules, ScopeRules, TEMPLATE_FIELDS, Ttl, Usage, Zero,
};
use crate::error::Fault;
use crate::reader::{Fields, Reader, is_prototype_member};
use crate::template::Template;
use crate::value::Value;

/// The scalars and arrays of `over` replace those of `base`; maps merge key by
/// key.
#[must_use]
pub fn merge(base: Value, over: Value) -> Value {
    match (base, over) {
        (Value::Object(mut base), Value::Object(over)) => {
            for (name, value) in over {
                match base.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, slot)) => *slot = merge(core::mem::replace(slot, Value::Null), value),
                    None => base.push((name, value)),
                }
            }
            Value::Object(base)
        }
        (_, over) => over,
    }
}

impl Descriptor {
    /// Parses a merged descriptor.
    pub fn parse(merged: &Value) -> Result<Self, Fault> {
        let root = Reader::new("descriptor", merged);
        let fields = root.fields(&["id", "title", "docs", "extends", "params", "scope", "auth", "assertion", "request", "response", "cache", "use", "verified"])?;
        for name in ["title", "docs", "verified"] {
            fields.read(name, Reader::text)?;
        }
        refuse(&fields, &["assertion"])?;
        let params = list(&fields, "params", |name, field| param(name, &field))?;
        let cache = fields.get("cache").unwrap_or_else(|| Reader::new("descriptor.cache", &EMPTY));
        let cache = cache.fields(&["maxTtl", "exclusive"])?;
        let descriptor = Self {
            id: fields.read("id", id)?.ok_or_else(|| root.fault("needs an 'id'"))?,
            scope: scope(&section(&fields, "scope", &["in", "name", "sep", "default", "required", "fixed", "append"])?)?,
            auth: auth(&section(&fields, "auth", &["method", "idName", "secretName", "basicEncoding", "scheme", "sendId", "mtls"])?)?,
            request: request(&section(&fields, "request", &["method", "url", "encoding", "headers", "query", "body"])?, &root)?,
            response: response(&section(
                &fields,
                "response",
                &["format", "token", "type", "expiry", "zero", "ttl", "jwtExp", "ok", "error", "extra", "acceptTypes"],
            )?)?,
            exclusive: cache.read("exclusive", Reader::flag)?.unwrap_or(false),
            max_ttl: cache.read("maxTtl", |field| field.whole(1, i64::MAX))?,
            usage: usage(&section(&fields, "use", &["in", "name", "prefix", "origins"])?)?,
            canonical: merged.to_canonical_json(),
            params,
        };
        descriptor.check_names(&root)?;
        Ok(descriptor)
    }

    fn check_names(&self, root: &Reader<'_>) -> Result<(), Fault> {
        let mut templates: Vec<&Template> = vec![&self.request.url];
        templates.extend(&self.scope.default);
        templates.extend(&self.usage.origins);
        templates.extend(self.request.headers.iter().chain(&self.request.query).map(|(_, template)| template));
        self.request.body.iter().for_each(|(_, value)| collect(value, &mut templates));
        if let Some(Ttl::Asked(template)) = &self.response.ttl {
            templates.push(template);
        }
        for name in templates.into_iter().flat_map(Template::names) {
            if self.param(name).is_none() && !TEMPLATE_FIELDS.contains(&name) {
                return Err(root.fault(format_args!("'{{{name}}}' names no declared parameter")));
            }
        }
        Ok(())
    }
}

fn collect<'t>(value: &'t BodyValue, templates: &mut Vec<&'t Template>) {
    match value {
        BodyValue::Template(template) => templates.push(template),
        BodyValue::Literal(_) => {}
        BodyValue::Object(members) => members.iter().for_each(|(_, value)| collect(value, templates)),
        BodyValue::Array(items) => items.iter().for_each(|value| collect(value, templates)),
    }
}

static EMPTY: Value = Value::Object(Vec::new());

fn section<'a>(fields: &Fields<'a>, name: &str, known: &[&str]) -> Result<Fields<'a>, Fault> {
    fields.get(name).unwrap_or_else(|| Reader::new(name, &EMPTY)).fields(known)
}

/// Parts of the language that this version does not act on.
fn refuse(fields: &Fields<'_>, names: &[&str]) -> Result<(), Fault> {
    match names.iter().find_map(|name| fields.get(name)) {
        Some(field) => Err(field.fault("not supported by this version")),
        None => Ok(()),
    }
}

fn unsupported<T>(field: &Reader<'_>, word: &str) -> Result<T, Fault> {
    Err(field.fault(format_args!("'{word}' is not supported by this version")))
}

fn id(field: &Reader<'_>) -> Result<String, Fault> {
    let id = field.text()?;
    let first = id.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let rest = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
    if first && rest && !is_prototype_member(id) {
        Ok(id.to_owned())
    } else {
        Err(field.fault("expected lower-case letters, digits, '.', '_' and '-', with a letter or digit first"))
    }
}

fn list<'a, T>(fields: &Fields<'a>, name: &str, mut read: impl FnMut(&str, Reader<'a>) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    fields.read(name, |field| field.members()?.map(|(name, member)| read(name, member)).collect()).map(Option::unwrap_or_default)
}

fn texts(field: &Reader<'_>) -> Result<Vec<String>, Fault> {
    field.items()?.map(|item| item.text().map(str::to_owned)).collect()
}

fn owned(field: &Reader<'_>) -> Result<String, Fault> {
    field.text().map(str::to_owned)
}

fn param(name: &str, field: &Reader<'_>) -> Result<Param, Fault> {
    let fields = field.fields(&["kind", "secret", "required", "default", "enum", "help", "maxLength", "sensitive"])?;
    fields.read("help", Reader::text)?;
    if COMMON_FIELDS.contains(&name) {
        return Err(field.fault("a parameter may not be called like a common config field"));
    }
    let kinds = [("text", Some(Kind::Text)), ("host", Some(Kind::Host)), ("segment", Some(Kind::Segment)), ("url", Some(Kind::Url)), ("int", Some(Kind::Int)), ("key", None)];
    let kind = fields.read("kind", |field| field.choice(&kinds)?.map_or_else(|| unsupported(field, "key"), Ok))?;
    Ok(Param {
        name: name.to_owned(),
        kind: kind.unwrap_or(Kind::Text),
        secret: fields.read("secret", Reader::flag)?.unwrap_or(false),
        required: fields.read("required", Reader::flag)?.unwrap_or(true),
        default: fields.read("default", owned)?,
        choices: fields.read("enum", texts)?.unwrap_or_default(),
        max_length: fields.read("maxLength", |field| field.whole(1, i64::from(u32::MAX)))?.and_then(|most| usize::try_from(most).ok()),
        sensitive: fields.read("sensitive", Reader::flag)?.unwrap_or(true),
    })
}

fn scope(fields: &Fields<'_>) -> Result<ScopeRules, Fault> {
    let places = [("body", Place::Body), ("query", Place::Query), ("none", Place::Nowhere)];
    Ok(ScopeRules {
        place: fields.read("in", |field| field.choice(&places))?.unwrap_or(Place::Body),
        name: fields.read("name", owned)?.unwrap_or_else(|| "scope".to_owned()),
        separator: fields.read("sep", owned)?.unwrap_or_else(|| " ".to_owned()),
        default: fields.read("default", |field| field.items()?.map(|item| item.template()).collect())?.unwrap_or_default(),
        required: fields.read("required", Reader::flag)?.unwrap_or(false),
        fixed: fields.read("fixed", Reader::flag)?.unwrap_or(false),
        append: fields.read("append", Reader::flag)?.unwrap_or(false),
    })
}

fn auth(fields: &Fields<'_>) -> Result<AuthRules, Fault> {
    refuse(fields, &["mtls"])?;
    let methods = [
        ("client_secret_post", Some(Method::Post)),
        ("client_secret_basic", Some(Method::Basic)),
        ("none", Some(Method::Nothing)),
        ("client_secret_query", None),
        ("private_key_jwt", None),
        ("client_secret_jwt", None),
        ("tls_client_auth", None),
    ];
    let encodings = [("raw", Some(BasicEncoding::Raw)), ("rfc6749", Some(BasicEncoding::Rfc6749)), ("base64-parts", None)];
    Ok(AuthRules {
        method: fields.read("method", |field| field.choice(&methods)?.map_or_else(|| unsupported(field, field.text()?), Ok))?,
        id_name: fields.read("idName", owned)?.unwrap_or_else(|| "client_id".to_owned()),
        secret_name: fields.read("secretName", owned)?.unwrap_or_else(|| "client_secret".to_owned()),
        basic_encoding: fields.read("basicEncoding", |field| field.choice(&encodings)?.map_or_else(|| unsupported(field, "base64-parts"), Ok))?,
        scheme: fields.read("scheme", owned)?.unwrap_or_else(|| "Basic".to_owned()),
        send_id: fields.read("sendId", Reader::flag)?.unwrap_or(false),
    })
}

fn request(fields: &Fields<'_>, root: &Reader<'_>) -> Result<RequestRules, Fault> {
    fields.read("method", |field| match field.choice(&[("POST", true), ("GET", false)])? {
        true => Ok(()),
        false => unsupported(field, "GET"),
    })?;
    let encodings = [("form", Encoding::Form), ("json", Encoding::Json), ("none", Encoding::Empty)];
    Ok(RequestRules {
        url: fields.read("url", Reader::template)?.ok_or_else(|| root.fault("needs a 'request.url', its own or that of what it extends"))?,
        encoding: fields.read("encoding", |field| field.choice(&encodings))?,
        headers: list(fields, "headers", |name, field| Ok((name.to_owned(), field.template()?)))?,
        query: list(fields, "query", |name, field| Ok((name.to_owned(), field.template()?)))?,
        body: list(fields, "body", |name, field| Ok((name.to_owned(), body_value(&field)?)))?,
    })
}

fn body_value(field: &Reader<'_>) -> Result<BodyValue, Fault> {
    match field.value() {
        Value::String(_) => field.template().map(BodyValue::Template),
        Value::Object(_) => {
            let members = field.members()?.map(|(name, member)| Ok((name.to_owned(), body_value(&member)?)));
            members.collect::<Result<_, _>>().map(BodyValue::Object)
        }
        Value::Array(_) => field.items()?.map(|item| body_value(&item)).collect::<Result<_, _>>().map(BodyValue::Array),
        Value::Opaque(kind) => Err(field.fault(format_args!("expected plain data, got {kind}"))),
        literal => Ok(BodyValue::Literal(literal.clone())),
    }
}

fn path(field: &Reader<'_>) -> Result<String, Fault> {
    let path = field.text()?;
    if path.is_empty() || path.starts_with("header:") {
        return unsupported(field, path);
    }
    Ok(path.to_owned())
}

fn paths(field: &Reader<'_>) -> Result<Vec<String>, Fault> {
    match field.value() {
        Value::Array(items) if items.is_empty() => Err(field.fault("expected at least one path")),
        Value::Array(_) => field.items()?.map(|item| path(&item)).collect(),
        _ => path(field).map(|path| vec![path]),
    }
}

fn response(fields: &Fields<'_>) -> Result<ResponseRules, Fault> {
    refuse(fields, &["ok"])?;
    fields.read("format", |field| match field.choice(&[("auto", true), ("json", true), ("form", false), ("text", false)])? {
        true => Ok(()),
        false => unsupported(field, field.text()?),
    })?;
    let zeros = [("unknown", Zero::Unknown), ("never", Zero::Never), ("expired", Zero::Expired)];
    let error = fields.get("error").unwrap_or_else(|| Reader::new("error", &EMPTY)).fields(&["code", "message"])?;
    let seconds = || vec![Expiry { path: "expires_in".to_owned(), unit: ExpiryUnit::Seconds }];
    Ok(ResponseRules {
        token: fields.read("token", paths)?.unwrap_or_else(|| vec!["access_token".to_owned()]),
        token_type: fields.read("type", paths)?.unwrap_or_else(|| vec!["token_type".to_owned()]),
        expiry: fields.read("expiry", |field| field.items()?.map(|item| expiry(&item)).collect())?.unwrap_or_else(seconds),
        zero: fields.read("zero", |field| field.choice(&zeros))?.unwrap_or(Zero::Expired),
        ttl: fields.read("ttl", ttl)?,
        jwt_exp: fields.read("jwtExp", Reader::flag)?.unwrap_or(true),
        error_code: error.read("code", paths)?.unwrap_or_default(),
        error_message: error.read("message", paths)?.unwrap_or_default(),
        extra: fields.read("extra", |field| field.members()?.map(|(name, member)| Ok((name.to_owned(), path(&member)?))).collect())?,
        accept_types: fields.read("acceptTypes", texts)?.unwrap_or_default(),
    })
}

fn expiry(field: &Reader<'_>) -> Result<Expiry, Fault> {
    let fields = field.fields(&["path", "as"])?;
    let units = [
        ("seconds", Some(ExpiryUnit::Seconds)),
        ("milliseconds", Some(ExpiryUnit::Milliseconds)),
        ("minutes", Some(ExpiryUnit::Minutes)),
        ("epoch-seconds", Some(ExpiryUnit::EpochSeconds)),
        ("epoch-milliseconds", Some(ExpiryUnit::EpochMilliseconds)),
        ("seconds-or-epoch", Some(ExpiryUnit::SecondsOrEpoch)),
        ("iso8601", None),
        ("http-date", None),
        ("d:h:m", None),
    ];
    let unit = fields.read("as", |field| field.choice(&units)?.map_or_else(|| unsupported(field, field.text()?), Ok))?;
    Ok(Expiry {
        path: fields.read("path", path)?.ok_or_else(|| field.fault("needs a 'path'"))?,
        unit: unit.ok_or_else(|| field.fault("needs an 'as'"))?,
    })
}

fn ttl(field: &Reader<'_>) -> Result<Ttl, Fault> {
    match field.value() {
        Value::Null => Ok(Ttl::Seconds(0)),
        Value::String(_) => field.template().map(Ttl::Asked),
        _ => field.whole(0, i64::from(u32::MAX)).map(Ttl::Seconds),
    }
}

fn usage(fields: &Fields<'_>) -> Result<Usage, Fault> {
    fields.read("in", |field| match field.choice(&[("header", true), ("query", false), ("cookie", false)])? {
        true => Ok(()),
        false => unsupported(field, field.text()?),
    })?;
    Ok(Usage {
        header: fields.read("name", owned)?.unwrap_or_else(|| "Authorization".to_owned()),
        prefix: fields.read("prefix", owned)?.unwrap_or_else(|| "Bearer ".to_owned()),
        origins: fields.read("origins", |field| field.items()?.map(|item| item.template()).collect())?.unwrap_or_default(),
    })
}
