//! Software Templates, run locally.
