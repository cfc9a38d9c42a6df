//! What one call may say besides its config.

use crate::error::{Error, Fault};
use crate::reader::Reader;
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
        if *value == Value::Null {
            return Ok(Self::default());
        }
        let parse = || {
            let fields = Reader::new("options", value).fields(&["signal", "forceRefresh", "minTtl"])?;
            Ok(Self {
                min_ttl: fields.read("minTtl", |field| field.whole(0, 1 << 53))?.unwrap_or_default(),
                force_refresh: fields.read("forceRefresh", Reader::flag)?.unwrap_or(false),
            })
        };
        parse().map_err(|fault: Fault| Box::new(fault.into()))
    }
}
