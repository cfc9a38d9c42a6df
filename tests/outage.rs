//! What callers notice while their server is down, and what the server notices of
//! them, in virtual time: sweeps over the instants at which an outage begins.
//!
//! `cargo test --test outage -- --nocapture` shows the figures.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;

use core::fmt::Write as _;
use core::ops::Range;

use support::outage::story::{LONGEST_MEMORY, Story};
use support::outage::{Callers, Down, Outage, Process};
use tokenlet::time::{Millis, SECOND};

const KINDS: [Down; 2] = [Down::Refusing, Down::Silent];
const CALLERS: [Callers; 3] = [
    Callers::Every(100),
    Callers::Every(SECOND),
    Callers::Random(SECOND),
];

#[test]
fn an_outage_across_expiry_costs_what_the_policies_allow() {
    let mut table = table();
    for lifetime in [60, 300, 3_600] {
        for span in [30, 300, 1_200] {
            for how in KINDS {
                for (callers, seed) in CALLERS.into_iter().zip([None, Some(1), Some(2)]) {
                    let process = process(lifetime, callers, seed);
                    let stories = sweep(&process, how, span * SECOND);
                    stories.iter().for_each(Story::check);
                    let name = format!("{lifetime:5} s {span:5} s  {how:8?}  {callers}");
                    row(&mut table, &name, &stories);
                }
            }
        }
    }
    println!("{table}");
}

#[test]
fn an_outage_no_longer_than_the_lead_fails_no_call() {
    for (lifetime, span) in [(300, 30), (300, 75), (3_600, 30), (3_600, 300)] {
        for (how, seed) in [(KINDS[0], None), (KINDS[1], None), (KINDS[1], Some(3))] {
            let process = process(lifetime, Callers::Every(SECOND), seed);
            let refresh = refresh(&process);
            for before in -5..=span + 5 {
                let from = refresh - before * SECOND;
                let process = waking(process, from.min(refresh) - 5 * SECOND);
                let story = process.goes_through(down(how, from, span * SECOND));
                let failed = story.failed().count();
                assert_eq!(failed, 0, "{how:?}, {before} s before the refresh");
            }
        }
    }
}

/// However long refreshes were backing off for.
#[test]
fn an_outage_that_ends_before_the_last_chance_fails_no_call() {
    for lifetime in [60, 300, 3_600] {
        for (how, seed) in KINDS.into_iter().zip([5, 6]) {
            let process = process(lifetime, Callers::Every(SECOND), Some(seed));
            let refresh = refresh(&process);
            let last_chance = process.lifetime - process.soft_margin();
            for span in (1..=60).map(|part| (last_chance - refresh) * part / 60) {
                let outage = down(how, last_chance - span, span);
                let story = waking(process, outage.from).goes_through(outage);
                assert_eq!(story.failed().count(), 0, "{how:?} for {span} ms");
            }
        }
    }
}

#[test]
fn with_twenty_minutes_ahead_an_hours_token_rides_through_twenty_minutes() {
    let mut table = table();
    for how in KINDS {
        let mut stories = Vec::new();
        for begin in 0..360 {
            let seed = (begin % 4 > 0).then_some(begin);
            let process = Process {
                refresh_ahead: Some(1_200 * SECOND),
                ..process(3_600, Callers::Every(SECOND), seed)
            };
            let from = i64::try_from(begin).unwrap() * 10 * SECOND + 500;
            let story = process.goes_through(down(how, from, 1_200 * SECOND));
            assert_eq!(story.failed().count(), 0, "{how:?} from {from} ms");
            story.check();
            stories.push(story);
        }
        row(
            &mut table,
            &format!(" 3600 s  1200 s  {how:8?}  20 minutes ahead"),
            &stories,
        );
    }
    println!("{table}");
}

/// A back-off behind a token is longer than what the failure may be told for once the
/// token is gone.
#[test]
fn without_a_token_a_failure_is_told_no_longer_than_its_memory() {
    for (how, lifetime) in KINDS.into_iter().zip([300, 3_600]) {
        let process = process(lifetime, Callers::Every(SECOND), Some(4));
        for story in sweep(&process, how, 1_200 * SECOND) {
            let told = story.longest_memory();
            assert!(
                told < LONGEST_MEMORY,
                "{told} ms after it: {how:?}, {lifetime} s"
            );
        }
    }
}

#[test]
fn a_thousand_processes_do_not_come_together_for_two_lifetimes() {
    for lifetime in [900, 3_600] {
        let end = (2 * lifetime + 60) * SECOND;
        let herd = Herd::new(lifetime, None, end);
        let worst = herd.worst(1..end / SECOND);
        println!(
            "a thousand processes, tokens of {lifetime} s: {worst} requests in the worst second"
        );
        assert!(
            worst < 30,
            "{worst} in one second, with tokens of {lifetime} s"
        );
    }
}

/// How many come in one second while the server is down, and just after, is shown and
/// not judged: what is promised is that each asks once when it is back, and that they
/// are spread out from then on.
#[test]
fn a_thousand_processes_ask_once_after_an_outage_and_are_spread_out_again() {
    for (lifetime, how) in [(900, Down::Silent), (3_600, Down::Refusing)] {
        let outage = down(how, lifetime * 800, 1_200 * SECOND);
        let (begins, back) = (outage.from / SECOND, outage.to / SECOND);
        let settled = back + 60;
        let end = settled + lifetime;
        let herd = Herd::new(lifetime, Some(outage), end * SECOND);
        let (before, at_once, later) = (
            herd.worst(begins..back),
            herd.worst(back..settled),
            herd.worst(settled..end),
        );
        println!(
            "a thousand processes, tokens of {lifetime} s, {how:?} for 1200 s: {before} requests in the worst second, {at_once} when it is back, {later} from then on"
        );
        assert!(herd.sum(back..settled) <= 1_000, "one each");
        assert!(later < 30, "{later} in one second");
    }
}

/// How many requests came in each second from a thousand processes that started
/// together, and whose callers come together.
struct Herd(Vec<usize>);

impl Herd {
    fn new(lifetime: i64, outage: Option<Outage>, end: Millis) -> Self {
        let mut seconds = vec![0; usize::try_from(end / SECOND).unwrap() + 60];
        for seed in 0..1_000 {
            let process = process(lifetime, Callers::Every(SECOND), Some(seed << 32));
            for at in (Process { outage, ..process }).run(end).requests {
                seconds[usize::try_from(at / SECOND).unwrap()] += 1;
            }
        }
        Self(seconds)
    }

    fn between(&self, seconds: Range<Millis>) -> &[usize] {
        &self.0[usize::try_from(seconds.start).unwrap()..usize::try_from(seconds.end).unwrap()]
    }

    fn worst(&self, seconds: Range<Millis>) -> usize {
        self.between(seconds).iter().copied().max().unwrap()
    }

    fn sum(&self, seconds: Range<Millis>) -> usize {
        self.between(seconds).iter().sum()
    }
}

/// A process whose tokens live so many seconds.
fn process(lifetime: i64, callers: Callers, seed: Option<u64>) -> Process {
    Process {
        lifetime: lifetime * SECOND,
        refresh_ahead: None,
        callers,
        quiet_until: lifetime * SECOND / 3,
        latency: 100,
        outage: None,
        seed,
    }
}

/// The process, with nobody calling between its start and this instant.
fn waking(process: Process, quiet_until: Millis) -> Process {
    Process {
        quiet_until,
        ..process
    }
}

fn down(how: Down, from: Millis, span: Millis) -> Outage {
    Outage {
        how,
        from,
        to: from + span,
    }
}

/// When the first token is refreshed, while the server is up.
fn refresh(process: &Process) -> Millis {
    process.run(process.lifetime).requests[1]
}

/// Outages of this length that begin around the refresh, or end around the token's
/// end, with callers all along; and others that meet a process as it wakes.
fn sweep(process: &Process, how: Down, span: Millis) -> Vec<Story> {
    let (refresh, end) = (refresh(process), process.lifetime);
    let last_chance = end - process.soft_margin();
    let gone = end - process.hard_margin();
    let play = |from: Millis, quiet_until| {
        waking(*process, quiet_until).goes_through(down(how, from, span))
    };
    let mut stories = Vec::new();
    for part in 0..=12 {
        let ends = refresh + (end + 5 * SECOND - refresh) * part / 12;
        let from = (ends - span).max(SECOND);
        stories.push(play(from, from.min(refresh) - SECOND));
        let from = refresh - span.min(end / 2) * part / 12;
        stories.push(play(from, from - SECOND));
        let from = refresh + (end - refresh) * part / 12;
        stories.push(play(from, from));
    }
    for from in [last_chance, last_chance + 1, gone - 1, gone, end] {
        stories.push(play(from, from));
    }
    stories
}

fn table() -> String {
    let mut table = format!("\n{:CASE$}", "token   outage  server    callers");
    for name in COLUMNS {
        write!(table, "{name:>11}").unwrap();
    }
    table
}

/// The worst of each figure over all of these outages.
fn row(table: &mut String, case: &str, stories: &[Story]) {
    let most = |figure: fn(&Story) -> usize| stories.iter().map(figure).max().unwrap();
    let longest = |figure: fn(&Story) -> Millis| stories.iter().map(figure).max().unwrap();
    write!(table, "\n{case:CASE$}").unwrap();
    for count in [
        stories.len(),
        most(Story::requests),
        most(Story::most_requests),
        most(|story| story.failed().count()),
    ] {
        write!(table, "{count:11}").unwrap();
    }
    for span in [longest(Story::longest_wait), longest(Story::aftermath)] {
        write!(table, "{span:8} ms").unwrap();
    }
}

const CASE: usize = 44;
/// `back after`: when the last call failed, counted from when the server was back.
const COLUMNS: [&str; 6] = [
    "runs",
    "requests",
    "allowed",
    "failed",
    "wait",
    "back after",
];
