//! What the core does not do itself.

use super::Value;
use crate::time::Millis;

/// What the core has its host do. It has no parsers of its own: the contract says
/// "as `JSON.parse` would", so the rim hands in `JSON.parse`.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// JSON text, as `JSON.parse` reads it.
    pub read_json: fn(&str) -> Option<Value>,
    /// A form, as `URLSearchParams` reads it.
    pub read_form: fn(&str) -> Option<Value>,
    /// A URL, as `URL` reads it: the whole of it, and its origin.
    pub read_url: fn(&str) -> Option<(String, String)>,
    /// A date of HTTP or ISO 8601.
    pub read_date: fn(&str) -> Option<Millis>,
    /// RFC 7519, section 4.1.4: the instant in a token that is a JWT.
    pub read_expiry: fn(&str) -> Option<Millis>,
    /// A fraction in JSON, as `JSON.stringify` writes it.
    pub write_fraction: fn(f64) -> String,
    /// An instant, as `Date.prototype.toISOString` writes it.
    pub write_date: fn(Millis) -> String,
    /// A UUID of version 4 (RFC 9562, section 5.4).
    pub uuid: fn() -> String,
}
