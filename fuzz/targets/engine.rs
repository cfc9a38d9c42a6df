//! Arbitrary events, over a few keys, with clocks that jump.
//!
//! The input is one event a line: a letter for what happens, one for the key, then numbers.
//!
//! ```text
//! d key min_ttl max_age flags    a call; flags: 1 background, 2 forced, 4 with max_age
//! h key min_ttl max_age flags    the fast path, for the token that was returned last
//! b key min_ttl max_age flags    the old token, after a failure
//! s key lifetime name ahead draw exclusive    the request under way yields a token
//! o key lifetime name            a request of earlier yields one, fails, and is abandoned
//! f key flags draw wish          the request under way fails; flags: 1 remember, 2 retryable, 4 refused
//! a key                          its owner is gone
//! i key name                     a token is rejected
//! c    m keys                    clear, and configure
//! t span    w span    z span     time passes, the wall clock is stepped, the machine sleeps
//! n key server nonce             a server gives a nonce
//! k key server skew              a server's clock is ahead
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenlet::cache::Ask;
use tokenlet::time::{Millis, Now};
use tokenlet_fuzz::lines;
use tokenlet_fuzz::world::{KEYS, World};

fuzz_target!(|bytes: &[u8]| {
    let mut world = World::default();
    for line in lines::text(bytes).lines().take(200) {
        happens(&mut world, line);
    }
});

fn happens(world: &mut World, line: &str) {
    let [event, key, ..] = line.as_bytes() else {
        return;
    };
    let key = usize::from(*key) % KEYS.len();
    let mut numbers = lines::numbers(line.get(2..).unwrap_or_default());
    let mut number = || numbers.next().unwrap_or_default();
    match event {
        b'd' => world.call(key, &ask([number(), number(), number()])),
        b'h' => world.hit(key, &ask([number(), number(), number()])),
        b'b' => world.fallback(key, &ask([number(), number(), number()])),
        b's' => world.succeed(key, [number(), number(), number(), number(), number()]),
        b'o' => world.settle_earlier(key, [number(), number()]),
        b'f' => world.fail(key, [number(), number(), number()]),
        b'a' => world.abandon(key),
        b'i' => world.invalidate(key, number()),
        b'c' => world.clear(),
        b'm' => world.configure(number()),
        b'n' => world.learn_nonce([number(), number()]),
        b'k' => world.learn_skew([number(), number()]),
        b't' => world.pass(Now {
            wall: number().max(0),
            mono: Millis::MAX,
        }),
        b'w' => world.pass(Now {
            wall: number(),
            mono: 0,
        }),
        b'z' => world.pass(Now {
            wall: number().max(0),
            mono: 0,
        }),
        _ => {}
    }
}

fn ask([min_ttl, max_age, flags]: [i64; 3]) -> Ask {
    Ask {
        min_ttl: min_ttl.max(0),
        max_age: (flags & 4 != 0).then_some(max_age.max(0)),
        force: flags & 2 != 0,
        background: flags & 1 != 0,
    }
}
