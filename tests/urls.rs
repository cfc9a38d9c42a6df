//! What `HttpUrl` decides is what `new URL` decides, since that is what `fetch` reads a URL with:
//! Node's own, asked a million times.

#![cfg(not(target_arch = "wasm32"))]
#![cfg(test)]
#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

mod support;
mod urls {
    pub(crate) mod classes;
    pub(crate) mod new_url;
    pub(crate) mod texts;
}

use std::cell::RefCell;
use std::collections::BTreeMap;

use support::{HOST, many_cases};
use tokenlet::url::HttpUrl;
use tokenlet::value::Host;
use urls::classes::{CLASSES, OVERLOOKED};
use urls::new_url::{Parts, ask};
use urls::texts::Texts;

/// A text is as quickly tried as it is made.
const TEXTS_A_CASE: usize = 100;

#[test]
fn what_is_accepted_is_what_new_url_reads_and_leaves_as_it_is() {
    let count = usize::try_from(many_cases().cases).unwrap() * TEXTS_A_CASE;
    let mut outcomes = BTreeMap::new();
    ask(Texts::new().take(count), |text, parts| {
        *outcomes.entry(outcome(text, parts)).or_insert(0) += 1;
    });
    println!("{count} texts: {outcomes:#?}");
    // Where there are few of a kind, little was tried.
    assert_eq!(outcomes.values().sum::<usize>(), count);
    for kind in [ACCEPTED, REFUSED] {
        assert!(outcomes[kind] > count / 20, "few are {kind}: {outcomes:?}");
    }
    let expected = CLASSES.iter().filter(|(class, _)| *class != OVERLOOKED);
    for (class, _) in expected {
        let found = outcomes.get(class).copied().unwrap_or(0);
        assert!(found > count / 2_000, "few have {class}: {outcomes:?}");
    }
}

const ACCEPTED: &str = "accepted by both";
const REFUSED: &str = "refused by both";

thread_local! {
    /// What Node says of the text that is being tried.
    static SAID: RefCell<Option<[String; 2]>> = const { RefCell::new(None) };
}

/// A host whose `new URL` is Node's.
const NODE: Host = Host {
    read_url: |_| SAID.with_borrow(|said| said.clone().map(|[href, origin]| (href, origin))),
    ..HOST
};

/// Why a text is accepted or refused; it panics where nothing says so.
fn outcome(text: &str, parts: Option<Parts>) -> &'static str {
    let said = parts
        .as_ref()
        .map(|parts| [&parts.href, &parts.origin].map(Clone::clone));
    SAID.set(said);
    let own = HttpUrl::parse(text, NODE);
    let Some(parts) = parts else {
        assert_eq!(own.ok(), None, "`new URL` refuses {text:?}");
        return REFUSED;
    };
    let class = CLASSES.iter().find(|(_, holds)| holds(text, &parts));
    match (own, class) {
        (Ok(own), None) => {
            same(text, &own, &parts);
            ACCEPTED
        }
        (Err(_), Some((class, _))) => class,
        (Ok(own), Some((class, _))) => panic!("{text:?} has {class}, and is accepted as {own:?}"),
        (Err(expected), None) => panic!("{text:?} is refused for no reason: {expected}"),
    }
}

#[track_caller]
fn same(text: &str, own: &HttpUrl, parts: &Parts) {
    assert_eq!(own.whole(), parts.href, "{text:?}");
    assert_eq!(own.origin(), parts.origin, "{text:?}");
    let path = own.without_query().strip_prefix(own.origin());
    assert_eq!(path, Some(parts.pathname.as_str()), "{text:?}");
    let query = parts.search.strip_prefix('?').unwrap_or_default();
    assert_eq!(own.query().unwrap_or_default(), query, "{text:?}");
    for absent in [&parts.username, &parts.password, &parts.hash] {
        assert_eq!(absent, "", "{text:?}");
    }
}
