//! The pages behind the `type` of a problem: `/problems` and `/problems/{code}`.
//!
//! For: people who follow the address in an error. Plain HTML in both languages, without scripts,
//! styles or other files, so that the strictest content security policy fits. Not for: the problem
//! documents themselves, nor anything that depends on one request.

use super::code::Code;
use super::lang::Lang;

/// The page that describes one code.
pub(crate) fn page(code: Code) -> String {
    let name = escape(code.as_str());
    let heading = format!("{} {name}", code.status());
    let main = [
        format!("<h1>{} <code>{name}</code></h1>\n", code.status()),
        section(code, Lang::Vi),
        section(code, Lang::En),
        "<nav aria-label=\"Mã lỗi\">\n<p><a href=\"/problems\">Tất cả mã lỗi \
         <span lang=\"en\">(All problem codes)</span></a></p>\n</nav>\n"
            .to_owned(),
    ];
    document(&heading, &main.concat())
}

/// The page that lists all codes.
pub(crate) fn index_page() -> String {
    let items: Vec<String> = Code::ALL.iter().copied().map(item).collect();
    let main = [
        "<h1>Mã lỗi <span lang=\"en\">(Problem codes)</span></h1>\n\
         <p>Mọi lỗi của API đều mang một trong các mã sau. Mã không thay đổi và không được \
         dịch.</p>\n\
         <p lang=\"en\">Every error of the API carries one of these codes. They do not change and \
         are not translated.</p>\n<ul>\n",
        &items.concat(),
        "</ul>\n",
    ];
    document("Mã lỗi", &main.concat())
}

fn section(code: Code, lang: Lang) -> String {
    let tag = lang.as_str();
    let title = escape(code.title(lang));
    let text = paragraph(code.description(lang));
    format!(
        "<section lang=\"{tag}\" aria-labelledby=\"title-{tag}\">\n\
         <h2 id=\"title-{tag}\">{title}</h2>\n<p>{text}</p>\n</section>\n"
    )
}

fn item(code: Code) -> String {
    let name = escape(code.as_str());
    let status = code.status();
    let vi = escape(code.title(Lang::Vi));
    let en = escape(code.title(Lang::En));
    format!(
        "<li>{status} <a href=\"/problems/{name}\"><code>{name}</code></a>: {vi} \
         <span lang=\"en\">({en})</span></li>\n"
    )
}

fn document(title: &str, main: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} - Loa</title>\n</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n"
    )
}

/// A description as HTML: escaped, with what stands between backticks as `<code>`.
fn paragraph(text: &str) -> String {
    let parts: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(place, part)| match place % 2 {
            0 => escape(part),
            _ => format!("<code>{}</code>", escape(part)),
        })
        .collect();
    parts.concat()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_names_are_marked() {
        assert_eq!(
            escape("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
        assert_eq!(
            paragraph("`If-Match` < `a&b`."),
            "<code>If-Match</code> &lt; <code>a&amp;b</code>."
        );
    }

    #[test]
    fn a_page_speaks_both_languages() {
        for &code in Code::ALL {
            let html = page(code);
            assert!(html.contains(&format!("<h1>{} <code>{}<", code.status(), code.as_str())));
            for lang in [Lang::Vi, Lang::En] {
                assert!(html.contains(&format!("<section lang=\"{}\"", lang.as_str())));
                assert!(html.contains(&escape(code.title(lang))));
                assert!(html.contains(&paragraph(code.description(lang))));
            }
        }
    }

    #[test]
    fn the_index_links_every_code() {
        let html = index_page();
        for code in Code::ALL {
            let link = format!("<a href=\"/problems/{}\">", code.as_str());
            assert_eq!(html.matches(&link).count(), 1, "{link}");
        }
    }

    #[test]
    fn pages_need_nothing_else_and_close_what_they_open() {
        let pages = Code::ALL.iter().map(|&code| page(code));
        for html in pages.chain([index_page()]) {
            for banned in [
                "<script", "<style", "style=", "<link", "<img", "src=", "http",
            ] {
                assert!(!html.contains(banned), "{banned} in {html}");
            }
            for tag in [
                "html", "head", "title", "body", "main", "h1", "h2", "p", "code", "ul",
            ] {
                let opened = html.matches(&format!("<{tag}>")).count()
                    + html.matches(&format!("<{tag} ")).count();
                assert_eq!(
                    opened,
                    html.matches(&format!("</{tag}>")).count(),
                    "{tag} in {html}"
                );
            }
            assert_eq!(html.matches("<h1>").count(), 1);
        }
    }
}
