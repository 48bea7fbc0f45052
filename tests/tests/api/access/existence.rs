//! existence
