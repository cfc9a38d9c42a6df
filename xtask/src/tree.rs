//! The tree of processes below one, which ends as a whole.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command};

/// Ends a child and everything below it: ending `npm` alone would leave its servers running.
pub(crate) fn end_with_descendants(child: &mut Child) {
    let id = child.id();
    let mut killer = if cfg!(windows) {
        Command::new("taskkill")
    } else {
        // The shell's own `kill` is there even where the program of that name is not.
        Command::new("sh")
    };
    if cfg!(windows) {
        killer.args(["/T", "/F", "/PID", &id.to_string()]);
    } else {
        let ids: Vec<String> = descendants(id).iter().map(u32::to_string).collect();
        killer.args(["-c", &format!("kill -KILL {id} {}", ids.join(" "))]);
    }
    // What has ended by itself meanwhile is no failure, and nothing more could be done.
    let _ = killer.status();
    let _ = child.kill();
    let _ = child.wait();
}

/// The children of a process, their children, and so on.
fn descendants(ancestor: u32) -> Vec<u32> {
    let parents = parents();
    let children = |of: u32| parents.iter().filter(move |(_, parent)| **parent == of);
    let mut found = Vec::new();
    let mut open = vec![ancestor];
    while let Some(process) = open.pop() {
        for (&child, _) in children(process) {
            found.push(child);
            open.push(child);
        }
    }
    found
}

/// Every process and its parent: from `/proc`, which needs no program, or else from `ps`.
fn parents() -> HashMap<u32, u32> {
    let known = parents_from_proc();
    if !known.is_empty() {
        return known;
    }
    let Ok(listing) = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output() else {
        return known;
    };
    let pair = |line: &str| {
        let (id, parent) = line.trim().split_once(' ')?;
        Some((id.parse().ok()?, parent.trim().parse().ok()?))
    };
    let text = String::from_utf8_lossy(&listing.stdout);
    text.lines().filter_map(pair).collect()
}

fn parents_from_proc() -> HashMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pair = |entry: fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
        Some((id, parent.trim().parse().ok()?))
    };
    entries.filter_map(pair).collect()
}
