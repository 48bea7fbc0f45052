//! Properties of the table and of random walks through it.

use std::collections::BTreeSet;

use loa_domain::entry::WithdrawKind;
use loa_domain::field::{FieldCode, FieldError};
use loa_domain::ids::UserId;
use loa_domain::people::Role;
use loa_domain::site::WorkflowPolicy;
use loa_domain::time::Moment;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn user(n: u8) -> UserId {
    UserId::from_uuid(Uuid::from_u128(u128::from(n)))
}

fn now() -> Moment {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

fn person(n: u8, role: Role) -> By {
    By::Person {
        user: user(n),
        rights: role.rights(),
    }
}

fn open(state: State, authors: &[u8]) -> Facts {
    Facts {
        policy: WorkflowPolicy::TwoStep,
        open: Some(OpenFacts {
            state,
            authors: authors.iter().map(|n| user(*n)).collect(),
            earlier_authors: Vec::new(),
            approved_content: true,
        }),
        live: None,
        incomplete: Vec::new(),
    }
}

fn reason(result: Result<Plan, Refusal>) -> &'static str {
    match result {
        Ok(_) => "allowed",
        Err(refusal) => refusal.reason.code(),
    }
}

#[test]
fn every_state_is_reached_and_leads_somewhere_or_is_final() {
    let mut reached = BTreeSet::from([State::Draft]);
    loop {
        let before = reached.len();
        for row in TRANSITIONS {
            if !reached.contains(&row.from) {
                continue;
            }
            for policy in WorkflowPolicy::ALL {
                reached.insert(row.to.state(*policy));
            }
            if row.effects.contains(&Effect::Publish) {
                reached.insert(State::Superseded);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    assert_eq!(reached, State::ALL.iter().copied().collect());
    let ends: Vec<_> = State::ALL
        .iter()
        .filter(|state| !TRANSITIONS.iter().any(|row| row.from == **state))
        .collect();
    assert_eq!(ends, [&State::Superseded]);
}

#[test]
fn open_rows_concern_open_states_and_live_rows_the_others() {
    for row in TRANSITIONS {
        assert_eq!(row.from.is_open(), row.target == Target::Open, "{row:?}");
    }
}

#[test]
fn whose_words_an_edition_began_with_may_not_approve_it() {
    let mut facts = open(State::InApproval, &[1]);
    if let Some(open) = facts.open.as_mut() {
        open.earlier_authors = vec![user(2)];
    }
    let ask = Ask::default();
    let approve = |n| {
        let by = person(n, Role::ChiefEditor);
        reason(plan(&facts, Action::Approve, by, &ask, now()))
    };
    assert_eq!(
        [1, 2, 3].map(approve),
        ["four_eyes", "four_eyes", "allowed"]
    );
    // They are no authors of it: what only authors do is not theirs.
    let recall = plan(
        &facts,
        Action::Recall,
        person(2, Role::Contributor),
        &ask,
        now(),
    );
    assert_eq!(reason(recall), "not_an_author");
}

#[test]
fn whoever_wrote_may_not_approve_and_whoever_did_not_may() {
    let facts = open(State::InApproval, &[1, 2]);
    let ask = Ask::default();
    assert_eq!(
        reason(plan(
            &facts,
            Action::Approve,
            person(1, Role::ChiefEditor),
            &ask,
            now()
        )),
        "four_eyes"
    );
    assert_eq!(
        reason(plan(
            &facts,
            Action::Approve,
            person(3, Role::ChiefEditor),
            &ask,
            now()
        )),
        "allowed"
    );
    assert_eq!(
        reason(plan(
            &facts,
            Action::Approve,
            person(3, Role::Editor),
            &ask,
            now()
        )),
        "right"
    );
}

#[test]
fn what_is_not_what_was_approved_is_not_published() {
    let mut facts = open(State::Approved, &[1]);
    facts.open.as_mut().unwrap().approved_content = false;
    for (action, by) in [
        (Action::Publish, person(2, Role::Publisher)),
        (Action::Schedule, person(2, Role::ChiefEditor)),
    ] {
        let ask = Ask {
            publish_at: Some(now().after(chrono::TimeDelta::hours(1))),
            ..Ask::default()
        };
        assert_eq!(
            reason(plan(&facts, action, by, &ask, now())),
            "content_changed"
        );
    }
}

#[test]
fn rights_are_told_before_states() {
    let facts = open(State::Draft, &[1]);
    let refusal = plan(
        &facts,
        Action::Approve,
        person(2, Role::Contributor),
        &Ask::default(),
        now(),
    );
    assert_eq!(reason(refusal), "right");
    let refusal = plan(
        &facts,
        Action::Approve,
        person(2, Role::ChiefEditor),
        &Ask::default(),
        now(),
    );
    assert_eq!(reason(refusal), "state");
    let refusal = plan(
        &facts,
        Action::Expire,
        person(2, Role::ChiefEditor),
        &Ask::default(),
        now(),
    );
    assert_eq!(reason(refusal), "system_only");
}

#[test]
fn each_action_asks_for_what_it_needs() {
    let chief = person(9, Role::ChiefEditor);
    let field = |facts: &Facts, action, ask: &Ask| match plan(facts, action, chief, ask, now()) {
        Err(Refusal {
            reason: Reason::Fields(fields),
            ..
        }) => fields
            .first()
            .map(|field| (field.pointer.clone(), field.code)),
        other => panic!("{other:?}"),
    };
    let missing = |pointer: &str| Some((pointer.to_owned(), FieldCode::Required));
    let ask = Ask::default();
    assert_eq!(
        field(&open(State::InReview, &[1]), Action::RequestChanges, &ask),
        missing("/comment")
    );
    assert_eq!(
        field(&open(State::Draft, &[1]), Action::ForcePublish, &ask),
        missing("/reason")
    );
    assert_eq!(
        field(&open(State::Approved, &[1]), Action::Schedule, &ask),
        missing("/publish_at")
    );
    assert_eq!(
        field(&open(State::Draft, &[1]), Action::Assign, &ask),
        missing("/user_id")
    );
    let past = Ask {
        publish_at: Some(now()),
        ..Ask::default()
    };
    let refused = Some(("/publish_at".to_owned(), FieldCode::NotInFuture));
    assert_eq!(
        field(&open(State::Approved, &[1]), Action::Schedule, &past),
        refused
    );
}

#[test]
fn the_documents_are_those_of_the_table() {
    for (name, generated) in [
        ("workflow.md", workflow_md()),
        ("permissions.md", permissions_md()),
    ] {
        let path = format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"));
        let committed = std::fs::read_to_string(&path).unwrap();
        assert_eq!(committed, generated, "run `loa docs --write`");
    }
}

/// An entry as the use cases keep it, driven by plans alone.
#[derive(Debug, Clone)]
struct Model {
    facts: Facts,
    public: bool,
    history: Vec<(State, State, Target)>,
}

impl Model {
    fn new(policy: WorkflowPolicy) -> Self {
        let mut facts = open(State::Draft, &[1]);
        facts.policy = policy;
        facts.open.as_mut().unwrap().approved_content = false;
        Self {
            facts,
            public: false,
            history: Vec::new(),
        }
    }

    fn apply(&mut self, plan: Plan, by: By) {
        self.history.push((plan.from, plan.to, plan.target));
        let who = match by {
            By::Person { user, .. } => Some(user),
            By::System => None,
        };
        if plan.target == Target::Open {
            self.facts.open.as_mut().unwrap().state = plan.to;
        } else {
            self.facts.live.as_mut().unwrap().state = plan.to;
        }
        if plan.action == Action::Save {
            self.facts.open.as_mut().unwrap().authors.extend(who);
        }
        let mut forced = None;
        for effect in plan.effects {
            match effect {
                Effect::VoidApproval => self.facts.open.as_mut().unwrap().approved_content = false,
                Effect::Approve => self.facts.open.as_mut().unwrap().approved_content = true,
                Effect::NoteForce => forced = who,
                Effect::Publish => {
                    let open = self.facts.open.take().unwrap();
                    self.public = true;
                    self.facts.live = Some(LiveFacts {
                        state: open.state,
                        authors: open.authors,
                        forced_by: forced,
                        needs_second_look: forced.is_some(),
                    });
                }
                Effect::NoteConfirmation => {
                    self.facts.live.as_mut().unwrap().needs_second_look = false;
                }
                Effect::Unpublish => self.public = false,
                Effect::HoldSchedule => {
                    if let Some(open) = &mut self.facts.open
                        && open.state == State::Scheduled
                    {
                        open.state = State::Approved;
                    }
                }
                Effect::OpenEdition => {
                    self.facts.open = Some(OpenFacts {
                        state: State::Draft,
                        authors: who.into_iter().collect(),
                        earlier_authors: Vec::new(),
                        approved_content: false,
                    });
                }
                Effect::SetTime | Effect::ClearTime | Effect::SetAssignee => {}
            }
        }
        if plan.action == Action::Archive && plan.target == Target::Open {
            let open = self.facts.open.take().unwrap();
            self.facts.live.get_or_insert(LiveFacts {
                state: State::Archived,
                authors: open.authors,
                forced_by: None,
                needs_second_look: false,
            });
        }
    }

    fn check(&self) {
        if let Some(open) = &self.facts.open {
            assert!(open.state.is_open(), "{self:?}");
            // Approval is gone wherever it could have been outrun.
            assert!(
                !open.approved_content || matches!(open.state, State::Approved | State::Scheduled),
                "{self:?}"
            );
        }
        if let Some(live) = &self.facts.live {
            assert_eq!(self.public, live.state == State::Published, "{self:?}");
        }
        for (from, to, target) in &self.history {
            assert!(
                TRANSITIONS.iter().any(|row| row.from == *from
                    && row.target == *target
                    && WorkflowPolicy::ALL
                        .iter()
                        .any(|policy| row.to.state(*policy) == *to)),
                "{from} → {to}"
            );
        }
    }
}

fn full_ask() -> Ask {
    Ask {
        comment: Some("x".to_owned()),
        reason: Some("x".to_owned()),
        publish_at: Some(now().after(chrono::TimeDelta::hours(1))),
        assignee: Some((user(2), true)),
        kind: Some(WithdrawKind::Notice),
        redirect_to: None,
    }
}

proptest! {
    #[test]
    fn random_walks_keep_the_house_in_order(
        one_step in any::<bool>(),
        steps in prop::collection::vec((0..Action::ALL.len(), 1_u8..6, 0..=Role::ALL.len()), 1..60),
    ) {
        let policy = if one_step { WorkflowPolicy::OneStep } else { WorkflowPolicy::TwoStep };
        let mut model = Model::new(policy);
        for (action, who, role) in steps {
            let by = Role::ALL.get(role).map_or(By::System, |role| person(who, *role));
            let before = model.facts.clone();
            match plan(&before, Action::ALL[action], by, &full_ask(), now()) {
                Ok(plan) => {
                    // Nobody approves what they wrote; nobody publishes what was not approved.
                    if let (Action::Approve, By::Person { user, .. }) = (plan.action, by) {
                        prop_assert!(!before.open.as_ref().unwrap().authors.contains(&user));
                    }
                    if plan.action == Action::Publish {
                        prop_assert!(before.open.as_ref().unwrap().approved_content);
                    }
                    model.apply(plan, by);
                }
                Err(refusal) => {
                    for allowed in refusal.allowed {
                        prop_assert!(plan(&before, allowed, by, &full_ask(), now()).is_ok(), "{allowed}");
                    }
                }
            }
            model.check();
        }
    }

    #[test]
    fn incomplete_content_goes_nowhere(role in 0..Role::ALL.len(), state in 0..State::ALL.len()) {
        let mut facts = open(State::ALL[state], &[1]);
        facts.incomplete = vec![FieldError::new("/content/body", FieldCode::Required, "x")];
        for action in [Action::Submit, Action::Pass, Action::Approve, Action::Publish, Action::ForcePublish] {
            prop_assert!(plan(&facts, action, person(3, Role::ALL[role]), &full_ask(), now()).is_err());
        }
    }
}
