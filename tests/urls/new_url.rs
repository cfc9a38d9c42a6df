//! The real `new URL`: Node, asked about texts by the thousand.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{channel, sync_channel};
use std::thread;
use std::time::Duration;

/// The parts of a URL, by the names that they have there.
pub(crate) struct Parts {
    pub(crate) href: String,
    pub(crate) origin: String,
    pub(crate) pathname: String,
    pub(crate) search: String,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) hash: String,
}

/// Calls `told` with each text and its parts; `None`: it is refused.
pub(crate) fn ask(
    mut texts: impl Iterator<Item = String> + Send,
    mut told: impl FnMut(&str, Option<Parts>),
) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/urls/new-url.js");
    let node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut node = node.expect("Node is needed: https://nodejs.org");
    let mut questions = node.stdin.take().unwrap();
    let mut answers = BufReader::new(node.stdout.take().unwrap()).lines();
    thread::scope(|scope| {
        // Node ends when its time is over, and when this thread is done or panics.
        let (_done, end) = channel::<()>();
        scope.spawn(move || {
            let _ = end.recv_timeout(LONGEST);
            let _ = node.kill();
            let _ = node.wait();
        });
        let (sender, batches) = sync_channel(1);
        scope.spawn(move || {
            loop {
                let batch: Vec<String> = texts.by_ref().take(BATCH).collect();
                let lines: Vec<String> = batch.iter().map(|text| line(text)).collect();
                // It is told of before it is written, so that a full pipe is being read from.
                if batch.is_empty()
                    || sender.send(batch).is_err()
                    || questions.write_all(lines.concat().as_bytes()).is_err()
                {
                    return;
                }
            }
        });
        for text in batches.into_iter().flatten() {
            let answer = answers.next().expect("Node ended before its answers did");
            told(&text, parts(&answer.unwrap()));
        }
    });
}

const BATCH: usize = 1_000;

/// Many times what a million texts take.
const LONGEST: Duration = Duration::from_secs(300);

fn line(text: &str) -> String {
    serde_json::to_string(text).unwrap() + "\n"
}

fn parts(answer: &str) -> Option<Parts> {
    let parts: Option<[String; 7]> = serde_json::from_str(answer).unwrap();
    let [href, origin, pathname, search, username, password, hash] = parts?;
    Some(Parts {
        href,
        origin,
        pathname,
        search,
        username,
        password,
        hash,
    })
}
