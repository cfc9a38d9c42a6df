//! Processes that started together do not refresh together.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::many_cases;
use tokenlet::cache::Margins;
use tokenlet::time::Millis;
use tokenlet::token::Lifetime;

const PROCESSES: u32 = 1_000;

/// A seeded source of uniform numbers in [0, 1): xorshift*, Vigna 2016.
struct Draws(u64);

impl Iterator for Draws {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        Some(bits as f64 / f64::from(u32::MAX).next_up())
    }
}

/// How many of them refresh in their worst second. Each got its token at 0 and calls
/// at a pace of its own phase; the first call after the refresh is due causes it.
fn worst_second(lifetime: Millis, pace: Millis, draws: &mut Draws) -> u32 {
    let mut seconds: HashMap<Millis, u32> = HashMap::new();
    for _ in 0..PROCESSES {
        let mut draw = || draws.next().unwrap();
        let due = Margins::new(Lifetime::For(lifetime), None, draw()).refresh_at;
        let phase = (pace as f64 * draw()) as Millis;
        let calls = (due - phase).max(0) as u64;
        let refresh = phase + calls.div_ceil(pace as u64) as Millis * pace;
        assert!((due..due + pace.max(phase + 1)).contains(&refresh));
        *seconds.entry(refresh / 1_000).or_default() += 1;
    }
    seconds.into_values().max().unwrap()
}

proptest! {
    // The same draws in each run: of ten million, some are bound to meet by chance.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(11), ..many_cases() })]

    /// Invariant 11.
    #[test]
    fn a_thousand_processes_do_not_refresh_together(
        seed in 1..u64::MAX, lifetime in prop_oneof![900_000..1_200_000_i64, 900_000..90_000_000_i64], pace in prop_oneof![1..1_000_i64, 1..600_000_i64],
    ) {
        let worst = worst_second(lifetime, pace, &mut Draws(seed));
        prop_assert!(worst < PROCESSES * 3 / 100, "{worst} in one second");
    }
}
