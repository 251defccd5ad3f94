//! The `${{ }}` expression language of Software Templates and resource types.
