//! Words that say nothing in a password: those everybody tries first, and those that belong to the person.
//!
//! Names are taken as a whole, several syllables at a time, and the given name alone; an ordinary syllable
//! that a name happens to have is no own word. Not for what is done with them.

use std::collections::BTreeSet;

use loa_domain::ids::{SiteId, UnitId};
use loa_domain::people::{Place, User};
use loa_domain::text::fold;
use loa_store::{Conn, memberships, sites, units};

use crate::Error;

/// How far up units are looked at; there are three levels.
const LEVELS: usize = 4;
/// Syllables of a name that are looked at.
const SYLLABLES: usize = 12;

/// Words of one person.
#[derive(Default)]
pub(super) struct OwnWords(BTreeSet<String>);

impl OwnWords {
    /// Those of an account: the name, the address, the places where roles are held and what is above them.
    pub(super) fn of(conn: &mut Conn, user: &User) -> Result<Self, Error> {
        let (mut site_ids, mut unit_ids): (Vec<SiteId>, Vec<UnitId>) = (Vec::new(), Vec::new());
        for membership in memberships::of_user(conn, user.id)? {
            match membership.place {
                Place::Platform => {}
                Place::Unit(unit) => unit_ids.push(unit),
                Place::Site(site) => site_ids.push(site),
            }
        }
        let mut words = Self::of_person(user);
        for site in sites::get_many(conn, &site_ids)? {
            words.add_place(&site.slug);
            for title in site.title.values() {
                words.add_place(title);
            }
            unit_ids.push(site.unit);
        }
        for _ in 0..LEVELS {
            let level = units::get_many(conn, &unit_ids)?;
            unit_ids = level.iter().filter_map(|unit| unit.parent).collect();
            for unit in level {
                words.add_place(&unit.name);
            }
            if unit_ids.is_empty() {
                break;
            }
        }
        Ok(words)
    }

    /// Those that the account alone tells.
    pub(super) fn of_person(user: &User) -> Self {
        let mut words = Self::default();
        words.add_name(&user.name);
        words.add_address(&user.email);
        words
    }

    /// All of them, and those that are everybody's.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .map(String::as_str)
            .chain(EVERYBODYS.iter().copied())
    }

    /// A person's name: any run of its syllables, the given name alone and with the family name or with
    /// initials, as account names are made.
    fn add_name(&mut self, name: &str) {
        let parts = syllables(name);
        self.add_runs(&parts);
        let (Some(given), Some(family)) = (parts.last(), parts.first()) else {
            return;
        };
        self.add(given, 2);
        if parts.len() > 1 {
            self.add(&format!("{given}{family}"), 4);
            let before = parts.len().saturating_sub(1);
            let initials: String = parts
                .iter()
                .take(before)
                .filter_map(|part| part.chars().next())
                .collect();
            self.add(&format!("{given}{initials}"), 4);
            self.add(&format!("{initials}{given}"), 4);
        }
    }

    /// What stands before the @, its parts, and the labels of the domain but the last one.
    fn add_address(&mut self, email: &str) {
        let (local, domain) = email.split_once('@').unwrap_or((email, ""));
        let parts = syllables(local);
        self.add(&parts.concat(), 4);
        for part in &parts {
            self.add(part, 3);
        }
        let labels: Vec<&str> = domain.split('.').collect();
        for label in labels.iter().rev().skip(1) {
            self.add(&syllables(label).concat(), 4);
        }
    }

    /// A place: its name as a whole and every end of it that has two syllables or more, so with "xã Hải
    /// Tiến" also "Hải Tiến".
    pub(super) fn add_place(&mut self, name: &str) {
        let parts = syllables(name);
        for from in 0..parts.len().saturating_sub(1) {
            self.add(&parts.iter().skip(from).cloned().collect::<String>(), 4);
        }
    }

    fn add_runs(&mut self, parts: &[String]) {
        for length in 2..=parts.len() {
            for run in parts.windows(length) {
                self.add(&run.concat(), 4);
            }
        }
    }

    fn add(&mut self, word: &str, least: usize) {
        if word.chars().count() >= least {
            self.0.insert(word.to_owned());
        }
    }
}

fn syllables(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .take(SYLLABLES)
        .map(str::to_owned)
        .collect()
}

/// What everybody tries first: words for a password, of offices and machines, well-known places, runs of
/// keys. Folded, without spaces. What English dictionaries have is known to the estimate of guesses.
const EVERYBODYS: &[&str] = &[
    // words for a password, and those said to one that is asked for
    "matkhaumoi",
    "matkhaucuatoi",
    "matkhau",
    "mkhau",
    "passwort",
    "password",
    "passwd",
    "pass",
    "secret",
    "khongcomatkhau",
    "khongnho",
    "khongbiet",
    "dangnhap",
    "login",
    "signin",
    "welcome",
    "letmein",
    "changeme",
    "default",
    "xinchao",
    "chaocacban",
    "chaobuoisang",
    "hello",
    "iloveyou",
    "anhyeuem",
    "emyeuanh",
    "yeuemnhieulam",
    "anhyeuemnhieulam",
    "maimaiyeuem",
    "chongyeu",
    "voyeu",
    "conyeu",
    "giadinh",
    "toiyeuvietnam",
    "yeuvietnam",
    "vietnamvodich",
    "doclaptudohanhphuc",
    "chucmungnammoi",
    // offices and machines
    "quantrivien",
    "quantri",
    "quanly",
    "administrator",
    "admin",
    "root",
    "user",
    "guest",
    "test",
    "demo",
    "loaphuong",
    "loaxa",
    "loa",
    "ubndxa",
    "ubndphuong",
    "ubndtinh",
    "ubnd",
    "hdnd",
    "uybannhandan",
    "uyban",
    "hoidongnhandan",
    "vanphong",
    "truyenthanh",
    "bientap",
    "congthongtindientu",
    "congthongtin",
    "trangthongtindientu",
    "trangthongtin",
    "thongtindientu",
    "thongtin",
    "dientu",
    "chinhquyen",
    "canbo",
    "congchuc",
    "nhanvien",
    "phuong",
    "tinh",
    "huyen",
    "thitran",
    "thanhpho",
    "xa",
    "gov",
    "egov",
    "portal",
    // places
    "vietnam",
    "hanoi",
    "saigon",
    "hochiminh",
    "tphcm",
    "danang",
    "haiphong",
    "cantho",
    "hue",
    "namdinh",
    "ninhbinh",
    "hanam",
    "thaibinh",
    "hungyen",
    "haiduong",
    "bacninh",
    "bacgiang",
    "quangninh",
    "langson",
    "caobang",
    "tuyenquang",
    "hagiang",
    "laocai",
    "yenbai",
    "phutho",
    "vinhphuc",
    "thainguyen",
    "backan",
    "sonla",
    "dienbien",
    "laichau",
    "hoabinh",
    "thanhhoa",
    "nghean",
    "hatinh",
    "quangbinh",
    "quangtri",
    "quangnam",
    "quangngai",
    "binhdinh",
    "phuyen",
    "khanhhoa",
    "ninhthuan",
    "binhthuan",
    "gialai",
    "kontum",
    "daklak",
    "daknong",
    "lamdong",
    "binhphuoc",
    "binhduong",
    "dongnai",
    "tayninh",
    "longan",
    "baria",
    "vungtau",
    "tiengiang",
    "bentre",
    "travinh",
    "vinhlong",
    "dongthap",
    "angiang",
    "kiengiang",
    "haugiang",
    "soctrang",
    "baclieu",
    "camau",
    // names that half the country has, with what goes before the given name
    "nguyenvan",
    "nguyenthi",
    "tranvan",
    "tranthi",
    "nguyen",
    // runs of keys
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "asdfgh",
    "asdf",
    "zxcvbnm",
    "zxcvbn",
    "qazwsxedc",
    "qazwsx",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "abcdefghijkl",
    "abcdefgh",
    "abcdef",
    "abc",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_everybodys_are_folded() {
        for word in EVERYBODYS {
            assert!(word.chars().all(char::is_alphanumeric), "{word}");
            assert_eq!(fold(word), **word);
        }
    }

    #[test]
    fn names_and_places_are_taken_whole() {
        let mut words = OwnWords::default();
        words.add_name("Trần Thị Lành");
        words.add_address("lanh.tran@haitien.example.vn");
        words.add_place("Xã Hải Tiến");
        words.add_place("hai-tien");
        let has = |word: &str| words.0.contains(word);
        for own in [
            "tranthilanh",
            "tranthi",
            "thilanh",
            "lanh",
            "lanhtran",
            "lanhtt",
            "ttlanh",
            "haitien",
            "xahaitien",
            "tran",
            "example",
        ] {
            assert!(has(own), "{own}");
        }
        for ordinary in ["thi", "hai", "tien", "xahai", "vn", "xa"] {
            assert!(!has(ordinary), "{ordinary}");
        }
    }
}
