//! What a refusal teaches of the server, and the attempt that is owed to it: not a retry,
//! since the first one could not have been right.

use std::rc::Rc;

use super::{Flow, Plan, Step};
use crate::error::{Code, Error};
use crate::request;
use crate::response::{Answer, CLOCK_TOLERANCE};
use crate::time::{Millis, Now};

/// What an acquisition has been taught. Each lesson is given once, so that no server
/// keeps a caller at school.
#[derive(Default)]
pub(super) struct Lessons {
    nonce: bool,
    time: bool,
    place: bool,
    moved: bool,
}

impl Lessons {
    /// How many attempts were owed to lessons.
    pub(super) fn attempts(&self) -> u32 {
        let each = [self.nonce, self.time, self.place, self.moved];
        each.iter().map(|owed| u32::from(*owed)).sum()
    }
}

impl Flow {
    /// The nonce that the server wants, and how far its clock is ahead; nothing where
    /// nothing is signed.
    pub(super) fn known(&self) -> (String, Millis) {
        match self.origin() {
            Some(origin) => (self.facts.nonce(&origin), self.facts.skew(&origin)),
            None => Default::default(),
        }
    }

    /// RFC 9449, section 8.2: every answer may bring the next nonce.
    pub(super) fn learn_nonce(&self, answer: &Answer) {
        if let Some(nonce) = answer.header("dpop-nonce")
            && self.plan.config.is_bound()
            && let Some(origin) = self.origin()
        {
            self.facts.learn_nonce(&origin, nonce);
        }
    }

    /// Whether the refusal came of what was not known, and is known now. `wants_nonce`: the
    /// server says that it was the nonce.
    pub(super) fn is_taught(
        &mut self,
        answer: &Answer,
        wants_nonce: bool,
        error: &Error,
        now: Now,
    ) -> bool {
        let Some(origin) = self.origin() else {
            return false;
        };
        // RFC 9449, section 8.
        if wants_nonce
            && self.plan.config.is_bound()
            && answer.header("dpop-nonce").is_some()
            && !self.lessons.nonce
        {
            self.lessons.nonce = true;
            return true;
        }
        // What the server was told, not what others may have learned since.
        let told = self.skew;
        let date = answer.header("date").and_then(self.host.read_date);
        let skew = date.map_or(told, |date| date.saturating_sub(now.wall));
        let is_near = skew.saturating_sub(told).saturating_abs() <= CLOCK_TOLERANCE;
        let has_time = !is_near && is_refusal(error) && !self.lessons.time;
        if has_time {
            self.lessons.time = true;
            self.facts.learn_skew(&origin, skew);
        } else if date.is_some() && is_near && is_refusal(error) {
            // The time did not help, and may be that of a machine in between.
            self.facts.learn_skew(&origin, 0);
        }
        has_time
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
        self.lessons.moved = true;
        self.plan = undiscovered;
        self.distrusts = true;
        true
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
            && !self.lessons.place
            && let Some(other) = self.plan.elsewhere(self.host)
        {
            self.lessons.place = true;
            self.misplaced = Some(error).filter(|_| !is_refused);
            self.plan = Rc::new(other);
            return self.attempt(now);
        }
        let misplaced = self.misplaced.take().filter(|_| is_refused);
        self.ended(misplaced.unwrap_or(error))
    }

    /// The origin of the token endpoint, where something is signed for it.
    fn origin(&self) -> Option<String> {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        if !config.signs(descriptor) {
            return None;
        }
        request::origin(self.plan.source(self.host, 0)).ok()
    }
}

/// Whether the server refused the request for what it is.
fn is_refusal(error: &Error) -> bool {
    matches!(error.code, Code::Oauth | Code::Http)
        && matches!(error.status, Some(400..=499))
        && !error.retryable
}
