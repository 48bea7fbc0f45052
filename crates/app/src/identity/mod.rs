//! Signing in and out: passwords, tokens, sessions and one-time links.
//!
//! Not for giving people roles: that is administration.

mod access_token;
mod attempts;
mod authenticate;
mod change_password;
mod counter;
mod device;
mod end_session;
mod hash_password;
mod jwks;
mod list_sessions;
mod list_sign_ins;
mod login;
mod logout;
mod me;
mod notices;
mod own_words;
mod password_rules;
#[cfg(test)]
mod password_tables;
mod password_text;
mod passwords;
mod prove;
mod refresh;
mod token_keys;
mod traced;
mod unlock;
mod use_password_link;

use std::sync::Arc;

use chrono::TimeDelta;
use loa_domain::actor::Actor;
use loa_domain::audit::{Chain, NewAudit};
use loa_domain::ids::{SessionId, UserId};
use loa_domain::time::Moment;
use loa_store::{Tx, sessions};
use serde_json::json;

pub use attempts::{LoginBudget, network};
pub use counter::LoginLimits;
pub use jwks::PublicKey;
pub use list_sessions::SessionView;
pub use login::LoginFrom;
pub use me::{HeldRole, Me, SiteRights};
pub(crate) use me::{PlaceNames, named};
pub use notices::NoticeView;
pub use token_keys::{InvalidKeys, NAMED_BY_TIME, PUBLISHED_AHEAD, TokenKeys};

pub(crate) use passwords::Passwords;

use crate::secrets::{random_token, token_hash};
use crate::{Context, Error};

/// How long an access token is good.
const ACCESS: TimeDelta = TimeDelta::minutes(10);
/// How long a session lasts, however often it is refreshed.
const SESSION: TimeDelta = TimeDelta::days(30);

/// Signing in and out.
#[derive(Clone)]
pub struct Identity {
    context: Arc<Context>,
}

impl Identity {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// The first pair of tokens of a session; the refresh token's hash is stored here.
    fn issue(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        session: SessionId,
        now: Moment,
    ) -> Result<Tokens, Error> {
        let refresh_token = random_token();
        sessions::insert_token(tx, session, &token_hash(&refresh_token), now)?;
        self.tokens(user, session, refresh_token, now)
    }

    /// A pair of tokens for a session: a new access token with this refresh token.
    fn tokens(
        &self,
        user: UserId,
        session: SessionId,
        refresh_token: String,
        now: Moment,
    ) -> Result<Tokens, Error> {
        let expires_at = now.after(ACCESS);
        Ok(Tokens {
            access_token: access_token::sign(&self.context.keys, user, session, now, expires_at)?,
            expires_in: u32::try_from(ACCESS.num_seconds()).unwrap_or(0),
            refresh_token,
            device_token: None,
        })
    }
}

/// What somebody who signed in works with.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Goes into `Authorization: Bearer`.
    pub access_token: String,
    /// How long it is good, in seconds.
    pub expires_in: u32,
    /// Gets the next pair, once.
    pub refresh_token: String,
    /// Makes the next sign-in that of a known device; given for signing in alone.
    pub device_token: Option<String>,
}

/// The session of an actor; none on the command line, which has nothing to do here.
fn session_of(actor: &Actor) -> Result<SessionId, Error> {
    actor.session.ok_or(Error::Forbidden)
}

/// A record about a person, in the platform's chain.
fn about_user(actor: Option<UserId>, action: &'static str, user: UserId) -> NewAudit {
    NewAudit {
        chain: Chain::Platform,
        actor,
        action,
        subject: "user",
        subject_id: user.to_string(),
        detail: json!({}),
    }
}

/// A record about a person's session, in the platform's chain.
fn about_session(
    actor: Option<UserId>,
    action: &'static str,
    user: UserId,
    session: SessionId,
) -> NewAudit {
    NewAudit {
        detail: json!({"session": session}),
        ..about_user(actor, action, user)
    }
}
