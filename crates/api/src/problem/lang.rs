//! The languages in which a problem is explained to people, and the choice between them.
//!
//! For: reading `Accept-Language` (RFC 9110 §12.5.4). Not for: the locales of content, which a
//! site declares for itself, nor for problem codes, which are never translated.

/// A language in which titles, details and descriptions of problems exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Vietnamese, answered when the caller asks for nothing we have.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The language tag, as in `Content-Language` and in HTML `lang` attributes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language the caller prefers: the highest quality wins, and of equal ones the first
    /// named. `*` stands for the languages that are not named, Vietnamese first. Ranges are cut to
    /// their primary subtag (`en-GB` is `en`); a malformed member is passed over, so that a bad
    /// header never fails a request.
    pub fn from_accept_language(header: Option<&str>) -> Lang {
        let mut vi = Preference::default();
        let mut en = Preference::default();
        let mut any = 0;
        for (place, member) in header.unwrap_or_default().split(',').enumerate() {
            let Some((range, quality)) = parse_member(member) else {
                continue;
            };
            if range == "*" {
                any = any.max(quality);
                continue;
            }
            let primary = range.split('-').next().unwrap_or_default();
            if primary.eq_ignore_ascii_case("vi") {
                vi.offer(quality, place);
            } else if primary.eq_ignore_ascii_case("en") {
                en.offer(quality, place);
            }
        }
        if en.beats(&vi, any) {
            Self::En
        } else {
            Self::Vi
        }
    }
}

/// How much one language is wanted, and where in the header it was said.
#[derive(Default)]
struct Preference {
    named: Option<(u16, usize)>,
}

impl Preference {
    fn offer(&mut self, quality: u16, place: usize) {
        if self.named.is_none_or(|(known, _)| quality > known) {
            self.named = Some((quality, place));
        }
    }

    /// Whether this language is wanted more than `default`, where `any` is the quality of `*`.
    fn beats(&self, default: &Self, any: u16) -> bool {
        let (quality, place) = self.named.unwrap_or((any, usize::MAX));
        let (default_quality, default_place) = default.named.unwrap_or((any, usize::MAX));
        quality > default_quality
            || (quality > 0 && quality == default_quality && place < default_place)
    }
}

/// One member of the list as its range and its quality in thousandths; nothing when malformed.
fn parse_member(member: &str) -> Option<(&str, u16)> {
    let (range, weight) = match member.split_once(';') {
        Some((range, weight)) => (range, Some(weight)),
        None => (member, None),
    };
    let range = range.trim_matches([' ', '\t']);
    let quality = match weight {
        Some(weight) => parse_weight(weight.trim_matches([' ', '\t']))?,
        None => 1000,
    };
    Some((range, quality))
}

/// `q=0.8` as 800. The grammar allows at most three digits, and nothing above 1.
fn parse_weight(weight: &str) -> Option<u16> {
    let value = weight
        .strip_prefix("q=")
        .or_else(|| weight.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(header: &str) -> Lang {
        Lang::from_accept_language(Some(header))
    }

    #[test]
    fn vietnamese_is_the_default() {
        assert_eq!(Lang::from_accept_language(None), Lang::Vi);
        for header in [
            "",
            " ",
            ",",
            "fr",
            "fr-CH, de;q=0.9",
            "*",
            "en;q=0",
            "vi;q=0",
            "english",
        ] {
            assert_eq!(chosen(header), Lang::Vi, "{header}");
        }
    }

    #[test]
    fn the_highest_quality_wins() {
        assert_eq!(chosen("vi;q=0.8, en"), Lang::En);
        assert_eq!(chosen("en;q=0.8, vi"), Lang::Vi);
        assert_eq!(chosen("en;q=0.801,vi;q=0.80"), Lang::En);
        assert_eq!(chosen("vi;q=0.5, en;q=0.4, vi-VN;q=0.3"), Lang::Vi);
        assert_eq!(chosen("fr, en;q=0.2"), Lang::En);
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(chosen("en, vi"), Lang::En);
        assert_eq!(chosen("vi, en"), Lang::Vi);
        assert_eq!(chosen("en;q=1.000, vi;q=1."), Lang::En);
        assert_eq!(chosen("vi;q=0.5, en;q=0.3, en;q=0.5"), Lang::Vi);
    }

    #[test]
    fn regions_and_case_do_not_matter() {
        assert_eq!(chosen("EN-gb"), Lang::En);
        assert_eq!(chosen("en-US,en;q=0.9,vi;q=0.8"), Lang::En);
        assert_eq!(chosen("vi-VN,vi;q=0.9,en-US;q=0.8"), Lang::Vi);
        assert_eq!(chosen("en\t; Q=0.9 ,\tVI ;q=0.1"), Lang::En);
    }

    #[test]
    fn the_wildcard_stands_for_what_is_not_named() {
        assert_eq!(chosen("vi;q=0.5, *"), Lang::En);
        assert_eq!(chosen("vi;q=0, *;q=0.1"), Lang::En);
        assert_eq!(chosen("en;q=0.5, *"), Lang::Vi);
        assert_eq!(chosen("en, *"), Lang::En);
        assert_eq!(chosen("vi;q=0, *;q=0"), Lang::Vi);
    }

    #[test]
    fn malformed_members_are_passed_over() {
        for bad in [
            "en;q=2",
            "en;q=1.001",
            "en;q=0.1234",
            "en;q=a",
            "en;q=",
            "en;q=-1",
            "en;x=1",
        ] {
            assert_eq!(chosen(&format!("{bad}, vi;q=0.1")), Lang::Vi, "{bad}");
            assert_eq!(
                chosen(&format!("{bad}, en;q=0.2, vi;q=0.1")),
                Lang::En,
                "{bad}"
            );
        }
    }

    #[test]
    fn tags_are_stable() {
        assert_eq!((Lang::Vi.as_str(), Lang::En.as_str()), ("vi", "en"));
    }
}
