//! Texts that are URLs, nearly are, or are one to some parsers alone: put together of pieces,
//! of which most are plain, and then bent here and there.

use proptest::prelude::RngExt as _;
use proptest::test_runner::{TestRng, TestRunner};

use crate::support::cases;

/// Texts without an end.
pub(crate) struct Texts(TestRng);

impl Texts {
    pub(crate) fn new() -> Self {
        Self(TestRunner::new(cases()).new_rng())
    }
}

impl Iterator for Texts {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut text = String::new();
        text += self.piece(94, &["https", "https", "http", "HTTPS", "Http"], SCHEMES);
        text += self.piece(97, &["://"], SEPARATORS);
        text += self.piece(97, &[""], USERS);
        text += &self.host();
        text += &self.port();
        text += &self.path();
        text += &self.query();
        text += self.piece(97, &[""], &["#", "#x", "#/?"]);
        for _ in 0..3 {
            if self.percent(8) {
                self.bend(&mut text);
            }
        }
        Some(text)
    }
}

impl Texts {
    fn host(&mut self) -> String {
        match self.below(20) {
            0 => self.pick(ADDRESSES).to_owned(),
            1 => self.pick(IPV6).to_owned(),
            2 | 3 => self.address(),
            4 => {
                let mut labels = vec!["a".repeat(60 + self.below(6)); self.below(5)];
                labels.push("b".repeat(1 + self.below(66)));
                labels.join(".")
            }
            _ => {
                let mut labels = Vec::new();
                for _ in 0..=self.below(4) {
                    labels.push(self.word(96, LABELS));
                }
                labels.join(".")
            }
        }
    }

    /// Numbers with dots, as old parsers read addresses.
    fn address(&mut self) -> String {
        let count = if self.percent(70) { 4 } else { self.below(6) };
        let mut numbers = Vec::new();
        for _ in 0..count {
            let number = self.below(260);
            numbers.push(match self.below(30) {
                0 => format!("0x{number:x}"),
                1 => format!("0{number:o}"),
                2 => format!("{}", number * 16_777_216),
                3 => format!("{number}a"),
                _ => number.to_string(),
            });
        }
        numbers.join(".")
    }

    fn port(&mut self) -> String {
        match self.below(20) {
            0 => format!(":{}", self.below(70_000)),
            1 => self.pick(PORTS).to_owned(),
            2..=5 => self.pick(&[":443", ":80", ":8443"]).to_owned(),
            _ => String::new(),
        }
    }

    fn path(&mut self) -> String {
        let mut path = String::new();
        for _ in 0..self.below(5) {
            path += self.piece(99, &["/"], &["\\", "//", "/\t"]);
            path += &self.word(92, SEGMENTS);
        }
        path + self.pick(&["", "/"])
    }

    fn query(&mut self) -> String {
        let mut query = String::new();
        for mark in ["?", "=", "&", "?"] {
            if self.percent(60) {
                break;
            }
            query += mark;
            query += &self.word(95, SEGMENTS);
        }
        query
    }

    /// Plain letters and digits, or, so many times less often than not, one of `odd`.
    fn word(&mut self, plain: usize, odd: &[&'static str]) -> String {
        if !self.percent(plain) {
            return self.pick(odd).to_owned();
        }
        let mut word = String::new();
        for _ in 0..=self.below(6) {
            let at = self.below(PLAIN.len());
            word.push(char::from(PLAIN.as_bytes()[at]));
        }
        word
    }

    /// Changes one place.
    fn bend(&mut self, text: &mut String) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = self.below(chars.len() + 1);
        match self.below(4) {
            0 if at < chars.len() => drop(chars.remove(at)),
            1 => chars.truncate(at),
            2 => {
                let end = (at + self.below(8)).min(chars.len());
                let twice = chars[at..end].to_vec();
                drop(chars.splice(at..at, twice));
            }
            _ => {
                let mark: &str = self.pick(MARKS);
                drop(chars.splice(at..at, mark.chars()));
            }
        }
        *text = chars.into_iter().collect();
    }

    fn piece(
        &mut self,
        plain: usize,
        usual: &[&'static str],
        odd: &[&'static str],
    ) -> &'static str {
        if self.percent(plain) {
            self.pick(usual)
        } else {
            self.pick(odd)
        }
    }

    fn pick(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }

    fn percent(&mut self, odds: usize) -> bool {
        self.below(100) < odds
    }

    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }
}

/// Some letters are there more than once.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzAZ0179-_";

#[rustfmt::skip]
const SCHEMES: &[&str] = &[
    "", "ftp", "ws", "wss", "file", "httpss", "http s", " https", "\u{1}https", "ht\ntps", "javascript", "data",
    "blob:https", "view-source:https", "httpſ", "//x", "https:", "1http",
];
#[rustfmt::skip]
const SEPARATORS: &[&str] = &["", ":", ":/", ":///", ":////", ":\\\\", ":/\\", "//", ":\t//", ":/\n/", ": //", "://://"];
#[rustfmt::skip]
const USERS: &[&str] = &["u@", "u:p@", ":p@", "@", ":@", "u%40v@", "u@v@", "a.example@", "a.example:443@", "a.example\\@"];
#[rustfmt::skip]
const ADDRESSES: &[&str] = &[
    "localhost", "LocalHost", "127.0.0.1", "0.0.0.0", "255.255.255.255", "256.0.0.1", "127.1", "0x7f.1", "0x7f000001",
    "017700000001", "2130706433", "0", "0x", "1.2.3.4.5", "1.2.3.4.", "01.2.3.4", "1.2.3.04", "1..3.4", "1.2.3.4a", "a.0x1",
    "1.2.3.0xg", "a.1", "１.2.3.4", "1.2.3.4.a",
];
#[rustfmt::skip]
const IPV6: &[&str] = &[
    "[::1]", "[::1]", "[::1]", "[::2]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[FE80::1]",
    "[::1%25eth0]", "[::1", "::1", "[::1]]", "[[::1]]", "[]", "[v1.a]", "[::1].a", "a[::1]",
];
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "", "", "-", "--a", "_", "%61", "%2e", "%", "bücher", "ß", "é", "。", "．", "\u{ad}", "a\u{200d}b", "İ", "ⅷ", "xn--bcher-kva",
    "xn--a", "xn--", "XN--A", "a b", "a|b", "a~b", "a^b", "a<b", "a!b", "a$b", "a'b", "(a)", "a*b", "a+b", "a,b", "a;b", "a=b", "a&b",
    "a`b", "{a}", "a\"b", "a\tb", "3com", "0x1g", "007", "1",
];
#[rustfmt::skip]
const PORTS: &[&str] = &[
    ":", ":0", ":0", ":0", ":00", ":080", ":0443", ":000443", ":65535", ":65536", ":99999999999", ":18446744073709551696", ":+1", ":-1", ":1a", ":a",
    ":0x50", ":443:443", ":４４３", ": 443", ":44\t3", ":1", "::",
];
#[rustfmt::skip]
const SEGMENTS: &[&str] = &[
    "", "", ".", "..", "...", ".a", ".a/..", ".a/./b", "a/../b", "%2e", "%2E%2e", ".%2e", "%2e.", "%2e%2e%2e", "%252e", "..;", "a..", "%2f", "%5c", "%00", "%", "%z", "%zz", "%4",
    "a%20b", "%e9", "%C3%A9", "a b", "é", "日本", "a'b", "'", "'a", "a;b=1", "@", ":", "a:b@c", "!$&()*+,;=", "~", "|", "^", "{x}", "[a]", "\"", "<a>", "`",
    "\\", "a\u{7f}", "\u{0}", "a\tb", "\u{2028}", "😀", "//", "C:", "C|",
];
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "\t", "\n", "\r", " ", "\u{0}", "\u{1f}", "\u{7f}", "\u{a0}", "\u{ad}", "\u{200b}", "\u{feff}", "é", "ſ", "K", "。", "．", "／", "＠", "😀", "%",
    "%2e", "%2F", "%00", "%zz", "\\", "/", "//", "?", "#", "@", ":", "[", "]", "..", ".", "'", "\"", "<", ">", "^", "`", "{", "|", "}", "~", "!",
    "$", "&", "(", "*", "+", ",", ";", "=", "xn--", "0x", "-", "_", "A", "0", "9",
];
