//! The token endpoint that an issuer's metadata names: OpenID Connect Discovery 1.0, and
//! RFC 8414.
//!
//! Metadata is fetched and kept as a token is, by descriptors of its own: its "token" is
//! the token endpoint. So it is shared, refreshed behind callers and outlives failures by
//! the same rules.

use crate::config::{Config, Policy, Reader};
use crate::descriptor::Descriptor;
use crate::error::{Code, Error, Fault};
use crate::text::{concat, join, parts, replace, split};
use crate::time::{Millis, SECOND};
use crate::value::{Host, Value};

/// Metadata is refreshed after about a day, and kept for another while it can not be.
const KEPT: &str = "172800";
const REFRESH_AHEAD: Millis = 57_600 * SECOND;

/// Where metadata is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Below the issuer: OpenID Connect Discovery 1.0, section 4.1.
    Connect,
    /// Before the issuer's path: RFC 8414, section 3.1. It is asked where the other one
    /// refuses.
    OAuth,
}

/// What fetches the metadata of this issuer for the provider `id`.
pub fn source(
    id: &str,
    issuer: &str,
    place: Place,
    config: &Config,
    host: Host,
) -> Result<Descriptor, Fault> {
    let url = reader(config, host).url("issuer", issuer)?;
    if url.query().is_some() {
        return Err(Fault::at("issuer", "expected a URL without a query"));
    }
    let (origin, base) = (url.origin(), url.base());
    let path = base.get(origin.len()..).unwrap_or_default();
    if split(path, "/.well-known/").is_some() {
        let expected = "expected the issuer itself, without /.well-known/ and what follows";
        return Err(Fault::at("issuer", expected));
    }
    let url = match place {
        Place::Connect => concat(&[base, "/.well-known/openid-configuration"]),
        Place::OAuth => concat(&[origin, "/.well-known/oauth-authorization-server", path]),
    };
    // Nothing in a URL that was read needs an escape in JSON, or in a template.
    let text = concat(&[ID, id, URL, &url, ISSUER, issuer, BEHIND, KEPT, "}}"]);
    let read = (host.read_json)(&text);
    Descriptor::new(read.unwrap_or(Value::Null))
}

/// The issuer whose metadata a descriptor fetches.
#[must_use]
pub fn issuer(descriptor: &Descriptor) -> &str {
    descriptor.text("response.ok.0.in.0", "")
}

/// What fetching the metadata of the config's issuer takes.
#[must_use]
pub fn config(config: &Config) -> Config {
    config.of_metadata(Policy {
        refresh_ahead: Some(REFRESH_AHEAD),
        max_age: None,
        ..config.policy
    })
}

const ID: &str = r#"{"id":""#;
const URL: &str = r#"","request":{"method":"GET","url":""#;
/// The issuer is compared exactly (RFC 8414, section 3.3).
const ISSUER: &str = r#""},"use":{"in":"query"},"response":{"ok":[{"path":"issuer","in":[""#;
const BEHIND: &str = r#""]}],"token":"token_endpoint","expiry":[],"jwtExp":false,"extra":{"methods":"token_endpoint_auth_methods_supported","algs":"token_endpoint_auth_signing_alg_values_supported","aliases":"mtls_endpoint_aliases"},"ttl":"#;

/// The config with what the `metadata` says, which is in the form of a token.
pub fn apply(
    config: &Config,
    descriptor: &Descriptor,
    metadata: &Value,
    host: Host,
) -> Result<Config, Box<Error>> {
    let told = |path: &str| metadata.at(path);
    // RFC 8705, section 5.
    let alias = told("extra.aliases.token_endpoint").map(Value::own_text);
    let endpoint = match alias.filter(|alias| !alias.is_empty()) {
        Some(alias) if config.is_mutual(descriptor) => alias,
        _ => metadata.text("accessToken"),
    };
    let path = "token_endpoint of the issuer's metadata";
    let read = reader(config, host).url(path, endpoint);
    // Only an issuer on this machine may have its endpoint here, in plain http.
    let is_near = endpoint.starts_with("https:") || config.text("issuer").starts_with("http:");
    let fault = match read {
        Ok(_) if is_near || config.allow_http => None,
        Ok(_) => Some(Fault::at(path, "expected https, as the issuer has it")),
        Err(fault) => Some(fault),
    };
    if let Some(fault) = fault {
        // The server's fault, not the caller's.
        let mut error = Box::<Error>::from(fault);
        error.code = Code::InvalidResponse;
        return Err(error);
    }
    let asked = config.choice(descriptor, "auth.method", "clientAuth");
    // RFC 8414, section 2: what a server supports that does not say.
    let usual = [Value::from("client_secret_basic")];
    let (supported, whose) = match told("extra.methods") {
        Some(Value::Array(methods)) if !methods.is_empty() => (&methods[..], ""),
        _ => (&usual[..], ", as its metadata names no method"),
    };
    let means = config.means(descriptor);
    // A grant may need no authentication, whatever the server takes of those that have one.
    let is_open = config.is_bearer(descriptor) || config.is_exchange(descriptor);
    let is_taken = |method: &&str| {
        is_open && *method == "none" || supported.iter().any(|known| known.own_text() == *method)
    };
    let method = match parts(&means, " ").find(is_taken) {
        _ if !asked.is_empty() => asked,
        Some(method) => method,
        None => {
            let mut names = Vec::new();
            for method in supported {
                names.push(method.own_text());
            }
            let expected = concat(&[
                "the issuer takes ",
                &join(&names, ", "),
                whose,
                "; the config has what it takes for ",
                &replace(&means, " ", ", "),
                ", which 'clientAuth' can insist on",
            ]);
            return Err(Fault::at("clientAuth", &expected).into());
        }
    };
    let algorithms = match told("extra.algs") {
        Some(Value::Array(names)) => names.clone(),
        _ => Vec::new(),
    };
    Ok(config.discovered(endpoint, method, algorithms))
}

fn reader(config: &Config, host: Host) -> Reader {
    Reader {
        host,
        allow_http: config.allow_http,
    }
}
