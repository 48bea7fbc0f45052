//! Why an action was refused, and what would be allowed.

use loa_domain::entry::{Action, State};
use loa_domain::field::FieldError;
use loa_domain::right::Right;

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The edition is in a state from which the action leads nowhere.
    State(State),
    /// There is no edition on its way.
    NoOpenEdition,
    /// There is no edition that is, or was, public.
    NoLiveEdition,
    /// There is one on its way already.
    OpenEditionExists,
    /// None of these rights is held here.
    Right(Vec<Right>),
    /// Only an author of the edition may.
    NotAnAuthor,
    /// Only Loa itself does this, at a set time.
    SystemOnly,
    /// The person wrote a revision of the edition, or words that it began with or took over.
    FourEyes,
    /// The content is not what was approved.
    ContentChanged,
    /// Nothing awaits confirmation.
    NothingToConfirm,
    /// The person forced the publication or wrote the text.
    FreshEyes,
    /// The content or the request is not complete.
    Fields(Vec<FieldError>),
}

impl Reason {
    /// A word for programs; closed list.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::State(_) => "state",
            Reason::NoOpenEdition => "no_open_edition",
            Reason::NoLiveEdition => "no_live_edition",
            Reason::OpenEditionExists => "open_edition_exists",
            Reason::Right(_) => "right",
            Reason::NotAnAuthor => "not_an_author",
            Reason::SystemOnly => "system_only",
            Reason::FourEyes => "four_eyes",
            Reason::ContentChanged => "content_changed",
            Reason::NothingToConfirm => "nothing_to_confirm",
            Reason::FreshEyes => "fresh_eyes",
            Reason::Fields(_) => "fields",
        }
    }

    /// Whether the person lacks the right, whatever the state.
    pub const fn is_about_rights(&self) -> bool {
        matches!(
            self,
            Reason::Right(_) | Reason::NotAnAuthor | Reason::SystemOnly
        )
    }

    /// The reason in Vietnamese.
    pub const fn vi(&self) -> &'static str {
        match self {
            Reason::State(_) => "Phiên bản đang ở trạng thái không cho phép thao tác này.",
            Reason::NoOpenEdition => {
                "Không có phiên bản nào đang soạn; hãy mở phiên bản mới (revise)."
            }
            Reason::NoLiveEdition => "Nội dung chưa từng được đăng.",
            Reason::OpenEditionExists => "Đã có một phiên bản đang soạn.",
            Reason::Right(_) => "Bạn không có quyền làm việc này ở đây.",
            Reason::NotAnAuthor => "Chỉ tác giả của phiên bản được làm việc này.",
            Reason::SystemOnly => "Việc này chỉ hệ thống thực hiện, vào giờ đã định.",
            Reason::FourEyes => "Người đã viết không được tự duyệt bài.",
            Reason::ContentChanged => "Nội dung đã khác với bản được duyệt.",
            Reason::NothingToConfirm => "Không có gì chờ xác nhận.",
            Reason::FreshEyes => "Người đã đăng khẩn hoặc đã viết không được tự xác nhận.",
            Reason::Fields(_) => "Nội dung hoặc yêu cầu chưa đầy đủ.",
        }
    }

    /// The reason in English.
    pub const fn en(&self) -> &'static str {
        match self {
            Reason::State(_) => "The edition is in a state that does not allow this.",
            Reason::NoOpenEdition => "No edition is on its way; open a new one (revise).",
            Reason::NoLiveEdition => "The entry was never published.",
            Reason::OpenEditionExists => "Another edition is on its way already.",
            Reason::Right(_) => "You have no right to do this here.",
            Reason::NotAnAuthor => "Only an author of the edition may do this.",
            Reason::SystemOnly => "Only the system does this, at a set time.",
            Reason::FourEyes => "Whoever wrote the text may not approve it.",
            Reason::ContentChanged => "The content differs from what was approved.",
            Reason::NothingToConfirm => "Nothing awaits confirmation.",
            Reason::FreshEyes => {
                "Whoever forced the publication or wrote the text may not confirm it."
            }
            Reason::Fields(_) => "The content or the request is not complete.",
        }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked for.
    pub action: Action,
    /// Why not.
    pub reason: Reason,
    /// What this person could do instead, right now.
    pub allowed: Vec<Action>,
}
