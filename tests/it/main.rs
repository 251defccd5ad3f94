//! The one integration test binary.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test touches the world and stops at the first surprise"
)]

mod architecture;
