//! After the kill: what a clerk was told holds, and what it was not told is there wholly or not at
//! all; asked again, it is done once.

use loa_testkit::{Answer, Backend, TestDb};
use serde_json::Value;

use super::Tokens;
use super::clerk::{Asked, Clerk, Known};
use super::sites::{Step, state_after};
use crate::node::Node;

/// Waits until the server of the database has noticed that the node is gone: what it was at when the
/// node died it may still commit.
pub(super) fn wait_until_alone(database: &TestDb) {
    if database.backend() == Backend::Sqlite {
        return;
    }
    let mut sql = database.sql();
    let others = "SELECT pid::text || ' ' || query AS line FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let pause = std::time::Duration::from_millis(2);
    for _ in 0..10_000 {
        if sql.lines(others).is_empty() {
            return;
        }
        std::thread::park_timeout(pause);
    }
    panic!("they stay: {:?}", sql.lines(others));
}

impl Clerk {
    /// Asks again for what was not acknowledged, and compares what was acknowledged since the last
    /// time with what is there.
    ///
    /// # Panics
    /// When something is missing, halved or doubled.
    pub(super) fn settle(&mut self, node: &Node, tokens: &Tokens, database: &TestDb) {
        if let Some(asked) = self.open.take() {
            self.again(&asked, node, tokens, database);
        }
        for known in self.entries.iter().filter(|known| known.fresh) {
            self.as_known(known, node, tokens);
            self.as_public(known, node);
        }
        for known in &mut self.entries {
            known.fresh = false;
        }
    }

    /// Compares everything that was ever acknowledged.
    ///
    /// # Panics
    /// When something has changed since.
    pub(super) fn settle_all(&mut self, node: &Node, tokens: &Tokens, database: &TestDb) {
        for known in &mut self.entries {
            known.fresh = true;
        }
        self.settle(node, tokens, database);
    }

    /// The entry is what the last acknowledgement showed, to the last member.
    fn as_known(&self, known: &Known, node: &Node, tokens: &Tokens) {
        let answer = read(known, known.who, node, tokens);
        assert_eq!(answer.etag(), known.etag, "{self}{}", known.path);
        assert_eq!(answer.data(), known.data, "{self}{}", known.path);
    }

    /// Readers get what was acknowledged to be public, and nothing else.
    fn as_public(&self, known: &Known, node: &Node) {
        let site = self.board.site();
        let data = known.public.as_ref().unwrap_or(&known.data);
        let slug = data["slug"].as_str().unwrap();
        let answer = node
            .get(&format!("/api/v1/sites/{site}/articles/{slug}"))
            .send();
        let Some(public) = &known.public else {
            let was_public = !known.data["live"].is_null();
            let wanted = if was_public { 410 } else { 404 };
            assert_eq!(answer.status, wanted, "{self}{}\n{answer}", known.path);
            return;
        };
        assert_eq!(answer.status, 200, "{self}{}\n{answer}", known.path);
        let document = answer.data();
        for member in [
            "id",
            "title",
            "slug",
            "edition",
            "/content/lead",
            "/content/body",
        ] {
            let pointer = format!("/{}", member.trim_start_matches('/'));
            let (delivered, acknowledged) = (document.pointer(&pointer), public.pointer(&pointer));
            assert!(delivered.is_some(), "{self}{member} of {answer}");
            assert_eq!(delivered, acknowledged, "{self}{member} of {answer}");
        }
    }

    /// A request without an answer is sent again as it was.
    fn again(&mut self, asked: &Asked, node: &Node, tokens: &Tokens, database: &TestDb) {
        let Some(index) = asked.entry else {
            return self.create_again(asked, node, tokens, database);
        };
        let known = self.entries[index].clone();
        let found = read(&known, asked.who, node, tokens);
        let there = found.etag() != known.etag;
        if there {
            self.is_done(asked, &known, &found.data());
        } else {
            self.as_known(&known, node, tokens);
        }
        let answer = self.answer(asked, node, tokens);
        if asked.step == Step::Save && there {
            // Saves have no key: they say which version they have seen.
            assert_eq!(answer.status, 412, "{self}{answer}");
            self.note(asked, &found);
            return;
        }
        assert_eq!(answer.status, 200, "{self}{asked:?}: {answer}");
        self.is_done(asked, &known, &answer.data());
        if there {
            assert_eq!(answer.data(), found.data(), "{self}{asked:?}");
        }
        if asked.step != Step::Save {
            self.same_answer(asked, &answer, node, tokens);
        }
        self.note(asked, &answer);
    }

    fn create_again(&mut self, asked: &Asked, node: &Node, tokens: &Tokens, database: &TestDb) {
        let title = asked.body["title"].as_str().unwrap();
        let query = format!("SELECT id AS line FROM entries WHERE title = '{title}'");
        let mut sql = database.sql();
        let before = sql.lines(&query);
        let answer = self.answer(asked, node, tokens);
        assert_eq!(answer.status, 201, "{self}{asked:?}: {answer}");
        let after = sql.lines(&query);
        assert_eq!(after.len(), 1, "{self}{asked:?}: {before:?}, {after:?}");
        assert!(before.is_empty() || before == after, "{self}{asked:?}");
        assert_eq!(answer.data()["id"], after[0].as_str(), "{self}{asked:?}");
        self.same_answer(asked, &answer, node, tokens);
        self.note(asked, &answer);
    }

    /// With its key a request gets the same answer as often as it is sent.
    fn same_answer(&mut self, asked: &Asked, first: &Answer, node: &Node, tokens: &Tokens) {
        let again = self.answer(asked, node, tokens);
        assert_eq!(again.status, first.status, "{self}{asked:?}: {again}");
        assert_eq!(again.etag(), first.etag(), "{self}{asked:?}");
        assert_eq!(again.data(), first.data(), "{self}{asked:?}");
    }

    fn answer(&mut self, asked: &Asked, node: &Node, tokens: &Tokens) -> Answer {
        let answer = self.ask(node, tokens, asked);
        answer.unwrap_or_else(|error| panic!("{self}{error}{node}"))
    }

    /// The entry is one version further, and what the request asked for.
    fn is_done(&self, asked: &Asked, known: &Known, data: &Value) {
        let number = |data: &Value, name: &str| data[name].as_i64().unwrap();
        let version = number(&known.data, "version") + 1;
        assert_eq!(number(data, "version"), version, "{self}{asked:?}: {data}");
        match asked.step {
            Step::Save => {
                let revision = number(&known.data, "revision") + 1;
                assert_eq!(number(data, "revision"), revision, "{self}{asked:?}");
                assert_eq!(data["state"], known.data["state"], "{self}{asked:?}");
                assert_eq!(data["title"], asked.body["title"], "{self}{asked:?}");
                let (sent, lead) = (&asked.body["content"], &data["content"]["lead"]);
                assert_eq!(lead, &sent["lead"], "{self}{asked:?}");
            }
            Step::Act(action) => {
                let state = state_after(self.board, action);
                assert_eq!(data["state"], state, "{self}{asked:?}: {data}");
                assert_eq!(data["content"], known.data["content"], "{self}{asked:?}");
            }
            Step::Create => panic!("a new entry has no version before"),
        }
    }
}

fn read(known: &Known, who: &str, node: &Node, tokens: &Tokens) -> Answer {
    let answer = node.get(&known.path).bearer(&tokens[who]).send();
    answer.expect_status(200)
}
