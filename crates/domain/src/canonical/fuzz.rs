//! Canonical JSON, at random: one value has one text, and one text has one value.

use proptest::prelude::*;
use serde_json::{Number, Value};

use super::to_string;

/// Numbers of each kind that the library tells apart, and those where kinds meet.
fn number() -> impl Strategy<Value = Number> {
    let float = any::<f64>().prop_filter_map("no number in JSON", Number::from_f64);
    let edge = prop::sample::select(vec![
        Number::from(0),
        Number::from(1),
        Number::from(-1),
        Number::from(u64::MAX),
        Number::from(i64::MIN),
        Number::from(i64::MAX),
        Number::from(9_007_199_254_740_993_u64),
    ]);
    let edge_float = prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        0.1,
        1e21,
        1e-7,
        5e-324,
        f64::MAX,
        9_007_199_254_740_993.0,
        123_456_789_012_345_680_000.0,
    ])
    .prop_filter_map("no number in JSON", Number::from_f64);
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        float,
        edge,
        edge_float,
    ]
}

/// Texts with what JSON escapes, what sorts differently in UTF-16, and what looks alike.
fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "",
        "\0",
        "\u{7f}",
        "\u{2028}",
        "\"",
        "\\",
        "/",
        "\u{ffff}",
        "\u{10000}",
        "ế",
        "e\u{302}\u{301}",
        "\\u0041",
        "\n",
        "\u{8}",
    ]);
    prop_oneof![".*", odd.prop_map(str::to_owned)]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(text(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The value as somebody else might write it: members backwards, spaces, every character escaped.
fn otherwise(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(otherwise).collect();
            format!("[ {}\n]", items.join(" ,\t"))
        }
        Value::Object(members) => {
            let mut members: Vec<String> = members
                .iter()
                .map(|(name, member)| format!("{} :{}", escaped(name), otherwise(member)))
                .collect();
            members.reverse();
            format!("{{\r\n{} }}", members.join(", "))
        }
        Value::String(text) => escaped(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => format!(" {value} "),
    }
}

fn escaped(text: &str) -> String {
    let units: Vec<String> = text
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04X}"))
        .collect();
    format!("\"{}\"", units.concat())
}

/// The same value with something changed, and the unchanged one now and then.
fn near(value: Value) -> BoxedStrategy<(Value, Value)> {
    let other = match value.clone() {
        Value::Array(items) if !items.is_empty() => {
            let mut fewer = items.clone();
            fewer.pop();
            let mut turned = items;
            turned.reverse();
            prop::sample::select(vec![Value::from(fewer), Value::from(turned)]).boxed()
        }
        Value::Object(members) if !members.is_empty() => {
            let renamed = members
                .into_iter()
                .map(|(name, member)| (name + " ", member));
            Just(Value::Object(renamed.collect())).boxed()
        }
        Value::Number(number) => number
            .as_f64()
            .and_then(Number::from_f64)
            .map_or(Just(Value::Null), |float| Just(Value::from(float)))
            .boxed(),
        Value::String(text) => Just(Value::from(text + "\0")).boxed(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => any_json().boxed(),
    };
    let same = value.clone();
    (Just(value), prop_oneof![4 => other, 1 => Just(same)]).boxed()
}

proptest! {
    #[test]
    fn fuzz_canonical_json_reads_back_equal_and_is_stable(value in any_json()) {
        let text = to_string(&value);
        let back: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(to_string(&back), text);
    }

    #[test]
    fn fuzz_canonical_json_does_not_depend_on_how_a_value_is_written(value in any_json()) {
        let read: Value = serde_json::from_str(&otherwise(&value)).unwrap();
        prop_assert_eq!(to_string(&read), to_string(&value));
    }

    #[test]
    fn fuzz_canonical_json_is_equal_exactly_for_equal_values((a, b) in any_json().prop_flat_map(near)) {
        prop_assert_eq!(to_string(&a) == to_string(&b), a == b, "{} {}", a, b);
    }

    #[test]
    fn fuzz_canonical_json_reads_numbers_of_any_size(digits in "-?[1-9][0-9]{0,40}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?") {
        let value: Value = serde_json::from_str(&digits).unwrap();
        let text = to_string(&value);
        let back: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(to_string(&back), text);
    }
}
