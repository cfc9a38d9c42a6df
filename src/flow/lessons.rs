//! What a refusal teaches of the server, and the attempt that is owed to it: not a retry,
//! since the first one could not have been right.

use super::{Flow, Plan};
use crate::error::{Code, Error};
use crate::request;
use crate::response::{Answer, CLOCK_TOLERANCE};
use crate::time::Now;

/// What an acquisition has been taught. Each lesson is given once, or once between two waits, so
/// that no server keeps a caller at school.
#[derive(Default)]
pub(super) struct Lessons {
    /// The nonce of its last answer, for an attempt that is made at once: whatever others
    /// learned since is theirs.
    nonce: Option<String>,
    /// Whether it was a lesson, since the last wait: a server that restarts gives others.
    wants_nonce: bool,
    /// Whether the time that is signed is what a refusal told.
    time: bool,
    /// Whether the endpoint, or the metadata, was looked for in another place.
    pub(super) moved: bool,
}

impl Lessons {
    /// What is known where another place is looked for, whose server may have everything to teach.
    pub(super) fn of_another_place() -> Self {
        Self {
            moved: true,
            ..Self::default()
        }
    }

    /// Forgets what a wait outdates.
    pub(super) fn wait(&mut self) {
        self.nonce = None;
        self.wants_nonce = false;
    }
}

impl Flow {
    /// Gives the nonce that the server wants, and notes how far its clock is ahead; nothing where
    /// nothing is signed.
    pub(super) fn recall(&mut self) -> String {
        let origin = self.origin();
        let (nonce, skew) = match &origin {
            Some(origin) => self.facts.known(origin),
            None => Default::default(),
        };
        if !self.lessons.time {
            self.skew = skew;
        }
        match &self.lessons.nonce {
            Some(own) => own.clone(),
            None => nonce,
        }
    }

    /// RFC 9449, section 8.2: every answer may bring the next nonce.
    pub(super) fn learn_nonce(&mut self, answer: &Answer) {
        if let Some(nonce) = answer.header("dpop-nonce")
            && self.plan.config.is_bound()
            && let Some(origin) = self.origin()
        {
            self.facts.learn_nonce(&origin, nonce);
            self.lessons.nonce = Some(self.facts.known(&origin).0);
        }
    }

    /// What the clock lesson taught is for others once it brought a token: the `Date` of a
    /// refusal may be that of a machine in between, by which nothing is judged.
    pub(super) fn learn_skew(&self) {
        if self.lessons.time
            && let Some(origin) = self.origin()
        {
            self.facts.learn_skew(&origin, self.skew);
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
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        // RFC 9449, section 8.
        if wants_nonce
            && config.is_bound()
            && answer.header("dpop-nonce").is_some()
            && !self.lessons.wants_nonce
        {
            self.lessons.wants_nonce = true;
            return true;
        }
        if self.lessons.time || !is_refusal(error) || !config.signs(descriptor) {
            return false;
        }
        let Some(date) = answer.header("date").and_then(self.host.read_date) else {
            return false;
        };
        let skew = date.saturating_sub(now.wall);
        // From what the server was told, not from what others may have learned since.
        let is_off = skew.saturating_sub(self.skew).saturating_abs() > CLOCK_TOLERANCE;
        if is_off {
            self.skew = skew;
        }
        self.lessons.time = is_off;
        is_off
    }

    /// The origin of the token endpoint, where something is signed for it.
    fn origin(&self) -> Option<String> {
        let Plan {
            config, descriptor, ..
        } = &*self.plan;
        if !config.signs(descriptor) {
            return None;
        }
        request::origin(self.source()).ok()
    }
}

/// Whether the server refused the request for what it is.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.code, Code::Oauth | Code::Http)
        && matches!(error.status, Some(400..=499))
        && !error.retryable
}
