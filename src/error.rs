//! Every way in which getting a token can fail.

use crate::text::{concat, decimal, one_line};
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
/// what comes from a server is redacted before it leaves the flow.
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

/// How much of a message is kept, in characters: our own are far shorter.
const LONGEST_MESSAGE: usize = 1_000;

impl Reason {
    /// What happened, and what to do about it.
    #[must_use]
    pub fn message(&self, status: u16) -> String {
        let (colon, error, open, text, close) =
            match (self.error.as_deref(), self.description.as_deref()) {
                (Some(error), Some(text)) => (": ", error, " (", text, ")"),
                (Some(text), None) | (None, Some(text)) => (": ", text, "", "", ""),
                (None, None) => ("", ", and gave no reason that can be read", "", "", ""),
            };
        let todo = match (status, self.error.as_deref()) {
            (_, Some("invalid_client")) | (401, _) => {
                "; check the client id, and its secret or key"
            }
            (_, Some("invalid_scope")) => "; check the scope",
            (404 | 405, _) => "; check the URL",
            (429 | 500..=599, _) => "; try again later",
            _ => "",
        };
        concat(&[
            "the server refused with status ",
            &decimal(status.into()),
            colon,
            error,
            open,
            text,
            close,
            todo,
        ])
    }
}

impl Error {
    /// An error of `code` that is not retryable, with everything else unset. Names and paths out
    /// of configs and descriptors may stand in its message, and they may be any text.
    #[must_use]
    pub fn new(code: Code, message: &str) -> Self {
        Self {
            code,
            message: one_line(message, LONGEST_MESSAGE),
            retryable: false,
            provider: None,
            status: None,
            reason: Reason::default(),
            details: None,
            retry_after: None,
            attempts: 0,
        }
    }

    /// The fields as users see them on a `TokenError`; those that are unset are
    /// left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut fields = Value::Object(Vec::new());
        fields.put("message", self.message.as_str().into());
        fields.put("code", self.code.as_str().into());
        fields.put("retryable", Value::Bool(self.retryable));
        let mut text = |name: &str, text: &Option<String>| {
            if let Some(text) = text {
                fields.put(name, text.as_str().into());
            }
        };
        text("provider", &self.provider);
        text("error", &self.reason.error);
        text("errorDescription", &self.reason.description);
        text("errorUri", &self.reason.uri);
        text("vendorCode", &self.reason.vendor_code);
        #[expect(clippy::cast_precision_loss, reason = "waits are far below 2^53 ms")]
        let mut number = |name: &str, number: Option<i64>| {
            if let Some(number) = number {
                fields.put(name, Value::Number(number as f64));
            }
        };
        number("status", self.status.map(i64::from));
        number("retryAfter", self.retry_after);
        number("attempts", Some(self.attempts.into()));
        if let Some(details) = &self.details {
            fields.put("details", details.clone());
        }
        fields
    }
}

/// What is wrong with a config or a descriptor, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    text: String,
    code: Code,
}

impl Fault {
    /// A fault at `path`, with what was expected there.
    #[must_use]
    pub fn at(path: &str, expected: &str) -> Self {
        Self {
            text: concat(&[path, ": ", expected]),
            code: Code::InvalidConfig,
        }
    }

    /// The same fault, seen from what holds its place.
    #[must_use]
    pub(crate) fn within(self, place: &str) -> Self {
        Self {
            text: concat(&[place, ".", &self.text]),
            ..self
        }
    }

    /// The same fault, as the runtime's and not the config's.
    #[must_use]
    pub(crate) fn of_runtime(self) -> Self {
        Self {
            code: Code::Unsupported,
            ..self
        }
    }
}

impl From<Fault> for Box<Error> {
    /// One place where an error is put together, for the many where something is refused.
    #[inline(never)]
    fn from(fault: Fault) -> Self {
        Self::new(fault.into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code, &fault.text)
    }
}
