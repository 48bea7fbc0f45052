//! Tests too long for the file they are about, and the checks they share.

use super::{clean_html, html_policy};

mod collate;
mod dom;
mod fuzz_html;
mod fuzz_slug;
mod html_cases;
mod steps_html;

/// Cleaning a second time must change and report nothing.
fn assert_settled(html: &str) {
    let again = clean_html(html);
    assert_eq!(again.html, html);
    assert!(again.removed.is_empty(), "{:?} from {html}", again.removed);
}

/// Reads the output as tags and fails on anything that could run.
fn assert_safe(html: &str) {
    for piece in html.split('<').skip(1) {
        assert!(piece.contains('>'), "unclosed tag in {html}");
        let tag = piece.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or("");
        assert!(html_policy::allows_tag(name), "<{name}> in {html}");
        // Quoted values are every second part; the rest are names.
        for (index, part) in tag.split('"').enumerate() {
            if index % 2 == 0 {
                assert!(!part.trim_start().starts_with("on"), "{part} in {html}");
                assert!(!part.contains("style="), "{part} in {html}");
            }
        }
        for address in ["href=\"", "src=\"", "cite=\""] {
            if let Some((_, value)) = tag.split_once(address) {
                let value = value.to_ascii_lowercase();
                assert!(!value.starts_with("javascript:"), "{value} in {html}");
                assert!(!value.starts_with("data:"), "{value} in {html}");
            }
        }
    }
    assert!(!html.to_ascii_lowercase().contains("<script"), "{html}");
}
