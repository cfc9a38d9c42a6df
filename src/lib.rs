//! OAuth 2.0 machine tokens for every JavaScript runtime, from one crate.
//!
//! In scope: describing a token endpoint as data, building the request it
//! documents, reading the answer it gives, and keeping the token for as long
//! as it is good. Out of scope: grants that need a person, refresh tokens, and
//! checking tokens that somebody else sent.
//!
//! The crate is a pure, synchronous core with a thin asynchronous rim. The core
//! does no I/O, reads no clock and draws no random number: all three are
//! arguments. The rim, `runtime` on `wasm32` alone, is the only place
//! that knows JavaScript. Modules stand in floor order, and import downwards.

// Floor 0, words.
pub mod digest;
pub mod encode;
pub mod secret;
pub mod template;
pub mod text;
pub mod time;
pub mod url;
pub mod value;

// Floor 1, nouns.
pub mod catalogue;
pub mod config;
pub mod descriptor;
pub mod error;
pub mod options;
pub mod redact;
pub mod shape;
pub mod token;

// Floor 2, verbs.
pub mod discovery;
pub mod request;
pub mod response;
pub mod retry;

// Floor 3, state.
pub mod cache;
pub mod engine;
pub mod facts;
pub mod flow;
mod store;

// Floor 4, the rim.
#[cfg(target_arch = "wasm32")]
pub mod runtime;
