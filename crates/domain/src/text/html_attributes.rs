//! How many attributes the tags of a piece of HTML have, at most.
//!
//! The parser compares each attribute of a tag with all before it. Inside a tag nothing depends on
//! what stands around it, but whether a `<` starts one does: it may stand in a quoted value, a
//! comment or a script. So every `<` is taken for a start, and each way to read on is followed, side
//! by side: there are no more of them than places inside a tag. Not for reading attributes.

use super::html_report::is_name_end;

/// Places inside a tag: in its name, in front of an attribute, in the name of one, behind the name,
/// behind its `=`, in a bare value, in a value in single or double quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Tag,
    Before,
    Name,
    Behind,
    Equals,
    Bare,
    Single,
    Double,
}

/// What was counted in a piece.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Attributes that begin in the piece.
    pub(super) begun: usize,
    /// Most attributes of a tag so far.
    pub(super) most: usize,
}

/// The ways to read what comes, each with the attributes of the tag so far.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    ways: Vec<(At, usize)>,
    /// The ways before the character at hand; kept so that nothing is allocated for each.
    old: Vec<(At, usize)>,
    most: usize,
}

impl Attributes {
    /// Counts in what follows a `<`, up to the next one.
    pub(super) fn take(&mut self, piece: &str) -> Counted {
        // In the ways so far the `<` is a character like others.
        self.step('<');
        let bare = piece.strip_prefix('/').unwrap_or(piece);
        if bare.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.add(At::Tag, 0);
        }
        let mut begun = 0;
        for c in bare.chars() {
            if self.ways.is_empty() {
                break;
            }
            if self.step(c) {
                begun += 1;
            }
        }
        Counted {
            begun,
            most: self.most,
        }
    }

    /// Goes on by a character in every way; says whether an attribute begins in one.
    fn step(&mut self, c: char) -> bool {
        let mut begins = false;
        std::mem::swap(&mut self.ways, &mut self.old);
        while let Some((at, count)) = self.old.pop() {
            let Some(next) = after(at, c) else {
                continue;
            };
            let is_new = next == At::Name && at != At::Name;
            begins |= is_new;
            self.add(next, count + usize::from(is_new));
        }
        begins
    }

    /// Of two ways that have come to the same place, the one with more attributes counts.
    fn add(&mut self, at: At, count: usize) {
        self.most = self.most.max(count);
        match self.ways.iter_mut().find(|(known, _)| *known == at) {
            Some((_, known)) => *known = count.max(*known),
            None => self.ways.push((at, count)),
        }
    }
}

/// Where a character leads to; nowhere when it ends the tag.
fn after(at: At, c: char) -> Option<At> {
    let space = c.is_ascii_whitespace();
    Some(match (at, c) {
        (At::Single, '\'') | (At::Double, '"') => At::Before,
        (At::Single | At::Double, _) => at,
        (_, '>') => return None,
        (At::Equals, '"') => At::Double,
        (At::Equals, '\'') => At::Single,
        (At::Equals, _) if space => At::Equals,
        (At::Bare | At::Equals, _) if !space => At::Bare,
        (At::Tag, _) if !is_name_end(c) => At::Tag,
        (At::Name | At::Behind, '=') => At::Equals,
        (At::Name | At::Behind, _) if space => At::Behind,
        (_, '/') => At::Before,
        (_, _) if space => At::Before,
        (_, _) => At::Name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::none("<p>a b c", 0)]
    #[case::some("<a href=/x title='a b c' rel=\"x y\" checked>", 4)]
    #[case::end("</p a b>", 2)]
    #[case::close("<br/a/b/>", 2)]
    #[case::no_gaps("<p a='1'b='2'c>", 3)]
    #[case::signs("<p =a =b =c =d>", 2)]
    #[case::angle("<p a=\"<\" b=\"<\" c>", 3)]
    #[case::ends_in_values("<p a=\">\" b='>' c>", 3)]
    #[case::spread("<p a = b c = d>", 2)]
    #[case::in_comment("<!-- <p a b> --><p c>", 2)]
    #[case::two("<p a b><p c>", 2)]
    fn counts(#[case] html: &str, #[case] expected: usize) {
        let mut attributes = Attributes::default();
        let counted = html.split('<').skip(1).map(|piece| attributes.take(piece));
        let most = counted.last().unwrap_or_default().most;
        assert_eq!(most, expected, "{html}");
    }
}
