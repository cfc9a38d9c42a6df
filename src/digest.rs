//! Digests, for what is to be compared and not to be kept.

use sha2::{Digest as _, Sha256};

use crate::encode::base64url;

/// SHA-256 of the text, in base64url: equal digests, equal texts.
#[must_use]
pub fn sha256(text: &str) -> String {
    base64url(&Sha256::digest(text.as_bytes()))
}
