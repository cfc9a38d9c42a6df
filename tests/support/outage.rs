//! One process whose callers want tokens while its server goes down, in virtual
//! time: what is put in, and what there is to see.

pub(crate) mod story;
mod world;

use core::fmt;

use tokenlet::retry::scaled;
use tokenlet::time::Millis;

/// What a server that is down does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Down {
    /// The connection is refused at once.
    Refusing,
    /// Nothing comes back, until the attempt's time has passed.
    Silent,
}

/// The server is down from one instant to just before another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outage {
    pub(crate) how: Down,
    pub(crate) from: Millis,
    pub(crate) to: Millis,
}

/// How often somebody calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callers {
    /// Each so long after the last.
    Every(Millis),
    /// At random, so often on average.
    Random(Millis),
}

impl Callers {
    /// How long after a call the next one comes.
    fn pause(self, draw: f64) -> Millis {
        match self {
            Self::Every(span) => span,
            Self::Random(mean) => scaled(mean, -(1.0 - draw).ln()),
        }
    }
}

impl fmt::Display for Callers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every(span) => write!(formatter, "every {span} ms"),
            Self::Random(mean) => write!(formatter, "about every {mean} ms"),
        }
    }
}

/// A process that starts at instant 0 with a call, and its server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process {
    pub(crate) lifetime: Millis,
    pub(crate) refresh_ahead: Option<Millis>,
    pub(crate) callers: Callers,
    /// After the first call nobody calls until here, so that no time goes into hits.
    pub(crate) quiet_until: Millis,
    pub(crate) latency: Millis,
    pub(crate) outage: Option<Outage>,
    /// What it draws; `None` makes every wait, margin and back-off its shortest.
    pub(crate) seed: Option<u64>,
}

/// What one caller got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// A token with so much life left; `new`: a request yielded it just now.
    Token { left: Millis, new: bool },
    /// An error; `cached`: a recent one.
    Error { cached: bool },
}

/// One call: when it came, how long it waited, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) at: Millis,
    pub(crate) waited: Millis,
    pub(crate) got: Got,
}

/// What there was to see.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) calls: Vec<Call>,
    /// When the server was asked.
    pub(crate) requests: Vec<Millis>,
    /// When each token was asked for, and when it came.
    pub(crate) tokens: Vec<(Millis, Millis)>,
    /// When the last attempt at a token was given up, each time.
    pub(crate) failures: Vec<Millis>,
}

/// Draws from [0, 1): always 0, or as splitmix64 goes on from a seed.
struct Dice(Option<u64>);

impl Dice {
    fn draw(&mut self) -> f64 {
        let Some(state) = &mut self.0 else {
            return 0.0;
        };
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let upper = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap();
        f64::from(upper) / 4_294_967_296.0
    }
}
