//! A token endpoint as data: the descriptor language, parsed.
//!
//! Parts of the language that this version does not act on are refused by
//! name, so that no descriptor is half obeyed.

mod parse;

use crate::template::Template;
use crate::value::Value;

pub use parse::merge;

/// A provider descriptor, merged with what it extends and checked whole.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// The provider's id.
    pub id: String,
    /// The provider's own parameters, in the order of the descriptor.
    pub params: Vec<Param>,
    /// How scopes are sent.
    pub scope: ScopeRules,
    /// How the client authenticates.
    pub auth: AuthRules,
    /// What is sent.
    pub request: RequestRules,
    /// How the answer is read.
    pub response: ResponseRules,
    /// Whether issuing a token revokes the one before.
    pub exclusive: bool,
    /// The longest a token is kept, in seconds, whatever the answer says.
    pub max_ttl: Option<i64>,
    /// How the token is used.
    pub usage: Usage,
    /// The merged descriptor as text: equal descriptors, equal texts.
    pub canonical: String,
}

/// One parameter of a provider.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name in the config.
    pub name: String,
    /// What decides its validation and encoding.
    pub kind: Kind,
    /// Whether its value must never be shown.
    pub secret: bool,
    /// Whether a config without it is refused.
    pub required: bool,
    /// Its value in a config that does not give it.
    pub default: Option<String>,
    /// The values it may have, when they are few.
    pub choices: Vec<String>,
    /// The longest it may be, in characters.
    pub max_length: Option<usize>,
    /// Whether previews mask it.
    pub sensitive: bool,
}

/// What decides how a parameter is validated and encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A host: validated, never encoded.
    Host,
    /// One segment of a path: percent-encoded.
    Segment,
    /// An https URL.
    Url,
    /// A whole number.
    Int,
}

/// How scopes are sent.
#[derive(Clone, Debug)]
pub struct ScopeRules {
    /// Where the scope goes.
    pub place: Place,
    /// The name it goes by.
    pub name: String,
    /// What stands between two scopes.
    pub separator: String,
    /// The scopes of a config that names none.
    pub default: Vec<Template>,
    /// Whether a config must name some.
    pub required: bool,
    /// Whether a config may not name any.
    pub fixed: bool,
    /// Whether the config's scopes follow the default instead of replacing it.
    pub append: bool,
}

/// Where a field goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into the body.
    Body,
    /// Into the query.
    Query,
    /// Nowhere.
    Nowhere,
}

/// How the client authenticates.
#[derive(Clone, Debug)]
pub struct AuthRules {
    /// The method; `None` leaves it to the config's `clientAuth`.
    pub method: Option<Method>,
    /// The name of the client id in a body or query.
    pub id_name: String,
    /// The name of the secret in a body or query.
    pub secret_name: String,
    /// How Basic encodes its halves; `None` leaves it to the config's `basicEncoding`.
    pub basic_encoding: Option<BasicEncoding>,
    /// The word before the credentials in the `Authorization` header.
    pub scheme: String,
    /// Whether the id goes into the body or query besides.
    pub send_id: bool,
}

/// A client authentication method, by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `client_secret_post`.
    Post,
    /// `client_secret_basic`.
    Basic,
    /// `none`.
    Nothing,
}

/// What Basic does to its two halves before it joins them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasicEncoding {
    /// Nothing (RFC 7617).
    Raw,
    /// Form-encodes both (RFC 6749, section 2.3.1).
    Rfc6749,
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct RequestRules {
    /// The URL of the token endpoint.
    pub url: Template,
    /// The encoding of the body; `None` leaves it to the config's `bodyFormat`.
    pub encoding: Option<Encoding>,
    /// Further headers.
    pub headers: Vec<(String, Template)>,
    /// Query parameters.
    pub query: Vec<(String, Template)>,
    /// Fields of the body.
    pub body: Vec<(String, BodyValue)>,
}

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `application/json`.
    Json,
    /// There is no body.
    Empty,
}

/// A value in a body; only templates know parameters.
#[derive(Clone, Debug)]
pub enum BodyValue {
    /// A template.
    Template(Template),
    /// A number, a boolean or `null`, as it is.
    Literal(Value),
    /// An object.
    Object(Vec<(String, BodyValue)>),
    /// An array.
    Array(Vec<BodyValue>),
}

/// How the answer is read.
#[derive(Clone, Debug)]
pub struct ResponseRules {
    /// Where the token is.
    pub token: Vec<String>,
    /// Where its type is.
    pub token_type: Vec<String>,
    /// Where its expiry is, tried in order.
    pub expiry: Vec<Expiry>,
    /// What an expiry of zero means.
    pub zero: Zero,
    /// The lifetime to assume when nothing in the answer says.
    pub ttl: Option<Ttl>,
    /// Whether a JWT's `exp` claim counts.
    pub jwt_exp: bool,
    /// Where a refusal has its code.
    pub error_code: Vec<String>,
    /// Where a refusal has its text.
    pub error_message: Vec<String>,
    /// Which fields to keep, by name and path; `None` keeps what is not standard.
    pub extra: Option<Vec<(String, String)>>,
    /// Token types accepted besides bearer and none.
    pub accept_types: Vec<String>,
}

/// One place where an expiry may stand.
#[derive(Clone, Debug)]
pub struct Expiry {
    /// The path to it.
    pub path: String,
    /// What it counts.
    pub unit: ExpiryUnit,
}

/// What an expiry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryUnit {
    /// Seconds from now.
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// Minutes from now.
    Minutes,
    /// An instant in seconds.
    EpochSeconds,
    /// An instant in milliseconds.
    EpochMilliseconds,
    /// 10^9 and more is an instant, less is seconds from now.
    SecondsOrEpoch,
}

/// What an expiry of zero means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// The same as no expiry.
    Unknown,
    /// The token never expires.
    Never,
    /// The token is expired.
    Expired,
}

/// The lifetime to assume when nothing in the answer says, in seconds; zero is
/// for ever.
#[derive(Clone, Debug)]
pub enum Ttl {
    /// This many seconds.
    Seconds(i64),
    /// As many as a parameter says: a lifetime that was asked for.
    Asked(Template),
}

/// How the token is used.
#[derive(Clone, Debug)]
pub struct Usage {
    /// The header that carries it.
    pub header: String,
    /// What stands before it.
    pub prefix: String,
    /// Who may get it through `createFetch`.
    pub origins: Vec<Template>,
}

impl Descriptor {
    /// The declared parameter `name`.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

/// The config fields that every provider has.
pub const COMMON_FIELDS: [&str; 16] = [
    "clientId", "clientSecret", "scope", "audience", "resource", "params", "headers", "tokenEndpoint", "timeout",
    "retries", "refreshAhead", "maxAge", "fetch", "waitUntil", "partition", "allowHttp",
];

/// The common fields that a template may name besides the declared parameters.
const TEMPLATE_FIELDS: [&str; 4] = ["clientId", "scope", "audience", "tokenEndpoint"];
