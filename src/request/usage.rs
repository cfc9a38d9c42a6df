//! Where tokens go in requests to the API, and who may get them.

use super::{Builder, MASK, Source};
use crate::config::{Config, Reader, check_header};
use crate::descriptor::Descriptor;
use crate::error::Fault;
use crate::template;
use crate::text::concat;
use crate::value::Value;

/// How `createFetch` uses the token, and the origins that may get it: `{ origins, in,
/// name, prefix, proves }`.
pub fn usage(source: Source<'_>) -> Result<Value, Fault> {
    let descriptor = source.descriptor;
    let place = Place::of(descriptor, source.config);
    // A cookie's name may hold what a header's name may (RFC 6265, section 4.1.1).
    let sample = concat(&[place.prefix, MASK]);
    if place.within != "query" {
        check_header(place.name, &sample).map_err(|fault| Fault::at("descriptor.use", fault))?;
    }
    let builder = Builder::new(source, MASK);
    let mut origins = Vec::new();
    for template in descriptor.items("use.origins") {
        let template = template.own_text();
        // With a `tokenEndpoint`, the parameter that names the origin may be unset.
        let mut known = true;
        template::names(template, &mut |name, _| {
            known &= builder.value(name).is_some()
        });
        if known {
            let text = builder.expand(template, true).unwrap_or_default();
            let reader = Reader {
                host: source.host,
                allow_http: source.config.allow_http,
            };
            let url = reader.url("descriptor.use.origins", &text)?;
            origins.push(url.origin().into());
        }
    }
    let mut usage = Value::Object(Vec::new());
    usage.put("origins", Value::Array(origins));
    usage.put("in", place.within.into());
    usage.put("name", place.name.into());
    usage.put("prefix", place.prefix.into());
    usage.put("proves", Value::Bool(source.config.is_bound()));
    Ok(usage)
}

/// Where a token goes in a request to the API.
pub(crate) struct Place<'d> {
    /// `header`, `query` or `cookie`.
    pub(crate) within: &'d str,
    pub(crate) name: &'d str,
    pub(crate) prefix: &'d str,
}

impl<'d> Place<'d> {
    /// RFC 6750, sections 2.1 and 2.3: `Authorization: Bearer …`, or `access_token=…`;
    /// RFC 9449, section 7.1: a token that is bound is never sent as a bearer's.
    pub(crate) fn of(descriptor: &'d Descriptor, config: &Config) -> Self {
        let within = descriptor.text("use.in", "header");
        let (name, prefix) = match within {
            "header" => ("Authorization", "Bearer "),
            _ => ("access_token", ""),
        };
        if config.is_bound() {
            return Self {
                within,
                name,
                prefix: "DPoP ",
            };
        }
        Self {
            within,
            name: descriptor.text("use.name", name),
            prefix: descriptor.text("use.prefix", prefix),
        }
    }
}
