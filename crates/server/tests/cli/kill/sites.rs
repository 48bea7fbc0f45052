//! Who does what next at which site.

use rand::RngExt;
use rand::rngs::StdRng;

/// Everybody who works here.
pub(super) const PEOPLE: &[&str] = &[
    "contributor",
    "editor",
    "chief",
    "publisher",
    "stranger",
    "province-chief",
];

/// A site with how its board works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Board {
    /// A commune of four people, in two steps.
    HaiTien,
    /// A commune with one chief, whom the province's chief approves.
    GiaoThuy,
    /// The province's own site, where one person publishes in a hurry.
    NinhBinh,
}

/// A thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Create,
    Save,
    Act(&'static str),
}

impl Board {
    pub(super) fn of_clerk(number: usize) -> Self {
        match number % 8 {
            0..=3 => Self::HaiTien,
            4 | 5 => Self::GiaoThuy,
            _ => Self::NinhBinh,
        }
    }

    pub(super) const fn site(self) -> &'static str {
        match self {
            Self::HaiTien => "hai-tien",
            Self::GiaoThuy => "giao-thuy",
            Self::NinhBinh => "ninh-binh",
        }
    }

    /// Who writes and saves.
    pub(super) const fn writer(self) -> &'static str {
        match self {
            Self::HaiTien => "contributor",
            Self::GiaoThuy => "stranger",
            Self::NinhBinh => "province-chief",
        }
    }

    /// Who takes something out of the public eye.
    const fn chief(self) -> &'static str {
        match self {
            Self::HaiTien => "chief",
            Self::GiaoThuy | Self::NinhBinh => self.writer(),
        }
    }

    /// What to do with an entry in a state, and who does it.
    pub(super) fn next(self, state: &str, chance: &mut StdRng) -> (&'static str, Step) {
        let act = |who, action| (who, Step::Act(action));
        match (self, state) {
            (_, "draft") if chance.random_bool(0.4) => (self.writer(), Step::Save),
            (Self::NinhBinh, "draft") => act("province-chief", "force_publish"),
            (_, "draft") => act(self.writer(), "submit"),
            (_, "in_review") => act("editor", "pass"),
            (Self::HaiTien, "in_approval") => act("chief", "approve"),
            (_, "in_approval") => act("province-chief", "approve"),
            (Self::HaiTien, "approved") => act("publisher", "publish"),
            (_, "approved") => act(self.writer(), "publish"),
            (_, "published") if chance.random_bool(0.15) => act(self.chief(), "withdraw"),
            (_, "published" | "withdrawn") => act(self.writer(), "revise"),
            (_, other) => panic!("nobody puts an entry into the state {other}"),
        }
    }
}

/// The state an action leads to.
pub(super) fn state_after(board: Board, action: &str) -> &'static str {
    match action {
        "submit" if board == Board::HaiTien => "in_review",
        "submit" | "pass" => "in_approval",
        "approve" => "approved",
        "publish" | "force_publish" => "published",
        "withdraw" => "withdrawn",
        "revise" => "draft",
        other => panic!("nobody does {other}"),
    }
}
