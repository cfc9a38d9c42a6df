//! Why there was no answer.

use crate::error::{Code, Error};
use crate::text::{concat, decimal};
use crate::time::Millis;

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No HTTP response came; the runtime's words for it.
    Network(String),
    /// The attempt's time passed.
    Timeout,
    /// The caller's function gave no secret; what it did instead.
    Credentials(String),
    /// The runtime lacks something; what that is.
    Unsupported(String),
    /// A key does not sign; what is wrong with it.
    Key(String),
    /// Something beside the request took too long; what that is.
    Late(&'static str),
}

impl Failure {
    /// The same as an error, where one attempt may take `timeout`.
    pub(super) fn error(&self, timeout: Millis) -> Box<Error> {
        let timeout = decimal(timeout);
        let (code, message) = match self {
            Self::Network(words) => (
                Code::Network,
                [
                    "no answer from the server: ",
                    words,
                    "; check the URL and the network",
                ],
            ),
            Self::Timeout => (
                Code::Timeout,
                [
                    "the server did not answer within ",
                    &timeout,
                    " ms; 'timeout' sets how long to wait",
                ],
            ),
            Self::Credentials(what) => (
                Code::Credentials,
                [
                    "clientSecret() ",
                    what,
                    "; it must give a non-empty string, or a promise of one",
                ],
            ),
            Self::Unsupported(what) => (Code::Unsupported, [what, "", ""]),
            Self::Key(what) => (Code::InvalidConfig, [what, "", ""]),
            Self::Late(what) => (Code::Timeout, [what, " in time", ""]),
        };
        let mut error = Box::new(Error::new(code, &concat(&message)));
        error.retryable = !matches!(code, Code::Unsupported | Code::InvalidConfig);
        error
    }
}
