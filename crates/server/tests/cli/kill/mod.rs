//! `kill -9` in the middle of work: what was acknowledged is there, nothing is there by half, and
//! what was not acknowledged can be asked for again.
//!
//! Eight clerks write at three sites until the node is killed; the next node has to hold what they
//! were told. It dies as a process, not as a machine: what the system holds for it reaches the disk.
//! Rounds follow each other on one database that grows.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy lets tests do it, but not their helpers"
)]

mod check;
mod clerk;
mod sites;
pub(crate) mod whole;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use loa_testkit::{Backend, kill_rounds, kill_seed};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::node::{Installation, Node};
use clerk::Clerk;
use whole::Whole;

/// Rounds on each database, unless `LOA_KILL_ROUNDS` says otherwise.
const ROUNDS: u32 = 20;
const CLERKS: usize = 8;
/// Longest that work may stand still before the kill.
const STANDSTILL: Duration = Duration::from_mins(1);
/// Tokens live ten minutes.
const TOKENS: Duration = Duration::from_mins(4);

/// Access tokens by person.
type Tokens = BTreeMap<&'static str, String>;

/// What a failure is repeated with; said when the test fails.
struct Round {
    backend: Backend,
    seed: u64,
    number: u32,
}

impl Drop for Round {
    #[expect(clippy::print_stderr, reason = "what a failed test says")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let (backend, seed, number) = (self.backend, self.seed, self.number);
            eprintln!(
                "round {number} on {backend:?} with seed {seed}. The same plans again, though \
                 threads take turns as they like: LOA_KILL_SEED={seed} scripts/kill-rounds {number}"
            );
        }
    }
}

fn rounds(backend: Backend) {
    let Some(installation) = Installation::new(backend) else {
        return;
    };
    let seed = kill_seed().unwrap_or_else(rand::random);
    let mut round = Round {
        backend,
        seed,
        number: 0,
    };
    let mut chance = StdRng::seed_from_u64(seed);
    let mut clerks: Vec<Clerk> = (0..CLERKS)
        .map(|number| Clerk::new(number, chance.random()))
        .collect();
    let mut tokens: Option<(Tokens, Instant)> = None;
    let mut whole = Whole::new();
    let mut node = installation.node();
    for number in 1..=kill_rounds().unwrap_or(ROUNDS) {
        round.number = number;
        let fresh = tokens
            .take()
            .filter(|(_, since)| since.elapsed() < TOKENS)
            .unwrap_or_else(|| (sign_in(&node), Instant::now()));
        work_until_killed(&node, &mut clerks, &fresh.0, &mut chance);
        check::wait_until_alone(&installation.database);
        node = installation.node();
        for clerk in &mut clerks {
            clerk.settle(&node, &fresh.0, &installation.database);
        }
        whole.check(&installation);
        tokens = Some(fresh);
    }
    let tokens = sign_in(&node);
    for clerk in &mut clerks {
        clerk.settle_all(&node, &tokens, &installation.database);
    }
}

fn sign_in(node: &Node) -> Tokens {
    sites::PEOPLE
        .iter()
        .map(|who| (*who, node.token(who)))
        .collect()
}

/// Lets the clerks work, and kills the node after some of their requests have been answered: at
/// whatever the others are at.
fn work_until_killed(node: &Node, clerks: &mut [Clerk], tokens: &Tokens, chance: &mut StdRng) {
    let (answered, answers) = mpsc::channel();
    let killed = AtomicBool::new(false);
    let enough: usize = chance.random_range(5..50);
    let then = Duration::from_micros(chance.random_range(0..8_000));
    std::thread::scope(|scope| {
        for clerk in clerks {
            let (answered, killed) = (answered.clone(), &killed);
            scope.spawn(move || clerk.work(node, tokens, &answered, killed));
        }
        drop(answered);
        let mut standstill = false;
        for _ in 0..enough {
            standstill |= answers.recv_timeout(STANDSTILL).is_err();
            if standstill {
                break;
            }
        }
        // Somewhere inside a request, not always right after one.
        std::thread::park_timeout(then);
        killed.store(true, Ordering::SeqCst);
        node.kill();
        assert!(!standstill, "no answer for {STANDSTILL:?}{node}");
    });
}

#[test]
fn what_sqlite_acknowledged_survives_kill_9() {
    rounds(Backend::Sqlite);
}

#[test]
fn what_postgres_acknowledged_survives_kill_9() {
    rounds(Backend::Postgres);
}
