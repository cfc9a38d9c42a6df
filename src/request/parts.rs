//! A request while it is put together.

use crate::value::{Entries, find, push};

/// The fields of a request while it is put together.
pub(super) struct Parts {
    /// Without a body its fields go to the query, after those of the query's own.
    pub(super) has_body: bool,
    pub(super) query: Entries,
    pub(super) fields: Entries,
}

impl Parts {
    /// What the descriptor itself places wins, so that nothing is sent twice.
    pub(super) fn add(&mut self, in_query: bool, name: &str, value: &str) {
        if self.holds(name) {
            return;
        }
        let entries = if in_query && self.has_body {
            &mut self.query
        } else {
            &mut self.fields
        };
        add(entries, name, value);
    }

    pub(super) fn holds(&self, name: &str) -> bool {
        find(&self.query, name).is_some() || find(&self.fields, name).is_some()
    }
}

/// Adds an entry that is not there yet, unless it is empty.
pub(super) fn add(entries: &mut Entries, name: &str, value: &str) {
    if !value.is_empty() && find(entries, name).is_none() {
        push(entries, name, value.into());
    }
}
