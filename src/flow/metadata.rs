//! The metadata that names the token endpoint: what is made of it, and when it is asked for
//! anew or looked for elsewhere.

use std::rc::Rc;

use super::lessons::{Lessons, is_refusal};
use super::{Flow, Plan, Step};
use crate::discovery;
use crate::error::{Code, Error};
use crate::text::concat;
use crate::time::Now;
use crate::value::Value;

impl Flow {
    /// Takes the metadata, in the form of a token.
    #[must_use]
    pub fn handle_metadata(&mut self, metadata: &Value, now: Now) -> Step {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        match discovery::apply(config, descriptor, metadata, self.host) {
            Ok(config) => {
                self.undiscovered = Some(self.plan.clone());
                self.plan = Rc::new(Plan {
                    config,
                    ..Plan::clone(&self.plan)
                });
                match self.kept.take() {
                    // The same request would be answered alike.
                    Some(kept) if self.place() == self.gone => self.ended(kept),
                    _ => self.attempt(now),
                }
            }
            Err(mut error) => {
                // It may be of yesterday, and mended since.
                if error.code == Code::InvalidResponse && !self.lessons.moved {
                    self.distrust();
                    return self.attempt(now);
                }
                self.redactor().retell(&mut error);
                self.ended(error)
            }
        }
    }

    /// What is told where metadata did not come, with the error that many calls may share, as
    /// this one may tell it: an issuer that got its secret before may echo it.
    #[must_use]
    pub fn without_metadata(&mut self, error: &Error) -> Error {
        if let Some(kept) = self.kept.take() {
            return *self.told(kept);
        }
        let mut error = error.clone();
        self.redactor().retell(&mut error);
        error
    }

    /// Whether the metadata that was taken last proved wrong, and is to be asked for anew.
    pub fn distrusts_metadata(&mut self) -> bool {
        core::mem::take(&mut self.distrusts)
    }

    /// Whether the endpoint that the metadata named is gone, so that it is to be asked anew.
    pub(super) fn is_moved(&mut self, error: &Error) -> bool {
        let is_gone = matches!(error.status, Some(404 | 405 | 410));
        let Some(undiscovered) = self.undiscovered.clone() else {
            return false;
        };
        if self.lessons.moved || !is_gone {
            return false;
        }
        self.gone = self.place();
        self.plan = undiscovered;
        self.distrust();
        true
    }

    /// Where the secret goes, and how.
    fn place(&self) -> String {
        let config = &self.plan.config;
        concat(&[config.text("tokenEndpoint"), config.text("clientAuth")])
    }

    /// Has metadata asked for anew, once.
    fn distrust(&mut self) {
        self.distrusts = true;
        self.lessons = Lessons::of_another_place();
    }

    /// Looks for metadata at the other place, where what stands at the first is none: a refusal, a
    /// redirect to somewhere, or the page that some sites answer everything with. Where the
    /// other has none either, what the first has tells more than a refusal.
    pub(super) fn elsewhere(&mut self, error: Box<Error>, now: Now) -> Step {
        let is_refused = is_refusal(&error);
        let is_page = error.code == Code::InvalidResponse && error.retryable;
        let has_none = is_refused || is_page || error.code == Code::Redirect;
        if has_none
            && self.plan.is_of_metadata
            && !self.lessons.moved
            && let Some(other) = self.plan.elsewhere(self.host)
        {
            self.lessons = Lessons::of_another_place();
            self.kept = Some(error).filter(|_| !is_refused);
            self.plan = Rc::new(other);
            return self.attempt(now);
        }
        if !is_refused {
            self.kept = None;
        }
        self.ended(error)
    }
}
