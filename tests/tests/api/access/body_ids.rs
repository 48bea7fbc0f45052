//! body_ids
