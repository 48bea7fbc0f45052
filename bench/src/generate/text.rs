//! Words of commune portals, put together at random: texts of the right length and script.
//!
//! Not meant to be read.

use loa_domain::content::Article;

use crate::random::Random;

const ACTS: &[&str] = &[
    "Ra mắt",
    "Hướng dẫn",
    "Thông báo",
    "Khai mạc",
    "Tăng cường",
    "Tổng kết",
    "Ủng hộ",
    "Đẩy mạnh",
    "Bàn giao",
    "Công khai",
    "Kiểm tra",
    "Yêu cầu",
];
const THINGS: &[&str] = &[
    "công tác phòng chống bão",
    "thủ tục đăng ký khai sinh",
    "lịch tiếp công dân",
    "dự toán ngân sách xã",
    "chương trình nông thôn mới",
    "đường liên xóm",
    "ứng dụng dịch vụ công trực tuyến",
    "hội nghị đối thoại với nhân dân",
    "quỹ đền ơn đáp nghĩa",
    "vụ lúa mùa",
    "lễ hội làng",
    "tiêm phòng cho đàn gia súc",
];
const WORDS: &[&str] = &[
    "xã",
    "nhân dân",
    "ủy ban",
    "đồng chí",
    "kế hoạch",
    "triển khai",
    "hồ sơ",
    "giải quyết",
    "trên địa bàn",
    "các thôn",
    "năm nay",
    "được",
    "đã",
    "với",
    "theo quy định",
    "nghị quyết",
    "hộ gia đình",
    "trường học",
    "trạm y tế",
    "cán bộ",
    "thực hiện",
    "đúng thời hạn",
    "sản xuất",
    "vận động",
    "môi trường",
    "an toàn",
    "đóng góp",
    "kịp thời",
];

/// A title; several entries may have the same.
pub(super) fn title(random: &mut Random, number: u64) -> String {
    format!("{} {} số {number}", random.pick(ACTS), random.pick(THINGS))
}

/// So many words with a capital and a full stop.
pub(super) fn sentence(random: &mut Random, words: usize) -> String {
    let mut text = String::new();
    for n in 0..words {
        if n > 0 {
            text.push(' ');
        }
        text.push_str(random.pick(WORDS));
    }
    text.push('.');
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => text,
    }
}

/// An article whose document has about `bytes` bytes: the body is in it twice, as HTML and as text.
pub(super) fn article(random: &mut Random, bytes: usize) -> Article {
    /// What a document has besides its body.
    const REST: usize = 1_900;
    let half = bytes.saturating_sub(REST) / 2;
    let mut body = String::new();
    while body.len() < half.max(1) {
        body.push_str("<p>");
        for _ in 0..3 {
            let words = 8 + random.below(12);
            body.push_str(&sentence(random, words));
            body.push(' ');
        }
        body.truncate(body.trim_end().len());
        body.push_str("</p>");
    }
    Article {
        lead: Some(sentence(random, 24)),
        body: Some(body),
        text: None,
    }
}
