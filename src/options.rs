//! What one call may say besides its config.

use crate::error::Error;
use crate::shape::{Shape, check};
use crate::time::Millis;
use crate::value::Value;

/// The options of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// The token must live at least this much longer.
    pub min_ttl: Millis,
    /// Skip the cache and remembered failures, once.
    pub force_refresh: bool,
}

impl CallOptions {
    /// Checks `value`; `null` is no options. A `signal` is the host's to heed.
    pub fn parse(value: &Value) -> Result<Self, Box<Error>> {
        if matches!(value, Value::Null) {
            return Ok(Self::default());
        }
        check(value, &OPTIONS, "options")?;
        Ok(Self {
            min_ttl: value
                .member("minTtl")
                .and_then(Value::as_whole)
                .unwrap_or_default(),
            force_refresh: value.flag("forceRefresh"),
        })
    }
}

const OPTIONS: Shape = Shape::Record(
    &[
        ("signal", Shape::Foreign),
        ("forceRefresh", Shape::Flag),
        ("minTtl", Shape::Natural),
    ],
    "",
);
