//! A clerk: does one thing after another, and remembers what was acknowledged.
//!
//! Each has entries of its own, so that it knows what they have to be like. At a site with several
//! clerks they stand in each other's way all the same: a site's row is held by whoever writes there.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use loa_testkit::Answer;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::Tokens;
use super::sites::{Board, Step};
use crate::node::Node;

/// Entries of one clerk; beyond, the old ones are worked on.
const ENTRIES: usize = 5;
/// How often in a row a database may be busy, on a machine that has much else to do.
const PATIENCE: u32 = 60;
/// Requests that a failure tells of.
const TOLD: usize = 12;

/// Somebody at work.
pub(super) struct Clerk {
    pub(super) board: Board,
    pub(super) entries: Vec<Known>,
    /// The request that got no answer.
    pub(super) open: Option<Asked>,
    /// The last requests with their statuses, for messages.
    pub(super) told: VecDeque<String>,
    number: usize,
    count: u32,
    chance: StdRng,
}

/// An entry as the last acknowledgement showed it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) path: String,
    /// Whose view of it `data` is.
    pub(super) who: &'static str,
    pub(super) etag: String,
    pub(super) data: Value,
    /// What readers get: the answer to the last publication, if it was not withdrawn since.
    pub(super) public: Option<Value>,
    /// Whether something was acknowledged since it was last looked at.
    pub(super) fresh: bool,
}

/// A request.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) who: &'static str,
    pub(super) step: Step,
    /// Which of the clerk's entries; none when it is to be made.
    pub(super) entry: Option<usize>,
    pub(super) key: String,
    pub(super) body: Value,
}

/// For messages: without the long texts.
impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (who, step, key) = (self.who, self.step, &self.key);
        write!(
            f,
            "{step:?} of {who} with key {key}, {}",
            self.body["title"]
        )
    }
}

impl Clerk {
    pub(super) fn new(number: usize, seed: u64) -> Self {
        Self {
            board: Board::of_clerk(number),
            entries: Vec::new(),
            open: None,
            told: VecDeque::new(),
            number,
            count: 0,
            chance: StdRng::seed_from_u64(seed),
        }
    }

    /// Works until the node is killed.
    ///
    /// # Panics
    /// When a request is refused, or gets no answer from a node that nobody has killed.
    pub(super) fn work(
        &mut self,
        node: &Node,
        tokens: &Tokens,
        answered: &mpsc::Sender<()>,
        killed: &AtomicBool,
    ) {
        let mut asked = self.choose();
        let mut busy = 0;
        loop {
            match self.ask(node, tokens, &asked) {
                // Nothing was done, so the same request has to be possible still.
                Ok(answer) if answer.status == 503 && busy < PATIENCE => busy += 1,
                Ok(answer) => {
                    let done = matches!(answer.status, 200 | 201);
                    assert!(done, "{self}{asked:?} was refused: {answer}");
                    self.note(&asked, &answer);
                    answered.send(()).ok();
                    asked = self.choose();
                    busy = 0;
                }
                Err(error) => {
                    let was = killed.load(Ordering::SeqCst);
                    assert!(was, "{self}{error}, and nobody has killed{node}");
                    self.open = Some(asked);
                    return;
                }
            }
        }
    }

    fn choose(&mut self) -> Asked {
        self.count += 1;
        let key = format!("clerk-{}-{}", self.number, self.count);
        let new = self.entries.len() < ENTRIES && self.chance.random_bool(0.3);
        if self.entries.is_empty() || new {
            let mut body = self.content();
            body["type"] = json!("article");
            return Asked {
                who: self.board.writer(),
                step: Step::Create,
                entry: None,
                key,
                body,
            };
        }
        let index = self.chance.random_range(0..self.entries.len());
        let state = self.entries[index].data["state"].as_str().unwrap();
        let (who, step) = self.board.next(state, &mut self.chance);
        let body = match step {
            Step::Act("withdraw") => json!({"kind": "notice", "reason": "Có sai sót"}),
            Step::Act("force_publish") => json!({"reason": "Bão"}),
            Step::Act(_) => json!({}),
            Step::Create | Step::Save => self.content(),
        };
        Asked {
            who,
            step,
            entry: Some(index),
            key,
            body,
        }
    }

    /// Content that no other request has, of one database page or several.
    fn content(&mut self) -> Value {
        let title = format!("Bàn {} việc {}", self.number, self.count);
        let words = self.chance.random_range(1..300);
        let body = format!("<p>{}</p>", "Xã Hải Tiến. ".repeat(words));
        json!({"section": "tin-tuc", "title": title, "content": {"lead": title, "body": body}})
    }

    /// Sends a request, for the first time or again.
    pub(super) fn ask(
        &mut self,
        node: &Node,
        tokens: &Tokens,
        asked: &Asked,
    ) -> Result<Answer, String> {
        let known = asked.entry.map(|index| &self.entries[index]);
        let path = known.map_or_else(
            || format!("/api/v1/editorial/sites/{}/entries", self.board.site()),
            |known| known.path.clone(),
        );
        let request = match asked.step {
            Step::Create => node.post(&path).header("idempotency-key", &asked.key),
            Step::Save => node.put(&path),
            Step::Act(action) => node
                .post(&format!("{path}/actions/{action}"))
                .header("idempotency-key", &asked.key),
        };
        let request = match known {
            Some(known) => request.if_match(&known.etag),
            None => request,
        };
        let answer = request
            .bearer(&tokens[asked.who])
            .json(&asked.body)
            .try_send();
        let said = match &answer {
            Ok(answer) => answer.status.to_string(),
            Err(error) => error.clone(),
        };
        let line = format!("{} {:?} {path}: {said}", asked.who, asked.step);
        self.told.push_back(line);
        if self.told.len() > TOLD {
            self.told.pop_front();
        }
        answer
    }

    /// Remembers what an answer says.
    pub(super) fn note(&mut self, asked: &Asked, answer: &Answer) {
        let data = answer.data();
        let known = Known {
            path: format!(
                "/api/v1/editorial/sites/{}/entries/{}",
                self.board.site(),
                data["id"].as_str().unwrap()
            ),
            who: asked.who,
            etag: answer.etag().to_owned(),
            fresh: true,
            public: match asked.step {
                Step::Create | Step::Act("withdraw") => None,
                Step::Act("publish" | "force_publish") => Some(data.clone()),
                Step::Save | Step::Act(_) => asked
                    .entry
                    .and_then(|index| self.entries[index].public.clone()),
            },
            data,
        };
        match asked.entry {
            Some(index) => self.entries[index] = known,
            None => self.entries.push(known),
        }
    }
}

/// For messages of failures: who it is and what it did last.
impl std::fmt::Display for Clerk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "clerk {} at {}, last:", self.number, self.board.site())?;
        for line in &self.told {
            writeln!(f, "    {line}")?;
        }
        Ok(())
    }
}
