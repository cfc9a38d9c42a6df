//! Every way in which getting a token can fail.

use crate::text::{concat, decimal};
use crate::time::Millis;
use crate::value::Value;

/// The stable code of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Refused before any request.
    InvalidConfig,
    /// This runtime lacks something that is needed.
    Unsupported,
    /// No HTTP response.
    Network,
    /// The time-out passed on every attempt.
    Timeout,
    /// The endpoint answered with a redirect, which is never followed.
    Redirect,
    /// The caller's `clientSecret()` gave no secret.
    Credentials,
    /// The server refused and said why.
    Oauth,
    /// The server refused and gave no reason that can be read.
    Http,
    /// A success that holds no usable token.
    InvalidResponse,
}

impl Code {
    /// The code as users see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidConfig => "invalid_config",
            Self::Unsupported => "unsupported",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Redirect => "redirect",
            Self::Credentials => "credentials",
            Self::Oauth => "oauth",
            Self::Http => "http",
            Self::InvalidResponse => "invalid_response",
        }
    }
}

/// A failure, with what a person needs to act on it. Nothing in it is secret:
/// what comes from a server was redacted before it got here.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// Which kind of failure it is.
    pub code: Code,
    /// What happened and what to do: lower case, no full stop.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// The provider's id, where one was recognised.
    pub provider: Option<String>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// What the server said.
    pub reason: Reason,
    /// The parsed error body, bounded and redacted.
    pub details: Option<Value>,
    /// How long the server asked to wait.
    pub retry_after: Option<Millis>,
    /// How many requests were sent.
    pub attempts: u32,
    /// Whether a recent failure was answered without a new request.
    pub cached: bool,
}

/// Why a server refused, read out of whichever shape it answers in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason {
    /// RFC 6749, section 5.2, `error`; the vendor's own code where there is none.
    pub error: Option<String>,
    /// `error_description`, or the vendor's text.
    pub description: Option<String>,
    /// `error_uri`.
    pub uri: Option<String>,
    /// The vendor's own code, where it has one.
    pub vendor_code: Option<String>,
}

impl Reason {
    /// What happened, and what to do about it.
    #[must_use]
    pub fn message(&self, status: u16) -> String {
        let said = match (&self.error, &self.description) {
            (Some(error), Some(text)) => concat(&[": ", error, " (", text, ")"]),
            (Some(text), None) | (None, Some(text)) => concat(&[": ", text]),
            (None, None) => ", and gave no reason that can be read".to_owned(),
        };
        let todo = match (status, self.error.as_deref()) {
            (_, Some("invalid_client")) | (401, _) => "; check the client id and secret",
            (_, Some("invalid_scope")) => "; check the scope",
            (404 | 405, _) => "; check the URL",
            (429, _) => "; too many requests, try again later",
            (500..=599, _) => "; the server has a problem, try again later",
            _ => "",
        };
        concat(&[
            "the server refused with status ",
            &decimal(status.into()),
            &said,
            todo,
        ])
    }
}

impl Error {
    /// An error of `code` that is not retryable, with everything else unset.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retryable: false,
            provider: None,
            status: None,
            reason: Reason::default(),
            details: None,
            retry_after: None,
            attempts: 0,
            cached: false,
        }
    }

    /// The same error, marked as worth trying again.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// The fields as users see them on a `TokenError`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let text = |text: &Option<String>| Value::from(text.as_deref());
        #[expect(clippy::cast_precision_loss, reason = "waits are far below 2^53 ms")]
        let retry_after = self
            .retry_after
            .map_or(Value::Null, |wait| Value::Number(wait as f64));
        let fields = vec![
            ("message", Value::from(self.message.as_str())),
            ("provider", text(&self.provider)),
            ("code", Value::from(self.code.as_str())),
            ("retryable", Value::Bool(self.retryable)),
            (
                "status",
                self.status
                    .map_or(Value::Null, |status| Value::Number(f64::from(status))),
            ),
            ("error", text(&self.reason.error)),
            ("errorDescription", text(&self.reason.description)),
            ("errorUri", text(&self.reason.uri)),
            ("vendorCode", text(&self.reason.vendor_code)),
            ("details", self.details.clone().unwrap_or(Value::Null)),
            ("retryAfter", retry_after),
            ("attempts", Value::Number(f64::from(self.attempts))),
            ("cached", Value::Bool(self.cached)),
        ];
        Value::object(fields)
    }
}

/// What is wrong with a config or a descriptor, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault(String);

impl Fault {
    /// A fault at `path`, with what was expected there.
    #[must_use]
    pub fn at(path: &str, expected: &str) -> Self {
        Self(concat(&[path, ": ", expected]))
    }

    /// The same fault, seen from what holds its place.
    #[must_use]
    pub(crate) fn within(self, place: &str) -> Self {
        Self(concat(&[place, ".", &self.0]))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::new(Code::InvalidConfig, fault.0)
    }
}
