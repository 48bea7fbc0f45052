//! Canonical JSON and its hash: equal values give equal bytes.
//!
//! For revisions, approvals, idempotency and audit. Not for what is delivered to readers.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// JSON without spaces, members sorted by the bytes of their names.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// SHA-256 of a text, in lower-case hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            out
        })
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        // Zero is equal to itself with a minus before it.
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => {
            out.push_str("0.0");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string());
        }
    }
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_with_a_point_read_back_as_they_were_written() {
        for text in [
            "6.83709387512238e-164",
            "9.341233060001513e17",
            "0.1",
            "-1.5e-9",
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let again: Value = serde_json::from_str(&to_string(&value)).unwrap();
            assert_eq!(to_string(&again), to_string(&value), "{text}");
            assert_eq!(value.as_f64(), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn there_is_one_zero_of_each_kind() {
        assert_eq!(json!(0.0), json!(-0.0));
        assert_eq!(to_string(&json!([0, 0.0, -0.0])), "[0,0.0,0.0]");
    }

    #[test]
    fn members_are_sorted_at_every_depth() {
        let value = json!({"b": [{"z": 1, "a": null}], "a": "ế\u{1}"});
        assert_eq!(
            to_string(&value),
            "{\"a\":\"ế\\u0001\",\"b\":[{\"a\":null,\"z\":1}]}"
        );
        assert_eq!(
            sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
