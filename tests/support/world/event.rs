//! What may happen to the cache.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use tokenlet::cache::Ask;
use tokenlet::error::Code;
use tokenlet::time::Millis;
use tokenlet::token::Lifetime;

use super::KEYS;

/// One thing that happens; the number is the key that it happens to.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// Time passes.
    After(Millis),
    /// The wall clock is stepped.
    Step(Millis),
    /// The machine sleeps, and its monotonic clock with it.
    Sleep(Millis),
    /// Time passes until something of the key's is due, or nearly so.
    Near(usize, usize, Millis),
    Call(usize, Ask),
    /// The flight sends its request again.
    Send(usize),
    Succeed(usize, Grant),
    Fail(usize, Trouble),
    /// The owner of the flight dies, and somebody noticed.
    Die(usize),
    /// The answer to a flight whose owner died, or which was cleared.
    Late(usize, Option<Grant>),
    /// The token that came this many tokens ago is refused by an API.
    Reject(usize, usize),
    Clear,
}

/// A token as a server grants it.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(super) name: Name,
    pub(super) lifetime: Option<Lifetime>,
    pub(super) refresh_ahead: Option<Millis>,
    pub(super) draw: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    New,
    Latest,
    Rejected,
}

/// A failed request; `own`: through a caller's function.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(super) code: Code,
    pub(super) retryable: bool,
    pub(crate) own: bool,
    pub(crate) retry_after: Option<Millis>,
    pub(super) draw: f64,
}

/// Up to so many events.
pub(crate) fn events(most: usize) -> impl Strategy<Value = Vec<Event>> {
    vec(event(), 1..most)
}

fn event() -> impl Strategy<Value = Event> {
    let key = || prop_oneof![5 => Just(0), 1 => 0..KEYS];
    let span = || prop_oneof![0..3_i64, 0..2_000_i64, 0..120_000_i64, 0..4_000_000_i64];
    prop_oneof![
        4 => span().prop_map(Event::After),
        1 => (-4_000_000..4_000_000_i64).prop_map(Event::Step),
        1 => span().prop_map(Event::Sleep),
        6 => (key(), any::<usize>(), -1..2_i64).prop_map(|(key, what, off)| Event::Near(key, what, off)),
        12 => (key(), ask()).prop_map(|(key, ask)| Event::Call(key, ask)),
        1 => key().prop_map(Event::Send),
        6 => (key(), grant()).prop_map(|(key, grant)| Event::Succeed(key, grant)),
        4 => (key(), trouble()).prop_map(|(key, trouble)| Event::Fail(key, trouble)),
        1 => key().prop_map(Event::Die),
        1 => (key(), option::of(grant())).prop_map(|(key, grant)| Event::Late(key, grant)),
        2 => (key(), 0..3_usize).prop_map(|(key, ago)| Event::Reject(key, ago)),
        1 => prop_oneof![9 => Just(Event::After(0)), 1 => Just(Event::Clear)],
    ]
}

/// What a caller asks for.
pub(crate) fn ask() -> impl Strategy<Value = Ask> {
    let span = || prop_oneof![3 => Just(None), 1 => (0..600_000_i64).prop_map(Some)];
    (span(), span(), 0..8_u8).prop_map(|(min_ttl, max_age, flags)| Ask {
        min_ttl: min_ttl.unwrap_or(0),
        max_age,
        force: flags < 2,
        background: flags % 2 == 0 || flags > 3,
    })
}

/// A token as some server grants it.
pub(crate) fn grant() -> impl Strategy<Value = Grant> {
    let name =
        prop_oneof![6 => Just(Name::New), 1 => Just(Name::Latest), 1 => Just(Name::Rejected)];
    let span = || prop_oneof![1..3_000_i64, 2_000..90_000_i64, 600_000..4_000_000_i64];
    let lifetime = prop_oneof![
        6 => span().prop_map(Lifetime::For),
        2 => span().prop_map(Lifetime::Derived),
        1 => Just(Lifetime::Never),
        2 => Just(Lifetime::None),
        1 => Just(Lifetime::For(8_640_000_000_000_000)),
    ];
    // Without one it ends at the very instant at which the held one does.
    let lifetime = prop_oneof![9 => lifetime.prop_map(Some), 1 => Just(None)];
    let ahead = prop_oneof![3 => Just(None), 1 => (0..900_000_i64).prop_map(Some)];
    (name, lifetime, ahead, 0.0..1.0).prop_map(|(name, lifetime, refresh_ahead, draw)| Grant {
        name,
        lifetime,
        refresh_ahead,
        draw,
    })
}

/// What may go wrong with a request.
pub(crate) fn trouble() -> impl Strategy<Value = Trouble> {
    let kind = prop_oneof![
        2 => Just((Code::Http, true, false)),
        2 => Just((Code::Oauth, false, false)),
        1 => Just((Code::InvalidResponse, false, false)),
        1 => Just((Code::Credentials, true, true)),
    ];
    let wish = prop_oneof![3 => Just(None), 1 => (0..100_000_i64).prop_map(Some)];
    (kind, wish, 0.0..1.0).prop_map(|((code, retryable, own), retry_after, draw)| Trouble {
        code,
        retryable,
        own,
        retry_after: retry_after.filter(|_| !own),
        draw,
    })
}

impl Grant {
    /// With this lifetime, for a new token or for the latest one once more.
    pub(crate) fn saying(self, lifetime: Lifetime, again: bool) -> Self {
        Self {
            name: if again { Name::Latest } else { Name::New },
            lifetime: Some(lifetime),
            ..self
        }
    }
}

impl Trouble {
    /// Whether the server said that it will not, rather than that it can not.
    pub(crate) fn is_refusal(&self) -> bool {
        self.code == Code::Oauth && !self.retryable
    }
}
