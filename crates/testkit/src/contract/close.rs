//! Makes schemas refuse what they do not declare.
//!
//! The document leaves objects open, as clients should read them. For tests every object that
//! declares members is closed, with `unevaluatedProperties`, at the place where it is used and not
//! where it is defined: a definition may be one of several parts (`allOf`) of an object.

use serde_json::{Map, Value, json};

/// Keywords whose schemas speak of the same value as the schema they are in.
const IN_PLACE: &[&str] = &["allOf", "anyOf", "oneOf"];
/// Keywords that hold one schema for another value.
const ONE: &[&str] = &["items", "additionalProperties", "contains"];
/// Keywords that hold named schemas for other values.
const NAMED: &[&str] = &["properties", "patternProperties"];

/// The schema, closed, together with the definitions it needs.
pub(super) fn closed(schema: &Value, components: &Map<String, Value>) -> Value {
    let mut needed = Map::new();
    collect(schema, components, &mut needed);
    for definition in needed.values_mut() {
        close(definition, true);
    }
    let mut root = schema.clone();
    close(&mut root, false);
    if let Value::Object(members) = &mut root {
        members.insert("components".to_owned(), json!({ "schemas": needed }));
    }
    root
}

/// Takes over every definition that the schema refers to, directly or not.
fn collect(schema: &Value, components: &Map<String, Value>, needed: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(component)
                && !needed.contains_key(name)
                && let Some(definition) = components.get(name)
            {
                needed.insert(name.to_owned(), definition.clone());
                collect(definition, components, needed);
            }
            for member in members.values() {
                collect(member, components, needed);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, components, needed);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn component(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}

/// `part`: whether the schema is only a part of what is said about its value.
fn close(schema: &mut Value, part: bool) {
    let Value::Object(members) = schema else {
        return;
    };
    for keyword in IN_PLACE {
        if let Some(Value::Array(parts)) = members.get_mut(*keyword) {
            for schema in parts {
                close(schema, true);
            }
        }
    }
    for keyword in ONE {
        if let Some(schema) = members.get_mut(*keyword) {
            close(schema, false);
        }
    }
    for keyword in NAMED {
        if let Some(Value::Object(schemas)) = members.get_mut(*keyword) {
            for schema in schemas.values_mut() {
                close(schema, false);
            }
        }
    }
    if let Some(Value::Array(schemas)) = members.get_mut("prefixItems") {
        for schema in schemas {
            close(schema, false);
        }
    }
    if is_free(members) {
        members.insert("additionalProperties".to_owned(), Value::Bool(true));
    } else if !part {
        members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
}

/// Whether the schema takes any object on purpose: it declares nothing about members.
fn is_free(schema: &Map<String, Value>) -> bool {
    let speaks_of_members = ["$ref", "const", "enum"]
        .iter()
        .chain(IN_PLACE)
        .chain(NAMED)
        .any(|keyword| schema.contains_key(*keyword));
    let takes_objects = match schema.get("type") {
        None => true,
        Some(Value::Array(types)) => types.iter().any(|name| name == "object"),
        Some(name) => name == "object",
    };
    takes_objects && !speaks_of_members && !schema.contains_key("additionalProperties")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(schema: &Value, value: &Value) -> bool {
        let components = json!({
            "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
            "Extra": { "type": "object", "properties": { "more": { "$ref": "#/components/schemas/Base" } } },
            "Free": { "type": "object" },
            "Tree": { "type": "object", "properties": {
                "children": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
            } },
        });
        let schema = closed(schema, components.as_object().unwrap());
        jsonschema::draft202012::new(&schema)
            .unwrap()
            .is_valid(value)
    }

    fn reference(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn undeclared_members_are_refused_at_every_depth() {
        assert!(accepts(&reference("Base"), &json!({ "id": "a" })));
        assert!(!accepts(&reference("Base"), &json!({ "id": "a", "x": 1 })));
        assert!(accepts(
            &reference("Extra"),
            &json!({ "more": { "id": "a" } })
        ));
        let deep = json!({ "more": { "id": "a", "x": 1 } });
        assert!(!accepts(&reference("Extra"), &deep));
        let list = json!({ "type": "array", "items": reference("Base") });
        assert!(!accepts(
            &list,
            &json!([{ "id": "a" }, { "id": "b", "x": 1 }])
        ));
        let tree = json!({ "children": [{ "children": [{ "x": 1 }] }] });
        assert!(!accepts(&reference("Tree"), &tree));
    }

    #[test]
    fn parts_are_closed_together() {
        let both = json!({ "allOf": [reference("Base"), reference("Extra")] });
        let good = json!({ "id": "a", "more": { "id": "b" } });
        assert!(accepts(&both, &good));
        assert!(!accepts(&both, &json!({ "id": "a", "x": 1 })));
        let nullable = json!({ "oneOf": [{ "type": "null" }, reference("Base")] });
        assert!(accepts(&nullable, &Value::Null));
        assert!(accepts(&nullable, &json!({ "id": "a" })));
        assert!(!accepts(&nullable, &json!({ "id": "a", "x": 1 })));
    }

    #[test]
    fn what_is_free_on_purpose_stays_free() {
        assert!(accepts(&reference("Free"), &json!({ "x": { "y": 1 } })));
        assert!(accepts(&json!({}), &json!({ "x": 1 })));
        let map = json!({ "type": "object", "additionalProperties": reference("Base") });
        assert!(accepts(&map, &json!({ "x": { "id": "a" } })));
        assert!(!accepts(&map, &json!({ "x": { "id": "a", "y": 1 } })));
    }
}
