//! What the targets share: a host, a secret that must not be told, and calls.
//!
//! Every input is text in lines, so that a seed can be read, a finding can be
//! understood, and a mutation mostly changes one thing that means something.

#![forbid(unsafe_code)]

pub mod call;
pub mod canary;
pub mod host;
pub mod lines;
pub mod play;
pub mod signed;
pub mod world;
