//! The editorial board's work.

mod flow;
