//! Device tokens: what a client keeps after signing in and brings along the next time, so that others who
//! guess at the account's password do not lock it out.
//!
//! Such a token opens nothing. It is sealed for one person and the password they have, so it is void when
//! that changes; nothing is stored of it.

use chrono::TimeDelta;
use loa_domain::ids::UserId;
use loa_domain::time::Moment;
use loa_store::users::Account;
use uuid::Uuid;

use super::Identity;
use crate::Secrets;

/// How long a token is good after the last sign-in with it.
const LIFE: TimeDelta = TimeDelta::days(90);
/// No token of ours is longer.
const LONGEST: usize = 200;

/// A token for the device with this id.
fn seal(secrets: &Secrets, device: Uuid, account: &Account, now: Moment) -> String {
    let until = now.after(LIFE).micros();
    let seal = secrets.device_seal(&bound(device, until, account.user.id, hash_of(account)));
    format!("{device}.{until}.{seal}")
}

/// The device that a token was made for, if it is one of this account's and good still.
fn open(secrets: &Secrets, token: &str, account: Option<&Account>, now: Moment) -> Option<Uuid> {
    if token.len() > LONGEST {
        return None;
    }
    let mut parts = token.splitn(3, '.');
    let device: Uuid = parts.next()?.parse().ok()?;
    let until: i64 = parts.next()?.parse().ok()?;
    let seal = parts.next()?;
    // Without an account the seal is looked at too: it takes as long.
    let nobody = UserId::from_uuid(Uuid::nil());
    let user = account.map_or(nobody, |account| account.user.id);
    let text = bound(device, until, user, account.map_or("", hash_of));
    let good = secrets.is_device_seal(seal, &text);
    (good && account.is_some() && now.micros() < until).then_some(device)
}

fn hash_of(account: &Account) -> &str {
    account.password_hash.as_deref().unwrap_or_default()
}

/// What is sealed. Each password has a hash of its own, also one that is set a second time.
fn bound(device: Uuid, until: i64, user: UserId, password_hash: &str) -> String {
    format!("{device}\0{until}\0{user}\0{password_hash}")
}

impl Identity {
    /// The id of the device that brings this token, if the account knows it.
    pub(super) fn known_device(
        &self,
        token: Option<&str>,
        account: Option<&Account>,
        now: Moment,
    ) -> Option<Uuid> {
        token.and_then(|token| open(&self.context.secrets, token, account, now))
    }

    /// The token that a device gets for signing in; without an id it is a new device.
    pub(super) fn device_token(
        &self,
        device: Option<Uuid>,
        account: &Account,
        now: Moment,
    ) -> String {
        let device = device.unwrap_or_else(|| crate::ids::fresh(now));
        seal(&self.context.secrets, device, account, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use loa_domain::people::{User, UserStatus};

    const SECRET: &str = "a secret for tests, and for nothing else but tests";
    const OTHER: &str = "another secret for tests, and for nothing else";

    fn account(n: u128, hash: &str) -> Account {
        Account {
            user: User {
                id: UserId::from_uuid(Uuid::from_u128(n)),
                email: "lanh@haitien.example".to_owned(),
                name: "Lành".to_owned(),
                status: UserStatus::Active,
                has_password: true,
                created_by: None,
                created_at: now(),
                version: 1,
            },
            password_hash: Some(hash.to_owned()),
        }
    }

    fn now() -> Moment {
        "2026-07-01T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_account_password_and_time() {
        let secrets = Secrets::new(SECRET, None).unwrap();
        let own = account(1, "hash");
        let device = Uuid::from_u128(7);
        let token = seal(&secrets, device, &own, now());
        let opened =
            |token: &str, account: Option<&Account>, now| open(&secrets, token, account, now);
        assert_eq!(opened(&token, Some(&own), now()), Some(device));
        let last = now().after(LIFE).before(TimeDelta::microseconds(1));
        assert_eq!(opened(&token, Some(&own), last), Some(device));
        assert_eq!(opened(&token, Some(&own), now().after(LIFE)), None);
        assert_eq!(opened(&token, Some(&account(2, "hash")), now()), None);
        assert_eq!(opened(&token, Some(&account(1, "other")), now()), None);
        assert_eq!(opened(&token, None, now()), None);
        for bad in [
            "",
            ".",
            "..",
            "a.b.c",
            &token[1..],
            &token[..token.len() - 1],
        ] {
            assert_eq!(opened(bad, Some(&own), now()), None, "{bad}");
        }
        let longer = token.replacen(
            &now().after(LIFE).micros().to_string(),
            "9999999999999999",
            1,
        );
        assert_ne!(longer, token);
        assert_eq!(opened(&longer, Some(&own), now()), None);
    }

    #[test]
    fn a_token_outlives_the_secret_that_made_it() {
        let own = account(1, "hash");
        let before = Secrets::new(OTHER, None).unwrap();
        let token = seal(&before, Uuid::from_u128(7), &own, now());
        let after = Secrets::new(SECRET, Some(OTHER)).unwrap();
        assert!(open(&after, &token, Some(&own), now()).is_some());
        let later = Secrets::new(SECRET, None).unwrap();
        assert!(open(&later, &token, Some(&own), now()).is_none());
    }
}
