//! One file an operation: request, report, one function.
